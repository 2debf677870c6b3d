import { randomBytes } from "node:crypto";
import { createFakeClock } from "@windfire/testkit";
import { beforeEach, expect, test } from "vitest";
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
beforeEach(() => {
  clock = createFakeClock();
  urls = createTransferUrls({ clock, random: randomBytes });
});

const mint = (over: Partial<TransferWish> = {}): string => urls.mint({ ...wish, ...over }, 60_000)?.token ?? "";

test("a link has the published form and works once", () => {
  const token = mint();
  expect(token).toMatch(/^[0-9A-Za-z]{24}\.[0-9a-f]{64}$/);
  expect(urls.use(token, "download")).toEqual({ wish, failure: undefined });
  expect(urls.use(token, "download").failure?.message).toBe("invalid or already-used transfer token");
});

test("every attempt uses it up: the wrong way, or too late", () => {
  const token = mint();
  expect(urls.use(token, "upload").failure).toMatchObject({
    message: "transfer token direction mismatch",
    status: 401,
    outcome: "invalid_args",
  });
  expect(urls.use(token, "download").wish).toBeUndefined();
  const late = mint();
  clock.advance(60_001);
  expect(urls.use(late, "download").failure).toMatchObject({ message: "transfer token expired", outcome: "scope_denied" });
  expect(urls.size).toBe(0);
});

test("a token that differs in one letter is unknown, and leaves the real one alone", () => {
  const token = mint();
  const forged = token.slice(0, -1) + (token.endsWith("0") ? "1" : "0");
  expect(urls.use(forged, "download").wish).toBeUndefined();
  expect(urls.use(token, "download").failure).toBeUndefined();
});

test("unused ones are bounded for each token, and make room when they expire", () => {
  for (let count = 0; count < 100; count++) expect(mint()).not.toBe("");
  expect(mint()).toBe("");
  expect(mint({ tokenId: 6 })).not.toBe("");
  clock.advance(60_001);
  expect(mint()).not.toBe("");
  expect([urls.size, urls.counters.refused]).toEqual([1, 1]);
});

test("expired ones are swept; a purge throws all away", () => {
  urls.start();
  mint();
  clock.advance(120_000);
  expect(urls.size).toBe(0);
  mint();
  expect(urls.purge()).toBe(1);
  urls.stop();
  expect(clock.pending).toBe(0);
});
