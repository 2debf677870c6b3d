import { createSerialQueue } from "@windfire/kit";
import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { DatabaseError } from "#platform/database";
import type { Changes, Queries } from "#platform/database";
import { createStateChanges } from "./state-changes.ts";

/** What is written of changes that come while the database is full, as `name` or `name!` where tasks start. */
async function writtenOf(names: readonly string[]): Promise<string[]> {
  const clock = createFakeClock();
  const written: string[] = [];
  let isFull = true;
  const changes = createStateChanges({
    clock,
    lane: createSerialQueue(),
    onError: () => undefined,
    database: {
      change: async (verb) => {
        if (isFull) throw new DatabaseError("full", "disk full");
        return verb({} as Queries, {} as Changes);
      },
    },
  });
  for (const name of names) {
    changes.add(1, async () => void written.push(name), name.endsWith("!"));
    await clock.advanceAsync(1_000);
  }
  isFull = false;
  await clock.advanceAsync(60_000);
  return written;
}

test("tasks take turns, however many changes came while the database was full", async () => {
  expect(await writtenOf(["low!", "down", "low", "good!", "low!"])).toEqual(["low!", "down", "good!", "low!"]);
  expect(await writtenOf(["low!", "down", "good!", "low!", "down", "good!"])).toEqual(["low!", "good!", "low!", "good!"]);
});

test("a beginning and an end that nobody heard of go together", async () => {
  expect(await writtenOf(["down!", "good!", "down!", "good!", "down!"])).toEqual(["down!", "good!", "down!"]);
});

test("the first and the last are written where no tasks start", async () => {
  const written = await writtenOf(["low", "down", "low", "down", "low", "down", "good"]);
  expect([written[0], written.at(-1), written.length]).toEqual(["low", "good", 4]);
});
