import { createFakeClock } from "@windfire/testkit";
import { createBackOff } from "@windfire/kit";
import { expect, test } from "vitest";
import { keepRunning } from "./keeper.ts";
import type { Program, ProgramEnd } from "./program.ts";

function fakePrograms() {
  const running: { end: (end: ProgramEnd) => void }[] = [];
  const start = (): Program => {
    const { promise, resolve } = Promise.withResolvers<ProgramEnd>();
    running.push({ end: resolve });
    return {
      pid: running.length,
      ended: promise,
      stop: () => {
        resolve({ kind: "exit", code: 0 });
        return promise;
      },
    };
  };
  return { running, start };
}

function stage() {
  const clock = createFakeClock();
  const lines: string[] = [];
  const programs = fakePrograms();
  const backOff = createBackOff({ baseMs: 1_000, maxMs: 8_000, random: () => 1 - Number.EPSILON });
  const keeper = keepRunning("it", { clock, backOff, start: programs.start, log: (line) => lines.push(line) });
  return { clock, lines, keeper, ...programs };
}

test("a program that ends is started again, later each time", async () => {
  const { clock, running, lines } = stage();
  running[0]?.end({ kind: "exit", code: 3 });
  await clock.advanceAsync(1_999);
  expect(running).toHaveLength(1);
  await clock.advanceAsync(2);
  expect(running).toHaveLength(2);
  running[1]?.end({ kind: "signal", signal: "SIGKILL" });
  await clock.advanceAsync(2_999);
  expect(running).toHaveLength(2);
  await clock.advanceAsync(2);
  expect(running).toHaveLength(3);
  expect(lines).toEqual(["it ended with exit code 3; starting it again in 2 s", "it was ended by SIGKILL; starting it again in 3 s"]);
});

test("a long run makes the next pause short again", async () => {
  const { clock, running } = stage();
  for (let round = 0; round < 4; round++) {
    running.at(-1)?.end({ kind: "exit", code: 1 });
    await clock.advanceAsync(9_001);
  }
  await clock.advanceAsync(60_000);
  running.at(-1)?.end({ kind: "exit", code: 1 });
  await clock.advanceAsync(2_001);
  expect(running).toHaveLength(6);
});

test("stopping ends the program and starts no other", async () => {
  const { clock, keeper, running } = stage();
  await keeper.stop(5_000);
  await clock.advanceAsync(100_000);
  expect(running).toHaveLength(1);
});

test("stopping during a pause does not wait for its end", async () => {
  const { clock, keeper, running } = stage();
  running[0]?.end({ kind: "exit", code: 1 });
  await clock.advanceAsync(10);
  await keeper.stop(5_000);
  expect(running).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
