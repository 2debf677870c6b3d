import { createFakeClock } from "@windfire/testkit";
import { expect, test } from "vitest";
import { createScheduler } from "./scheduler.ts";

function open() {
  const clock = createFakeClock(Date.parse("2026-05-18T11:58:30Z"));
  const lines: string[] = [];
  const log = { warn: (text: string) => lines.push(text), error: (text: string) => lines.push(text) };
  return { clock, lines, scheduler: createScheduler({ clock, location: "UTC", log }) };
}

test("a job runs at each due moment and is told which one it is", () => {
  const { clock, scheduler } = open();
  const runs: string[] = [];
  scheduler.at("0 0 * * * *", "hourly", "each", (due) => void runs.push(new Date(due).toISOString()));
  clock.advance(89_999);
  expect(runs).toEqual([]);
  clock.advance(1);
  clock.advance(3_600_000);
  expect(runs).toEqual(["2026-05-18T12:00:00.000Z", "2026-05-18T13:00:00.000Z"]);
});

test("an interval runs until it is cancelled", () => {
  const { clock, scheduler } = open();
  let runs = 0;
  const job = scheduler.every(10_000, "clean-up", "each", () => void runs++);
  clock.advance(35_000);
  job.cancel();
  clock.advance(35_000);
  expect(runs).toBe(3);
  expect(clock.pending).toBe(0);
});

test("runs do not overlap unless they may; what is left out is said", async () => {
  const { clock, scheduler, lines } = open();
  const { promise, resolve } = Promise.withResolvers<void>();
  let skipping = 0;
  let overlapping = 0;
  scheduler.every(1_000, "slow", "each", () => {
    skipping++;
    return promise;
  });
  scheduler.every(
    1_000,
    "free",
    "each",
    () => {
      overlapping++;
      return promise;
    },
    { overlap: "allow" },
  );
  await clock.advanceAsync(3_000);
  expect([skipping, overlapping]).toEqual([1, 3]);
  expect(lines).toHaveLength(2);
  resolve();
  await clock.advanceAsync(1_000);
  expect([skipping, overlapping]).toEqual([2, 4]);
});

test("what a run gives back without a promise is not waited for", () => {
  const { clock, scheduler, lines } = open();
  let runs = 0;
  scheduler.every(1_000, "answering", "each", (): void => ({ run: ++runs }) as unknown as void);
  clock.advance(3_000);
  expect({ runs, lines }).toEqual({ runs: 3, lines: [] });
});

test("a run that fails is logged and the job goes on", async () => {
  const { clock, scheduler, lines } = open();
  let runs = 0;
  scheduler.every(1_000, "failing", "each", () => {
    runs++;
    throw new Error("no");
  });
  await clock.advanceAsync(2_000);
  expect(runs).toBe(2);
  expect(lines).toEqual(["job failing failed", "job failing failed"]);
});

test("after a jump forward a job runs once, after a jump back it is due as the new time says", async () => {
  const { clock, scheduler } = open();
  const runs: string[] = [];
  scheduler.at("0 0 * * * *", "hourly", "each", () => void runs.push(new Date(clock.now()).toISOString()));
  clock.jump(5 * 3_600_000);
  await clock.advanceAsync(60_000);
  expect(runs).toHaveLength(1);
  clock.jump(-30 * 86_400_000);
  await clock.advanceAsync(3_600_000);
  expect(runs).toHaveLength(2);
  expect(runs[1]).toMatch(/T\d\d:00:00\.000Z$/);
});

test("stop cancels all jobs and waits for what runs", async () => {
  const { clock, scheduler } = open();
  const { promise, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  scheduler.every(1_000, "slow", "each", async () => {
    await promise;
    isOver = true;
  });
  scheduler.at("0 0 * * * *", "hourly", "each", () => undefined);
  await clock.advanceAsync(1_000);
  const stopped = scheduler.stop();
  expect(clock.pending).toBe(0);
  resolve();
  await stopped;
  expect(isOver).toBe(true);
});

test("a job with a text that is no schedule is refused", () => {
  const { scheduler } = open();
  expect(() => scheduler.at("0 0 *", "broken", "each", () => undefined)).toThrow("job broken: expected exactly 6 fields, found 3: [0 0 *]");
});

test("a job of the judge's runs where the judge is, from one run to the next; the others run everywhere", async () => {
  const clock = createFakeClock();
  let isJudge = false;
  const log = { warn: () => undefined, error: () => undefined };
  const scheduler = createScheduler({ clock, location: "UTC", log, isJudge: () => isJudge });
  const runs: string[] = [];
  scheduler.every(1_000, "mine", "each", () => void runs.push("mine"));
  const job = scheduler.every(1_000, "everybody's", "judge", () => void runs.push("everybody's"));
  await clock.advanceAsync(1_000);
  isJudge = true;
  await clock.advanceAsync(1_000);
  isJudge = false;
  await clock.advanceAsync(1_000);
  expect(runs).toEqual(["mine", "mine", "everybody's", "mine"]);
  expect(scheduler.jobs()).toEqual([
    { name: "mine", place: "each" },
    { name: "everybody's", place: "judge" },
  ]);
  job.cancel();
  expect(scheduler.jobs().map(({ name }) => name)).toEqual(["mine"]);
});
