import { expect, test } from "vitest";
import type { LiveRecord } from "#wire/live-record.ts";
import { stateChanges } from "./state-changes.ts";

const record = (id: number, online: boolean): LiveRecord => ({
  id,
  name: `server-${id}`,
  country: "",
  order: 0,
  note: "",
  host: { platform: "debian" },
  state: {},
  online,
  lastSeen: 1,
  condition: undefined,
  over: {},
  cpuMean: 0,
});

test("a first look is no change", () => {
  expect(stateChanges(new Map(), [record(1, false)]).changes).toEqual([]);
});

test("what changed is told once", () => {
  const first = stateChanges(new Map(), [record(1, true), record(2, true)]);
  const second = stateChanges(first.now, [record(1, false), record(2, true)]);
  expect(second.changes).toEqual([{ name: "server-1", health: "offline" }]);
  expect(stateChanges(second.now, [record(1, false), record(2, true)]).changes).toEqual([]);
});
