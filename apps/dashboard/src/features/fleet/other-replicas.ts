import type { TaskResult } from "@windfire/protocol";
import type { StreamConnection, StreamEnd } from "#kernel";

/** The two streams that an agent keeps open. */
export type StreamKind = "tasks" | "states";

/** What other dashboards of the installation hear of this one's agents, and what they have of them. */
export interface OtherReplicas {
  /** A stream of a server's agent ends here now: it ends nowhere else any more. */
  opened(kind: StreamKind, serverId: number): void;
  closed(kind: StreamKind, serverId: number): void;
  /** A result of a task. @returns true: another replica gave the task and takes it */
  takeResult(serverId: number, result: TaskResult): boolean;
  /** An agent comes for a byte stream that is not kept here. What the other end has said comes before the promise resolves. */
  joinAsAgent(streamId: string, serverId: number, end: StreamEnd): Promise<StreamConnection | "unknown" | "taken">;
}
