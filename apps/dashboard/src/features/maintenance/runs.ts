/** What it takes to keep the stores compact. */
export interface RunDeps {
  readonly now: () => number;
  /** Rewrites the database file without gaps, off the event loop. */
  readonly vacuum: () => Promise<void>;
  /** Writes all history that is still buffered. */
  readonly flushHistory: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export type Step = "vacuum" | "history";

/** How far the running maintenance is, or how the last one went. Times in Unix milliseconds, 0 for never. */
export interface RunStatus {
  readonly running: boolean;
  readonly step: Step | null;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly failed: readonly Step[];
}

export interface Runs {
  /** Runs once; joins a run that is under way. Resolves to whether all steps went through. */
  run(): Promise<boolean>;
  status(): RunStatus;
}

/** Keeps the stores compact, one run at a time. */
export function createRuns(deps: RunDeps): Runs {
  let running: Promise<boolean> | undefined;
  const status: { step: Step | null; startedAt: number; finishedAt: number; failed: Step[] } = {
    step: null,
    startedAt: 0,
    finishedAt: 0,
    failed: [],
  };

  const perform = async (step: Step, work: () => Promise<void>): Promise<void> => {
    status.step = step;
    try {
      await work();
    } catch (error) {
      status.failed.push(step);
      deps.onError(error);
    }
  };
  const runAll = async (): Promise<boolean> => {
    Object.assign(status, { startedAt: deps.now(), finishedAt: 0, failed: [] });
    await perform("vacuum", deps.vacuum);
    await perform("history", deps.flushHistory);
    Object.assign(status, { step: null, finishedAt: deps.now() });
    return status.failed.length === 0;
  };
  const run = (): Promise<boolean> => {
    running ??= runAll().finally(() => {
      running = undefined;
    });
    return running;
  };
  return { run, status: () => ({ ...status, failed: [...status.failed], running: running !== undefined }) };
}
