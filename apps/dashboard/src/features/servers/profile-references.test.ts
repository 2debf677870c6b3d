import { afterEach, beforeEach, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { forgetProfiles } from "./profile-references.ts";
import { serverKind, serverStore } from "./store.ts";

let temporary: TemporaryDatabase;
beforeEach(async () => void (temporary = await openTemporaryDatabase()));
afterEach(() => temporary.remove());

test("servers forget deleted profiles and their own domains for them, in memory and in the file", async () => {
  const { database } = temporary;
  const settings = { name: "n", note: "", publicNote: "", displayIndex: 0, hideForGuest: false, enableDdns: true };
  const references = [
    { ddnsProfiles: [1, 2, 3], overrideDdnsDomains: { "2": ["a.test"], "3": ["b.test"] } },
    { ddnsProfiles: [], overrideDdnsDomains: { "2": ["a.test"] } },
    { ddnsProfiles: [3], overrideDdnsDomains: {} },
  ];
  for (const [index, profiles] of references.entries()) {
    const id = await serverStore.insert(database.kysely, { uuid: `u${index}`, ownerId: 1, name: "n" }, 1);
    await serverStore.update(database.kysely, id, { ...settings, ...profiles }, 1);
  }
  const servers = await database.keep(serverKind);
  const untouched = servers.get(3);
  await database.change(async (tx, changes) => {
    await forgetProfiles(tx, [2, 9], changes);
    expect(servers.get(1)?.ddnsProfiles).toEqual([1, 2, 3]);
  });
  const expected = [
    { ddnsProfiles: [1, 3], overrideDdnsDomains: { "3": ["b.test"] } },
    { ddnsProfiles: [], overrideDdnsDomains: {} },
    { ddnsProfiles: [3], overrideDdnsDomains: {} },
  ];
  expect(servers.list()).toMatchObject(expected);
  expect(servers.get(3)).toBe(untouched);
  expect(await serverKind.load(database.kysely)).toMatchObject(expected);
});
