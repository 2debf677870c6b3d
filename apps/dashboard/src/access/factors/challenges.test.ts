import { randomBytes } from "node:crypto";
import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createLocalTickets } from "#platform/tickets";
import { createChallenges } from "./challenges.ts";

const use = { purpose: "use", userId: 0 } as const;
const make = () => createChallenges({ random: randomBytes, tickets: createLocalTickets(createFakeClock()) });

test("a flood from one address pushes out its own challenges alone", async () => {
  const challenges = await make();
  const mine = await challenges.begin({ ...use, address: "192.0.2.1" });
  const theirs = await Promise.all(Array.from({ length: 5_000 }, () => challenges.begin({ ...use, address: "192.0.2.66" })));
  expect(await challenges.take(mine, use)).toBe(true);
  const taken = await Promise.all(theirs.map((challenge) => challenges.take(challenge, use)));
  expect(theirs.filter((_challenge, at) => taken[at])).toEqual(theirs.slice(-20));
});

test("a challenge is good once, for what it was made for", async () => {
  const challenges = await make();
  const [one, other] = [await challenges.begin({ ...use, address: "" }), await challenges.begin({ ...use, address: "" })];
  expect([
    await challenges.take(one, use),
    await challenges.take(one, use),
    await challenges.take(other, { purpose: "use", userId: 1 }),
    await challenges.take(other, use),
  ]).toEqual([true, false, false, false]);
});
