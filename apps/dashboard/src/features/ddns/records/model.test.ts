import fc from "fast-check";
import { expect, test } from "vitest";
import type { DdnsProfile } from "../model.ts";
import { decide, MOST_RECORDS, wantedRecords } from "./model.ts";
import type { NamedServer, PendingUpdate, RecordState } from "./model.ts";

const profile = (over: Partial<DdnsProfile> = {}): DdnsProfile => ({
  id: 1,
  ownerId: 2,
  name: "p",
  provider: "webhook",
  enableIpv4: true,
  enableIpv6: false,
  maxRetries: 3,
  domains: ["a.test", "b.test"],
  accessId: "",
  accessSecret: "",
  webhookUrl: "",
  webhookMethod: 0,
  webhookRequestType: 0,
  webhookRequestBody: "",
  webhookHeaders: "",
  createdAt: "",
  updatedAt: "",
  ...over,
});
const settings = (over: Partial<NamedServer["settings"]> = {}): NamedServer["settings"] => ({
  ownerId: 2,
  enableDdns: true,
  ddnsProfiles: [1],
  overrideDdnsDomains: {},
  ...over,
});

function wanted(server: NamedServer["settings"], profiles: readonly DdnsProfile[]) {
  const skipped: string[] = [];
  const records = wantedRecords(
    { settings: server },
    {
      profile: (id) => profiles.find((found) => found.id === id),
      isAdmin: (id) => id === 1,
      isProvider: (name) => name !== "gone",
      skipped: (reason) => skipped.push(reason),
    },
  );
  return { skipped, names: records.map(({ profileId, domain, family }) => `${profileId} ${domain} ${family}`) };
}

/** Spec 30 section 5.3. */
test.each([
  ["its domains", settings(), profile(), ["1 a.test ipv4", "1 b.test ipv4"]],
  ["both families", settings(), profile({ domains: ["a.test"], enableIpv6: true }), ["1 a.test ipv4", "1 a.test ipv6"]],
  ["no family", settings(), profile({ enableIpv4: null }), []],
  ["other domains, as given", settings({ overrideDdnsDomains: { "1": ["Z.test", "", "Z.test"] } }), profile(), ["1 Z.test ipv4"]],
  ["an empty list of others", settings({ overrideDdnsDomains: { "1": [] } }), profile(), ["1 a.test ipv4", "1 b.test ipv4"]],
  ["no domains", settings(), profile({ domains: null }), []],
  ["switched off", settings({ enableDdns: false }), profile(), []],
  ["an administrator's profile", settings(), profile({ ownerId: 1, domains: ["a.test"] }), ["1 a.test ipv4"]],
  ["a profile named twice", settings({ ddnsProfiles: [1, 1] }), profile({ domains: ["a.test"] }), ["1 a.test ipv4"]],
])("%s", (_label, server, stored, names) => {
  expect(wanted(server, [stored])).toEqual({ names, skipped: [] });
});

test("a profile that cannot be used is left out, and the rest goes on", () => {
  const profiles = [
    profile({ id: 2, ownerId: 3 }),
    profile({ id: 3, ownerId: 0 }),
    profile({ id: 4, provider: "gone" }),
    profile({ id: 5, domains: ["z.test"] }),
  ];
  expect(wanted(settings({ ddnsProfiles: [9, 2, 3, 4, 5] }), profiles)).toEqual({
    names: ["5 z.test ipv4"],
    skipped: [
      "cannot find DDNS profile 9",
      "the profile is somebody else's",
      "the profile is somebody else's",
      "cannot find DDNS provider gone",
    ],
  });
});

test("a very long list is cut, and the log says so", () => {
  const domains = Array.from({ length: MOST_RECORDS + 1 }, (_, index) => `${index}.test`);
  const { names, skipped } = wanted(settings(), [profile({ domains })]);
  expect([names.length, skipped]).toEqual([MOST_RECORDS, [`only the first ${MOST_RECORDS} records are kept up`]]);
});

const pending = (id: number, address: string, over: Partial<PendingUpdate> = {}): PendingUpdate => ({
  id,
  address,
  isSending: false,
  attempts: 0,
  ...over,
});
const is = (state: RecordState, address: string) => ({ state, address });

test.each([
  ["nothing known", "1", undefined, [], false, { cancel: [], add: true }],
  ["published", "1", is("published", "1"), [], false, { cancel: [], add: false }],
  ["published, by hand", "1", is("published", "1"), [], true, { cancel: [], add: true }],
  ["another one published", "2", is("published", "1"), [], false, { cancel: [], add: true }],
  ["given up", "1", is("failed", "1"), [], false, { cancel: [], add: true }],
  ["deleted", "", is("deleted", ""), [], false, { cancel: [], add: false }],
  ["cannot be deleted", "", is("kept", ""), [], false, { cancel: [], add: false }],
  ["on its way", "1", is("waiting", "1"), [pending(7, "1")], false, { cancel: [], add: false }],
  ["on its way, by hand", "1", is("waiting", "1"), [pending(7, "1", { attempts: 2 })], true, { cancel: [7], add: true }],
  ["being sent, by hand", "1", is("waiting", "1"), [pending(7, "1", { isSending: true })], true, { cancel: [], add: false }],
  ["overtaken", "3", is("waiting", "2"), [pending(7, "2")], false, { cancel: [7], add: true }],
  ["another one is being sent", "3", is("waiting", "2"), [pending(7, "2", { isSending: true })], false, { cancel: [], add: true }],
  ["back to what may be there", "1", is("published", "1"), [pending(7, "2")], false, { cancel: [7], add: false }],
  ["back, after a try", "1", is("published", "1"), [pending(7, "2", { attempts: 1 })], false, { cancel: [7], add: true }],
])("%s", (_label, address, record, waiting, again, expected) => {
  expect(decide(address, record, waiting, again)).toEqual(expected);
});

/** Whatever is under way, the last word is the address that is wanted now. */
test("in the end the record holds what is wanted", () => {
  const messages = fc.array(fc.record({ address: fc.constantFrom("", "1", "2"), attempts: fc.nat(2) }), { maxLength: 4 });
  const states = fc.constantFrom<RecordState>("waiting", "published", "deleted", "kept", "failed", "cancelled");
  fc.assert(
    fc.property(fc.constantFrom("", "1", "2"), messages, fc.boolean(), states, fc.boolean(), (address, list, isSending, state, again) => {
      const waiting = list.map((message, id) => ({ ...message, id, isSending: isSending && id === 0 }));
      const record = { address: waiting.at(-1)?.address ?? "1", state };
      const { cancel, add } = decide(address, record, waiting, again);
      const left = waiting.filter(({ id }) => !cancel.includes(id)).map((message) => message.address);
      const holds = state === "published" || state === "deleted" || state === "kept" ? record.address : undefined;
      expect((add ? [...left, address] : left).at(-1) ?? holds).toBe(address);
      expect(waiting.filter((message) => cancel.includes(message.id)).every((message) => !message.isSending)).toBe(true);
    }),
  );
});
