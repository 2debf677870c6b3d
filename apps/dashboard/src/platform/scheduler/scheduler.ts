import type { Clock, Timer } from "@windfire/kit";
import { parseSchedule } from "./schedule.ts";
import type { Schedule } from "./schedule.ts";

/** Waits are cut to this, so that a jump of the wall clock is noticed within a minute. */
const LONGEST_WAIT_MS = 60_000;
/** Going back by more than this is a jump, not a correction. */
const JUMP_MS = 1_000;

/** Work of a job; `due` is the moment it was meant for (Unix milliseconds). */
export type JobRun = (due: number) => Promise<void> | void;

/**
 * Where a job runs when an installation has several processes: in `each`, because it is about what the process itself holds, or in the one that
 * is the `judge`, because it would be done, or told, more than once otherwise.
 */
export type JobPlace = "each" | "judge";

export interface Job {
  /** No further runs; one that has begun goes on. */
  cancel(): void;
}

export interface JobOptions {
  /** A run that comes up while the last one is not over is left out, unless this is `allow`. */
  readonly overlap?: "skip" | "allow";
}

/** Our own timers. A run that fails is logged and does not end the job. */
export interface Scheduler {
  /** Every `ms` milliseconds from now. */
  every(ms: number, name: string, place: JobPlace, run: JobRun, options?: JobOptions): Job;
  /** By a schedule text in the dashboard's zone; fails with the text's error. Missed runs are not made up for, except the last. */
  at(expression: string, name: string, place: JobPlace, run: JobRun, options?: JobOptions): Job;
  /** All jobs that are not cancelled. */
  jobs(): readonly { readonly name: string; readonly place: JobPlace }[];
  /** Cancels all jobs and waits for the runs that have begun. */
  stop(): Promise<void>;
}

export interface SchedulerDeps {
  readonly clock: Clock;
  /** Zone of the schedule texts (configuration key `location`). */
  readonly location: string;
  /** Asked at each run of a job of the judge's; one that comes up elsewhere is left out. Without it this process is the judge. */
  readonly isJudge?: () => boolean;
  readonly log: { warn(text: string): void; error(text: string, details?: Readonly<Record<string, unknown>>): void };
}

interface Placed {
  readonly name: string;
  readonly place: JobPlace;
}

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { clock, log, isJudge = () => true } = deps;
  const jobs = new Map<Job, Placed>();
  const running = new Set<Promise<void>>();

  const runnerOf = ({ name, place }: Placed, run: JobRun, overlap: JobOptions["overlap"]): ((due: number) => void) => {
    let active = 0;
    return (due) => {
      if (place === "judge" && !isJudge()) return;
      if (active > 0 && overlap !== "allow") {
        log.warn(`job ${name} is still running: this run is left out`);
        return;
      }
      const over = runOne(name, run, due);
      if (over === undefined) return;
      active++;
      const ended = over.finally(() => {
        active--;
        running.delete(ended);
      });
      running.add(ended);
    };
  };
  /** Nothing for a run that is over already. Never fails. */
  const runOne = (name: string, run: JobRun, due: number): Promise<void> | undefined => {
    const report = (error: unknown): void => log.error(`job ${name} failed`, { error });
    try {
      const over: unknown = run(due);
      return over instanceof Promise ? over.then(() => undefined, report) : undefined;
    } catch (error) {
      report(error);
      return undefined;
    }
  };
  const register = (placed: Placed, cancel: () => void): Job => {
    const job: Job = {
      cancel: () => {
        jobs.delete(job);
        cancel();
      },
    };
    jobs.set(job, placed);
    return job;
  };

  return {
    every: (ms, name, place, run, options) => {
      const start = runnerOf({ name, place }, run, options?.overlap);
      const timer = clock.setInterval(() => start(clock.now()), ms);
      return register({ name, place }, () => timer.cancel());
    },
    at: (expression, name, place, run, options) => {
      const parsed = parseSchedule(expression, deps.location);
      if ("error" in parsed) throw new RangeError(`job ${name}: ${parsed.error}`);
      return register({ name, place }, follow(clock, parsed.schedule, runnerOf({ name, place }, run, options?.overlap)));
    },
    jobs: () => [...jobs.values()],
    stop: async () => {
      for (const job of jobs.keys()) job.cancel();
      await Promise.all(running);
    },
  };
}

/** Calls `start` at each due time until the returned function is called. */
function follow(clock: Clock, schedule: Schedule, start: (due: number) => void): () => void {
  let due = schedule.next(clock.now());
  let seen = clock.now();
  let timer: Timer | undefined;
  let cancelled = false;
  const arm = (): void => {
    if (due === undefined || cancelled) return;
    timer = clock.setTimeout(wake, Math.min(Math.max(due - clock.now(), 0), LONGEST_WAIT_MS));
  };
  const wake = (): void => {
    const now = clock.now();
    if (now < seen - JUMP_MS) due = schedule.next(now - 1);
    seen = now;
    if (due !== undefined && now >= due) {
      const reached = due;
      due = schedule.next(now);
      start(reached);
    }
    arm();
  };
  arm();
  return () => {
    cancelled = true;
    timer?.cancel();
  };
}
