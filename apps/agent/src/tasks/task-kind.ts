import type { Task } from "@windfire/protocol";
import type { AgentConfig } from "../config/index.ts";
import type { FileGuard } from "../gate/index.ts";
import type { OpenIo } from "../streams/index.ts";

/** What a task is given besides its data. */
export interface TaskContext {
  /** The configuration of the moment the task came. */
  readonly config: AgentConfig;
  /** Aborted when the agent stops. */
  readonly signal: AbortSignal;
  /** Aborted when the connection ends that the task came by. */
  readonly session: AbortSignal;
  readonly openIo: OpenIo;
  /** Folders or addresses that the host limits it to; undefined: none. */
  readonly only: readonly string[] | undefined;
  /** Through whom every path of an order goes. */
  readonly guard: FileGuard;
  /** Writes down that the host does not permit what this order is about. @param what such as "nat to 192.0.2.1:22" */
  readonly noteRefusal: (what: string) => void;
}

/** What a result says; members left out are zero, empty and false. */
export interface TaskOutcome {
  /** Milliseconds for probes, seconds for commands. */
  readonly delay?: number;
  readonly data?: string;
  readonly successful?: boolean;
}

/** Carries out one kind of task. Undefined when no result is expected. */
export type RunTask = (task: Task, context: TaskContext) => Promise<TaskOutcome | undefined> | TaskOutcome | undefined;

export function failed(data: string): TaskOutcome {
  return { data };
}
