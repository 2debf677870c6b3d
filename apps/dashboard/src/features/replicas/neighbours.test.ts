import { beforeEach, expect, test } from "vitest";
import { LOOK_MS } from "./neighbours.ts";
import { createReplicaSet } from "./testing/index.ts";
import type { ReplicaSet, TestReplica } from "./testing/index.ts";

let set: ReplicaSet;
let a: TestReplica;
let b: TestReplica;

beforeEach(async () => {
  set = createReplicaSet([]);
  [a, b] = [set.add(), set.add()];
  await looks(2);
});
const looks = (count: number): Promise<void> => set.clock.advanceAsync(count * LOOK_MS);

test("dashboards that are alike and heard have nothing to say", () => {
  expect([a.lines, b.lines]).toEqual([[], []]);
  expect(a.replicas.neighbours).toMatchObject({ unheard: 0, differing: [] });
});

test("one that is on the database and not heard is told once, and that it is heard again", async () => {
  b.wire.set("lost");
  await looks(2);
  expect(a.replicas.neighbours.unheard).toBe(0);
  await looks(3);
  expect(a.replicas.neighbours.unheard).toBe(1);
  expect(b.replicas.neighbours.unheard).toBe(0);
  b.wire.set("connected");
  await looks(2);
  expect(a.replicas.neighbours.unheard).toBe(0);
  expect(a.lines).toEqual([
    "1 of 2 dashboards on the database are not heard: they stand still, or bus: is another one there",
    "all dashboards on the database are heard",
  ]);
});

test("one that starts is on the database before it is heard, and nobody is alarmed", async () => {
  set.onDatabase.count++;
  await looks(2);
  set.onDatabase.count--;
  set.add();
  await looks(3);
  expect(a.lines).toEqual([]);
});

test("settings that are not the same are named at both, until they are; what one of them does not know is none of them", async () => {
  b.settings["site_name"] = "other";
  b.settings["of_the_next_version"] = "mark";
  await looks(1);
  expect([a.replicas.neighbours.differing, b.replicas.neighbours.differing]).toEqual([["site_name"], ["site_name"]]);
  b.settings["site_name"] = "mark";
  await looks(2);
  expect(a.lines).toEqual([
    "not the same here and at other dashboards: site_name (host-2:8008)",
    "what is to be the same at all dashboards is",
  ]);
});

test("a clock that is minutes off is told; one that is a second off is not", async () => {
  b.setClockAhead(1_000);
  await looks(1);
  expect(a.replicas.neighbours.differing).toEqual([]);
  b.setClockAhead(90_000);
  await looks(1);
  expect([a.replicas.neighbours.differing, b.replicas.neighbours.differing]).toEqual([["clock"], ["clock"]]);
});
