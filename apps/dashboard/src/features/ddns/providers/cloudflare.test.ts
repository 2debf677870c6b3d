import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CREDENTIALS, fakeService } from "../testing/fake-service.ts";
import type { Asked, FakeAnswer, FakeService } from "../testing/fake-service.ts";
import { cloudflare } from "./cloudflare.ts";
import type { ProviderCall } from "./provider.ts";

const clock = createFakeClock();
let service: FakeService;
let call: ProviderCall;
/** Records of the zone, as the service keeps them. */
let records: { id: string; type: string; name: string; content: string; ttl: number; proxied: boolean }[];
let zones: string[];

const fine = (result: unknown): FakeAnswer => ({ body: { success: true, errors: [], messages: [], result } });

/** The part of https://developers.cloudflare.com/api/resources/dns/ that is used. */
function api({ method, path, headers, body }: Asked): FakeAnswer {
  const url = new URL(path, "http://service");
  if (headers.authorization !== "Bearer the-access-secret")
    return { status: 403, body: { success: false, errors: [{ code: 9109, message: "Invalid access token" }] } };
  const [, , , what, zone, , id] = url.pathname.split("/");
  if (what !== "zones") return { status: 404 };
  if (zone === undefined) return fine(url.searchParams.get("name") === "example.com" ? zones.map((zoneId) => ({ id: zoneId })) : []);
  const known = records.find((record) => record.id === id);
  if (method === "GET") {
    const named = (record: { type: string; name: string }): boolean =>
      record.type === url.searchParams.get("type") && record.name === url.searchParams.get("name");
    return fine(records.filter(named));
  }
  if (method === "DELETE") {
    records = records.filter((record) => record !== known);
    return fine({ id });
  }
  const sent = JSON.parse(body) as { type: string; name: string; content: string; ttl: number };
  if (method === "POST") records.push({ proxied: false, ...sent, id: "new" });
  else if (known) Object.assign(known, sent);
  return fine({});
}

beforeEach(async () => {
  service = await fakeService("https://api.cloudflare.com", clock);
  service.answer = api;
  zones = ["zone-1"];
  records = [];
  call = {
    profile: CREDENTIALS,
    record: { domain: "a.example.com", zone: "example.com", prefix: "a", type: "A" },
    send: service.outbound.send,
    now: clock.now,
  };
});
afterEach(() => service.close());

const stored = (id: string, content = "192.0.2.1") => ({ id, type: "A", name: "a.example.com", content, ttl: 300, proxied: true });

test("a record that is not there is made", async () => {
  await cloudflare.set(call, "203.0.113.7");
  expect(records).toEqual([{ id: "new", type: "A", name: "a.example.com", content: "203.0.113.7", ttl: 60, proxied: false }]);
});

test("a record that is there gets the address; whether it is proxied stays", async () => {
  records = [stored("one"), { ...stored("six", "2001:db8::1"), type: "AAAA" }];
  await cloudflare.set(call, "203.0.113.7");
  expect(records[0]).toEqual({ ...stored("one"), content: "203.0.113.7", ttl: 60 });
  expect(records[1]?.content).toBe("2001:db8::1");
  expect(service.asked.at(-1)).toMatchObject({ method: "PATCH", path: "/client/v4/zones/zone-1/dns_records/one" });
});

test("a record is deleted, and one that is not there is fine", async () => {
  records = [stored("one")];
  await cloudflare.remove?.(call);
  expect(records).toEqual([]);
  await cloudflare.remove?.(call);
  expect(service.asked.filter(({ method }) => method === "DELETE")).toHaveLength(1);
});

test("several records of one name are nobody's to change", async () => {
  records = [stored("one"), stored("two")];
  await expect(cloudflare.set(call, "203.0.113.7")).rejects.toThrow("2 records, not changed");
  await expect(cloudflare.remove?.(call)).rejects.toThrow("2 records, not deleted");
  expect(records).toEqual([stored("one"), stored("two")]);
});

test.each([[[]], [["zone-1", "zone-2"]]])("zones %j: there has to be one", async (ids) => {
  zones = ids;
  await expect(cloudflare.set(call, "203.0.113.7")).rejects.toThrow(`${ids.length} zones named example.com`);
});

test("a refusal tells its reason", async () => {
  await expect(cloudflare.set({ ...call, profile: { ...CREDENTIALS, accessSecret: "wrong" } }, "203.0.113.7")).rejects.toThrow(
    "403 9109 Invalid access token",
  );
});

test("errors count whatever the status says", async () => {
  service.answer = () => ({ body: { success: false, errors: [{ code: 1004, message: "DNS Validation Error" }] } });
  await expect(cloudflare.set(call, "203.0.113.7")).rejects.toThrow("200 1004 DNS Validation Error");
});

test("a rate limit is obeyed as long as it says", async () => {
  service.answer = () => ({ status: 429, headers: { "retry-after": "90" }, body: { errors: [{ code: 10_429, message: "slow down" }] } });
  await expect(cloudflare.set(call, "203.0.113.7")).rejects.toMatchObject({ afterMs: 90_000, final: false });
});
