import { expect, test } from "vitest";
import type { Incident } from "./model.ts";
import { createParents } from "./parents.ts";
import type { Standing } from "./parents.ts";
import type { Thing } from "./paths.ts";

const START = 1_000_000;
const GATE: Thing = { kind: "server", id: 9 };
const PROVIDER: Thing = { kind: "service", id: 5 };
const behind = { source: "alert", sourceId: 1, serverId: 1 } as const;

/** Server 1 is reached through server 9, which is reached through service 5. */
function build(standings: Record<string, Standing>) {
  let now = START;
  const parents = createParents({
    now: () => now,
    throughOf: ({ kind, id }) => (kind === "server" ? { 1: GATE, 9: PROVIDER }[id] : undefined),
    parents: () => [GATE, PROVIDER],
    standingOf: ({ kind }) => standings[kind] ?? { state: "unknown", judgedAt: 0 },
    nameOf: ({ kind }) => (kind === "server" ? "gate" : "provider"),
  });
  return { parents, at: (seconds: number) => void (now = START + 1000 * seconds) };
}

const up = (seconds: number): Standing => ({ state: "up", judgedAt: START + 1000 * seconds });
const down: Standing = { state: "down", judgedAt: 0 };
const unknown: Standing = { state: "unknown", judgedAt: 0 };
const openedAt = (seconds: number): Pick<Incident, "source" | "sourceId" | "serverId" | "openedAt"> => ({
  ...behind,
  openedAt: START + 1000 * seconds,
});

test.each<[string, { server: Standing; service: Standing; openedAt: number; now: number }, string | undefined]>([
  ["both were judged since", { server: up(101), service: up(102), openedAt: 100, now: 103 }, undefined],
  ["the parent is down", { server: down, service: up(101), openedAt: 100, now: 103 }, "behind: gate"],
  ["what the parent is reached through is down", { server: up(101), service: down, openedAt: 100, now: 103 }, "behind: provider"],
  ["however long", { server: down, service: up(101), openedAt: 100, now: 90_000 }, "behind: gate"],
  ["the parent was judged before it began", { server: up(99), service: up(102), openedAt: 100, now: 103 }, "waiting for: gate"],
  ["at the same moment is not later", { server: up(100), service: up(102), openedAt: 100, now: 103 }, "waiting for: gate"],
  ["one further up was not judged yet", { server: up(101), service: unknown, openedAt: 100, now: 159 }, "waiting for: provider"],
  ["nobody waits longer than a minute", { server: unknown, service: unknown, openedAt: 100, now: 160 }, undefined],
  ["it began before the start", { server: up(1), service: up(1), openedAt: -100, now: 59 }, "waiting for: gate"],
  ["it began before the start, a minute ago", { server: up(1), service: up(1), openedAt: -100, now: 60 }, undefined],
  ["the clock was set back", { server: unknown, service: unknown, openedAt: 100, now: 50 }, undefined],
])("%s", (_, { server, service, openedAt: opened, now }, expected) => {
  const { parents, at } = build({ server, service });
  at(now);
  expect(parents.holdOf(openedAt(opened))).toBe(expected);
});

test("what is behind a parent has a moment to come back after it, also what fails only then", () => {
  const standings: Record<string, Standing> = { server: down, service: up(500) };
  const { parents, at } = build(standings);
  at(100);
  parents.look();
  standings["server"] = up(500);
  at(114);
  expect(parents.holdOf(openedAt(90))).toBe("waiting for: gate");
  expect(parents.holdOf(openedAt(113))).toBe("waiting for: gate");
  at(115);
  expect(parents.holdOf(openedAt(90))).toBeUndefined();
});

test("what has no parent waits for nothing", () => {
  const { parents } = build({ server: down, service: down });
  expect(parents.holdOf({ source: "alert", sourceId: 1, serverId: 2, openedAt: START })).toBeUndefined();
  expect(parents.holdOf({ source: "service", sourceId: 1, serverId: 0, openedAt: START })).toBeUndefined();
});

test("a circle that somebody wrote into the tables ends", () => {
  const parents = createParents({
    now: () => START,
    throughOf: () => GATE,
    parents: () => [GATE],
    standingOf: () => up(10),
    nameOf: () => "gate",
  });
  expect(parents.holdOf(openedAt(0))).toBeUndefined();
});
