/** Successes and failures, and the mean delay of the successes in milliseconds. */
export interface WindowCounts {
  readonly up: number;
  readonly down: number;
  readonly delay: number;
}

/** The last 15 minutes of a service's results (spec 30 section 1.6 C, after 2.3.7). */
export interface ProbeWindow {
  /** One result; `reporter` is a server, `at` Unix milliseconds. */
  add(at: number, reporter: number, result: { readonly successful: boolean; readonly delay: number }): void;
  /** As of the last result. */
  counts(): WindowCounts;
  /** What is to be kept over a restart. */
  snapshot(): StoredStep[];
}

/** Results of one step: its number, successes, failures, sum of the delays of the successes. */
export type StoredStep = readonly [number: number, up: number, down: number, delaySum: number];

const STEP_MS = 30_000;
const WINDOW_MS = 15 * 60_000;

/** What a reporter said in one step: its last success' delay, and whether it failed too. */
interface Said {
  delay: number | undefined;
  failed: boolean;
}

interface Step {
  readonly number: number;
  readonly said: Map<number, Said>;
  /** What was said before a restart. */
  readonly before: StoredStep | undefined;
}

/**
 * In each step of 30 seconds at most one success and one failure of each reporter count, so that nobody weighs more by reporting more
 * often. Sums are kept, since thousands of servers may report on one service.
 */
export function createProbeWindow(stored: readonly StoredStep[] = []): ProbeWindow {
  let steps: Step[] = stored.map((before) => ({ number: before[0], said: new Map(), before }));
  let up = stored.reduce((sum, step) => sum + step[1], 0);
  let down = stored.reduce((sum, step) => sum + step[2], 0);
  let delaySum = stored.reduce((sum, step) => sum + step[3], 0);

  const remove = ({ said, before }: Step): void => {
    up -= before?.[1] ?? 0;
    down -= before?.[2] ?? 0;
    delaySum -= before?.[3] ?? 0;
    for (const { delay, failed } of said.values()) {
      if (failed) down--;
      if (delay === undefined) continue;
      up--;
      delaySum -= delay;
    }
  };
  const stepAt = (at: number): Step => {
    const number = Math.floor(at / STEP_MS);
    const newest = steps.at(-1);
    if (newest?.number === number) return newest;
    // The clock was set back: what lies ahead of it would never leave.
    if (newest !== undefined && number < newest.number) {
      steps = [];
      up = down = delaySum = 0;
    }
    const step: Step = { number, said: new Map(), before: undefined };
    steps.push(step);
    return step;
  };
  const forgetBefore = (oldest: number): void => {
    const kept = steps.findIndex(({ number }) => number * STEP_MS >= oldest);
    for (const step of steps.splice(0, kept < 0 ? steps.length : kept)) remove(step);
    if (up === 0) delaySum = 0;
  };
  return {
    add(at, reporter, { successful, delay }) {
      const { said } = stepAt(at);
      const before = said.get(reporter) ?? { delay: undefined, failed: false };
      said.set(reporter, before);
      if (successful) {
        if (before.delay === undefined) up++;
        delaySum += delay - (before.delay ?? 0);
        before.delay = delay;
      } else if (!before.failed) {
        before.failed = true;
        down++;
      }
      forgetBefore(at - WINDOW_MS);
    },
    snapshot: () => steps.map(sumOf),
    counts: () => ({ up, down, delay: up === 0 ? 0 : delaySum / up }),
  };
}

function sumOf({ number, said, before = [number, 0, 0, 0] }: Step): StoredStep {
  const sum: [number, number, number, number] = [...before];
  for (const { delay, failed } of said.values()) {
    if (failed) sum[2]++;
    if (delay === undefined) continue;
    sum[1]++;
    sum[3] += delay;
  }
  return sum;
}
