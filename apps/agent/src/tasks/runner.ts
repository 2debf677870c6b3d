import type { Task, TaskResult } from "@windfire/protocol";
import type { AgentConfig } from "../config/index.ts";
import { faultText } from "../fault.ts";
import { refusalOf } from "../gate/index.ts";
import type { Log } from "../log.ts";
import type { OpenIo } from "../streams/index.ts";
import type { RunTask, TaskOutcome } from "./task-kind.ts";

/** What one connection lends its tasks. */
export interface TaskSession {
  readonly config: () => AgentConfig;
  /** Aborted when the connection ends: streams end with it. */
  readonly signal: AbortSignal;
  readonly openIo: OpenIo;
  readonly sendResult: (result: TaskResult) => void;
}

export interface TaskRunner {
  /** Starts a task. Those that answer at once do so before this returns, so that changes keep their order. */
  run(task: Task, session: TaskSession): void;
}

export interface TaskRunnerDeps {
  readonly kinds: ReadonlyMap<number, RunTask>;
  /** Attaches to a stream, says why it is refused, and ends it. */
  readonly refuseStream: (task: Task, text: string, session: TaskSession) => void;
  /** Aborted when the agent stops. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

const MAX_RUNNING = 512;
/** A result must stay below the dashboard's 4 MiB for a message, in UTF-8. */
const MAX_DATA_BYTES = 3 * 1024 * 1024;
const BYTES_PER_CHARACTER = 3;

/** Gate, start, limit and answer of every task (spec 21 section 6). */
export function createTaskRunner({ kinds, refuseStream, signal, log }: TaskRunnerDeps): TaskRunner {
  let running = 0;

  const answer = ({ id, type }: Task, session: TaskSession, outcome: TaskOutcome | undefined): void => {
    if (outcome === undefined) return;
    session.sendResult({
      id,
      type,
      delay: outcome.delay ?? 0,
      data: shortened(outcome.data ?? ""),
      successful: outcome.successful ?? false,
    });
  };
  const finish = async (task: Task, session: TaskSession, outcome: Promise<TaskOutcome | undefined>): Promise<void> => {
    running++;
    try {
      answer(task, session, await outcome);
    } catch (error) {
      log.warn(`task of type ${task.type} failed: ${faultText(error)}`);
    } finally {
      running--;
    }
  };

  return {
    run: (task, session) => {
      const config = session.config();
      const run = kinds.get(task.type);
      if (run === undefined) return log.warn(`task of unknown type ${task.type} ignored`);
      const refusal = refusalOf(config, task.type);
      if (refusal?.kind === "stream") return refuseStream(task, refusal.text, session);
      if (refusal !== undefined) {
        log.info(`task of type ${task.type} refused: this host does not permit it`);
        return answer(task, session, refusal.kind === "result" ? refusal : undefined);
      }
      if (running >= MAX_RUNNING) return answer(task, session, { data: "too many tasks are running" });
      try {
        const outcome = run(task, { config, signal, session: session.signal, openIo: session.openIo });
        if (outcome instanceof Promise) void finish(task, session, outcome);
        else answer(task, session, outcome);
      } catch (error) {
        log.warn(`task of type ${task.type} failed: ${faultText(error)}`);
      }
    },
  };
}

function shortened(data: string): string {
  if (data.length * BYTES_PER_CHARACTER <= MAX_DATA_BYTES || Buffer.byteLength(data) <= MAX_DATA_BYTES) return data;
  return Buffer.from(data)
    .subarray(0, MAX_DATA_BYTES)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
}
