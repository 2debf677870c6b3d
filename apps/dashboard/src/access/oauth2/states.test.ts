import { randomBytes } from "node:crypto";
import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createLocalTickets } from "#platform/tickets";
import { createOAuth2States } from "./states.ts";

const flow = { purpose: "login", provider: "Stub", redirectUri: "https://nz.example.com/api/v1/oauth2/callback", userId: 0 } as const;

test("a flow is finished once, by its own key and state, within five minutes", async () => {
  const clock = createFakeClock();
  const states = await createOAuth2States({ random: randomBytes, tickets: createLocalTickets(clock) });
  const [older, newer] = [await states.begin(flow), await states.begin(flow)];
  for (const [key, state] of [
    [newer.key, older.state],
    [older.key, newer.state],
    [newer.key, ""],
    ["", newer.state],
    [newer.state, newer.key],
  ] as const)
    expect(await states.finish(key, state)).toBeUndefined();
  clock.jump(3_600_000);
  clock.advance(300_000);
  expect(states.isWaiting(newer.key)).toBe(true);
  expect(await states.finish(newer.key, newer.state)).toEqual({ ...flow, verifier: newer.verifier, nonce: newer.nonce });
  expect(newer.verifier).not.toBe(older.verifier);
  expect(await states.finish(newer.key, newer.state)).toBeUndefined();
  clock.advance(1);
  expect(states.isWaiting(older.key)).toBe(false);
  expect(await states.finish(older.key, older.state)).toBeUndefined();
});

test("1 000 flows wait; past that the oldest goes", async () => {
  const states = await createOAuth2States({ random: randomBytes, tickets: createLocalTickets(createFakeClock()) });
  const begun = await Promise.all(Array.from({ length: 1_001 }, () => states.begin(flow)));
  expect(begun.filter(({ key }) => states.isWaiting(key))).toHaveLength(1_000);
  expect(states.isWaiting(begun[0]?.key ?? "")).toBe(false);
});
