import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";

/** Which texts this dashboard issued (spec 30 section 6.3), over real sessions and tokens. */
let bench: AccessBench;
let admin: Browser;
beforeEach(async () => {
  const endpoint = { authUrl: "http://127.0.0.1:1/a", tokenUrl: "http://127.0.0.1:1/t" };
  const stub = { clientId: "c", clientSecret: "s", endpoint, scopes: [], userInfoUrl: "http://127.0.0.1:1/u", userIdPath: "id" };
  bench = await openBench({ config: { oauth2: { Stub: stub } } });
  admin = await bench.admin();
});
afterEach(() => bench.close());

/** In the order of asking. */
const among = async (...texts: string[]): Promise<string[]> => {
  const own = await bench.access.ownCredentials.among(texts);
  return texts.filter((text) => own.has(text));
};
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const signed = (algorithm: "HS256" | "HS384", key: string): string => {
  const text = `${part({ alg: algorithm, typ: "JWT" })}.${part({ any: "claim" })}`;
  return `${text}.${createHmac(algorithm === "HS256" ? "sha256" : "sha384", key)
    .update(text)
    .digest("base64url")}`;
};

test("sessions are ours by their signature alone: expired, ended, and with any claims", async () => {
  const ours = signed("HS256", bench.settings.jwtSecretKey);
  await admin.post("/logout");
  bench.clock.advance(24 * 3_600_000);
  expect(await among(admin.token, ours)).toEqual([admin.token, ours]);
});

test("what others signed, or signed otherwise, is not ours", async () => {
  const foreign = [
    signed("HS256", "k".repeat(63)),
    signed("HS384", bench.settings.jwtSecretKey),
    `${part({ alg: "none" })}.${part({})}.`,
    "f",
    "",
  ];
  expect(await among(...foreign, `${admin.token}x`)).toEqual([]);
});

test("access tokens are ours while they are stored, expired or not; that costs no SQL", async () => {
  const expiry = new Date(bench.clock.now() + 3_600_000).toISOString();
  const create = async (name: string, expires_at?: string): Promise<{ id: number; token: string }> =>
    (await admin.post("/api-tokens", { name, scopes: ["nezha:server:read"], expires_at })).data as { id: number; token: string };
  const [lasting, short] = [await create("lasting"), await create("short", expiry)];
  bench.clock.advance(7_200_000);
  const before = bench.queries();
  expect(await among("nzp_foreign", lasting.token, short.token)).toEqual([lasting.token, short.token]);
  expect(bench.queries() - before).toBe(0);
  await (await bench.admin()).call("DELETE", `/api-tokens/${short.id}`);
  expect(await among(lasting.token, short.token)).toEqual([lasting.token]);
});

test("CSRF values by their signature, keys of OAuth2 flows while they wait", async () => {
  const { ownCredentials } = bench.access;
  const csrf = admin.cookies.get("nz-csrf") ?? "";
  expect([ownCredentials.isCsrf(csrf), ownCredentials.isCsrf(`0${csrf}`), ownCredentials.isCsrf("other")]).toEqual([true, false, false]);
  await admin.get("/oauth2/Stub?type=1");
  const key = admin.cookies.get("nz-o2s") ?? "";
  expect([key, ownCredentials.isOAuth2Key(key), ownCredentials.isOAuth2Key("other")]).toEqual([
    expect.stringMatching(/.{16}/),
    true,
    false,
  ]);
  bench.clock.advance(300_001);
  expect(ownCredentials.isOAuth2Key(key)).toBe(false);
});
