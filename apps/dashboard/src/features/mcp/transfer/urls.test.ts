import { randomBytes } from "node:crypto";
import { createFakeClock } from "@windfire/testkit";
import { beforeEach, expect, test } from "vitest";
import { createLocalTickets } from "#platform/tickets";
import { createTransferUrls } from "./urls.ts";
import type { TransferUrls, TransferWish } from "./urls.ts";

const wish: TransferWish = {
  direction: "download",
  userId: 2,
  tokenId: 5,
  serverId: 7,
  path: "/etc/hosts",
  mode: "",
  createDirs: false,
  ifMatchSha256: "",
};

let clock = createFakeClock();
let urls: TransferUrls;
beforeEach(async () => {
  clock = createFakeClock();
  urls = await createTransferUrls({ clock, random: randomBytes, tickets: createLocalTickets(clock), key: new Uint8Array(32) });
});

const mint = async (over: Partial<TransferWish> = {}): Promise<string> => (await urls.mint({ ...wish, ...over }, 60_000))?.token ?? "";

test("a link has the published form and works once", async () => {
  const token = await mint();
  expect(token).toMatch(/^[0-9A-Za-z]{24}\.[0-9a-f]{64}$/);
  expect(await urls.use(token, "download")).toEqual({ wish, failure: undefined });
  expect((await urls.use(token, "download")).failure?.message).toBe("invalid or already-used transfer token");
});

test("every attempt uses it up: the wrong way, or too late", async () => {
  const token = await mint();
  expect((await urls.use(token, "upload")).failure).toMatchObject({
    message: "transfer token direction mismatch",
    status: 401,
    outcome: "invalid_args",
  });
  expect((await urls.use(token, "download")).wish).toBeUndefined();
  const late = await mint();
  clock.advance(60_001);
  expect((await urls.use(late, "download")).failure).toMatchObject({ message: "transfer token expired", outcome: "scope_denied" });
});

test("a token that differs in one letter is unknown, and leaves the real one alone", async () => {
  const token = await mint();
  const forged = token.slice(0, -1) + (token.endsWith("0") ? "1" : "0");
  expect((await urls.use(forged, "download")).wish).toBeUndefined();
  expect((await urls.use(token, "download")).failure).toBeUndefined();
});

test("unused ones are bounded for each token, and make room when they are over", async () => {
  for (let count = 0; count < 100; count++) expect(await mint()).not.toBe("");
  expect(await mint()).toBe("");
  expect(await mint({ tokenId: 6 })).not.toBe("");
  clock.advance(120_001);
  expect(await mint()).not.toBe("");
  expect(urls.counters.refused).toBe(1);
});

test("one that is long over is told from one that nobody knows no more; a purge throws all away", async () => {
  const over = await mint();
  clock.advance(120_001);
  expect((await urls.use(over, "download")).failure?.message).toBe("invalid or already-used transfer token");
  const token = await mint();
  expect(await urls.purge()).toBe(1);
  expect((await urls.use(token, "download")).wish).toBeUndefined();
});
