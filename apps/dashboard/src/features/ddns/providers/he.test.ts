import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { CREDENTIALS, fakeService } from "../testing/fake-service.ts";
import type { FakeService } from "../testing/fake-service.ts";
import { he } from "./he.ts";
import type { ProviderCall } from "./provider.ts";

const clock = createFakeClock();
let service: FakeService;
let call: ProviderCall;

beforeEach(async () => {
  service = await fakeService("https://dyn.dns.he.net", clock);
  call = {
    profile: CREDENTIALS,
    record: { domain: "a.example.com", zone: "example.com", prefix: "a", type: "AAAA" },
    send: service.outbound.send,
    now: clock.now,
  };
});
afterEach(() => service.close());

test.each(["good 2001:db8::7", "nochg 2001:db8::7", "good"])("%s: done", async (body) => {
  service.answer = () => ({ body });
  await he.set(call, "2001:db8::7");
  expect(service.asked).toMatchObject([{ method: "POST", path: "/nic/update" }]);
  expect(Object.fromEntries(new URLSearchParams(service.asked[0]?.body))).toEqual({
    hostname: "a.example.com",
    password: "the-access-secret",
    myip: "2001:db8::7",
  });
});

test.each([
  ["badauth", 200, "badauth"],
  ["interval", 200, "interval"],
  ["abuse", 200, "abuse"],
  ["good", 500, "good"],
  ["", 502, "502 Bad Gateway"],
  ["<html>", 200, "200 OK"],
])("%j with %i: a failure", async (body, status, reason) => {
  service.answer = () => ({ status, body });
  await expect(he.set(call, "2001:db8::7")).rejects.toMatchObject({ message: reason, final: false });
});

test("a rate limit is obeyed as long as it says", async () => {
  service.answer = () => ({ status: 429, headers: { "retry-after": "40" }, body: "abuse" });
  await expect(he.set(call, "2001:db8::7")).rejects.toMatchObject({ afterMs: 40_000 });
});

test("records cannot be deleted, and calls are kept apart", () => {
  expect(he.remove).toBeUndefined();
  expect(he.pauseMs).toBe(8_000);
});
