import type { Clock } from "@windfire/kit";
import type { RunTask, TaskOutcome } from "./task-kind.ts";

/** How a shell command ended. */
export interface CommandEnd {
  /** Standard output, as text, cut at a limit. */
  readonly output: string;
  /** `killed` of `signal: killed`, `exit status 1`, or why it did not start; undefined for exit code 0. */
  readonly failure: string | undefined;
  readonly timedOut: boolean;
}

/** Runs a command line through the system's shell in a group of its own, which is killed at the end. Never rejects. */
export type RunShell = (commandLine: string, limit: { readonly timeoutMs: number; readonly signal: AbortSignal }) => Promise<CommandEnd>;

const TIMEOUT_MS = 2 * 60 * 60_000;
const MS_PER_SECOND = 1000;

/** Commands that run, by the id of their task. */
export interface RunningCommands {
  /** Aborted when the task is stopped. */
  begin(id: number): { readonly stopped: AbortSignal; end(): void };
  stop(id: number): void;
}

export function createRunningCommands(): RunningCommands {
  const running = new Map<number, Set<AbortController>>();
  return {
    begin(id) {
      const ones = running.get(id) ?? new Set();
      const one = new AbortController();
      running.set(id, ones.add(one));
      return {
        stopped: one.signal,
        end() {
          ones.delete(one);
          if (ones.size === 0) running.delete(id);
        },
      };
    },
    stop(id) {
      for (const one of running.get(id) ?? []) one.abort();
    },
  };
}

/** Task 1000: ends all commands of a task; each says so in its own result. */
export function createStopCommand(running: Pick<RunningCommands, "stop">): RunTask {
  return ({ id }) => {
    running.stop(id);
    return undefined;
  };
}

/** Command (task 4): standard output, then the error on a line of its own; delay in seconds (spec 21 section 8). */
export function createCommand(
  runShell: RunShell,
  clock: Clock,
  running: Pick<RunningCommands, "begin"> = createRunningCommands(),
): RunTask {
  return async ({ id, data }, { signal }): Promise<TaskOutcome> => {
    const started = clock.monotonic();
    const { stopped, end: over } = running.begin(id);
    const end = await runShell(data, { timeoutMs: TIMEOUT_MS, signal: AbortSignal.any([signal, stopped]) });
    over();
    const delay = (clock.monotonic() - started) / MS_PER_SECOND;
    if (end.failure === undefined) return { delay, data: end.output, successful: true };
    return { delay, data: `${end.timedOut ? "任务执行超时\n" : ""}${end.output}\n${end.failure}` };
  };
}
