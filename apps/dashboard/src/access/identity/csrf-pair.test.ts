import { afterEach, beforeEach, expect, test } from "vitest";
import { openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";

let bench: AccessBench;
let admin: Browser;
beforeEach(async () => {
  bench = await openBench();
  admin = await bench.admin();
});
afterEach(async () => bench.close());

const REFUSED = [403, "ApiErrorForbidden: missing or invalid CSRF token"];
const change = async (browser: Browser, headers: Record<string, string> = {}): Promise<[number, string]> => {
  const { status, error } = await browser.post("/batch-delete/waf", [], headers);
  return [status, error];
};

test("GHSA-8qhj-4f8c-j8qg: a cookie alone changes nothing", async () => {
  const pair = admin.cookies.get("nz-csrf") ?? "";
  const jwt = `nz-jwt=${admin.token}`;
  expect(await change(admin)).toEqual([200, ""]);
  expect(await change(admin, { "x-csrf-token": "" })).toEqual(REFUSED);
  expect(await change(admin, { "x-csrf-token": `${"a".repeat(64)}.${"b".repeat(64)}` })).toEqual(REFUSED);
  expect(await change(bench.browser(), { cookie: jwt, "x-csrf-token": pair })).toEqual(REFUSED);
  const forged = `${"a".repeat(64)}.${"b".repeat(64)}`;
  expect(await change(bench.browser(), { cookie: `${jwt}; nz-csrf=${forged}`, "x-csrf-token": forged })).toEqual(REFUSED);
});

test("nor does a token in the query", async () => {
  expect((await bench.browser().post(`/batch-delete/waf?token=${admin.token}`, [])).status).toBe(403);
});

test("a header carries its credential on purpose: scripts need no pair", async () => {
  expect(await change(bench.browser(), { authorization: `Bearer ${admin.token}` })).toEqual([200, ""]);
});

test("safe methods hand out a pair where there is none and leave one that is there", async () => {
  const browser = bench.browser({ cookie: `nz-jwt=${admin.token}` });
  const seeded = await browser.get("/user");
  expect(seeded.setCookies).toEqual([expect.stringMatching(/^nz-csrf=[0-9a-f]{64}\.[0-9a-f]{64}; Path=\/; SameSite=Strict$/)]);
  const pair = browser.cookies.get("nz-csrf") ?? "";
  const withPair = { cookie: `nz-jwt=${admin.token}; nz-csrf=${pair}` };
  expect((await browser.get("/user", withPair)).setCookies).toEqual([]);
  expect(await change(browser, { ...withPair, "x-csrf-token": pair })).toEqual([200, ""]);
});

test("who is not signed in is told so first", async () => {
  expect(await change(bench.browser())).toEqual([200, "ApiErrorUnauthorized"]);
});
