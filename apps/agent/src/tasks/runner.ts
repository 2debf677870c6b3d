import type { Task, TaskResult } from "@windfire/protocol";
import { cutBytes } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import type { AgentConfig } from "../config/index.ts";
import { faultText } from "../fault.ts";
import { GuardFault } from "../gate/index.ts";
import type { FileGuard, Gate, Leave, Refusal } from "../gate/index.ts";
import type { Log } from "../log.ts";
import { endingFrame } from "../streams/index.ts";
import type { OpenIo, RefuseStream } from "../streams/index.ts";
import { createRefusalLog } from "./refusal-log.ts";
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
  readonly clock: Clock;
  readonly kinds: ReadonlyMap<number, RunTask>;
  readonly gate: Gate;
  /** @param only folders that an order is limited to */
  readonly guard: (only: readonly string[] | undefined) => FileGuard;
  /** Attaches to a stream, says why it is refused, and ends it. */
  readonly refuseStream: RefuseStream;
  /** Aborted when the agent stops. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

const MAX_RUNNING = 512;
/** A result must stay below the dashboard's 4 MiB for a message, in UTF-8. */
const MAX_DATA_BYTES = 3 * 1024 * 1024;
const RIGHT_GONE = "This host does not permit this any more.";

/** Gate, start, limit and answer of every task (spec 21 section 6). */
export function createTaskRunner(deps: TaskRunnerDeps): TaskRunner {
  const { kinds, gate, signal, log } = deps;
  const noteRefusal = createRefusalLog(deps.clock, log);
  let running = 0;

  const answer = ({ id, type }: Task, session: TaskSession, outcome: TaskOutcome | undefined): void => {
    if (outcome === undefined) return;
    session.sendResult({
      id,
      type,
      delay: outcome.delay ?? 0,
      data: cutBytes(outcome.data ?? "", MAX_DATA_BYTES),
      successful: outcome.successful ?? false,
    });
  };
  const finish = async (task: Task, session: TaskSession, outcome: Promise<TaskOutcome | undefined>, leave: Leave): Promise<void> => {
    running++;
    try {
      answer(task, session, await outcome);
    } catch (error) {
      log.warn(`task of type ${task.type} failed: ${faultText(error)}`);
    } finally {
      running--;
      leave.done();
    }
  };
  const refuse = (task: Task, session: TaskSession, refusal: Refusal): void => {
    if (refusal.kind === "stream") deps.refuseStream(task, refusal.text, session);
    else if (refusal.kind === "result") answer(task, session, refusal);
  };
  const carryOut = (task: Task, session: TaskSession, run: RunTask, leave: Leave): void => {
    try {
      const outcome = run(task, {
        config: session.config(),
        signal: AbortSignal.any([signal, leave.ends]),
        session: AbortSignal.any([session.signal, leave.ends]),
        openIo: endingWith(leave.ends, session.openIo, endingFrame(task.type, RIGHT_GONE)),
        only: leave.only,
        guard: noting(deps.guard(leave.only), (path) => noteRefusal(`files at ${path}`, task.type)),
        noteRefusal: (what) => noteRefusal(what, task.type),
      });
      if (outcome instanceof Promise) return void finish(task, session, outcome, leave);
      answer(task, session, outcome);
    } catch (error) {
      log.warn(`task of type ${task.type} failed: ${faultText(error)}`);
    }
    leave.done();
  };

  return {
    run: (task, session) => {
      const run = kinds.get(task.type);
      if (run === undefined) return log.warn(`task of unknown type ${task.type} ignored`);
      const verdict = gate.ask(session.config(), task.type);
      if (verdict.kind === "refused") {
        noteRefusal(verdict.right, task.type);
        return refuse(task, session, verdict.refusal);
      }
      if (running < MAX_RUNNING) return carryOut(task, session, run, verdict);
      verdict.done();
      answer(task, session, { data: "too many tasks are running" });
    },
  };
}

/** Paths that are refused are written down. */
function noting(guard: FileGuard, note: (path: string) => void): FileGuard {
  return {
    ...guard,
    admit: async (path, ...rest) => {
      try {
        return await guard.admit(path, ...rest);
      } catch (error) {
        if (error instanceof GuardFault) note(path);
        throw error;
      }
    },
  };
}

/** A stream ends with the right by which it was opened, and says so where there is a form for it. */
function endingWith(ends: AbortSignal, openIo: OpenIo, farewell: Uint8Array | undefined): OpenIo {
  return (streamId, events, timeoutMs) => {
    const stream = openIo(
      streamId,
      {
        ...events,
        onEnd: (status) => {
          ends.removeEventListener("abort", leave);
          events.onEnd(status);
        },
      },
      timeoutMs,
    );
    const leave = (): void => {
      if (farewell !== undefined) {
        stream.send(farewell);
        stream.end();
      }
      // Whether the other side ends it or not.
      stream.cancel();
    };
    ends.addEventListener("abort", leave, { once: true });
    return stream;
  };
}
