import { randomBytes } from "node:crypto";
import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createChallenges } from "./challenges.ts";

const use = { purpose: "use", userId: 0 } as const;
const make = () => createChallenges({ clock: createFakeClock(), random: randomBytes });

test("a flood from one address pushes out its own challenges alone", () => {
  const challenges = make();
  const mine = challenges.begin({ ...use, address: "192.0.2.1" });
  const theirs = Array.from({ length: 5_000 }, () => challenges.begin({ ...use, address: "192.0.2.66" }));
  expect(challenges.take(mine, use)).toBe(true);
  expect(theirs.filter((challenge) => challenges.take(challenge, use))).toEqual(theirs.slice(-20));
});

test("a challenge is good once, for what it was made for", () => {
  const challenges = make();
  const [one, other] = [challenges.begin({ ...use, address: "" }), challenges.begin({ ...use, address: "" })];
  expect([challenges.take(one, use), challenges.take(one, use), challenges.take(other, { purpose: "use", userId: 1 })]).toEqual([
    true,
    false,
    false,
  ]);
});
