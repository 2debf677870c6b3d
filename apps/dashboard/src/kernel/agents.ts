import type { Task } from "@windfire/protocol";
import type { Stream, StreamClose, StreamConnection, StreamEnd, StreamOpening, StreamRequest, StreamSelection } from "./agent-streams.ts";

/** What became of a task given to an agent. Agents without a task stream are `offline`. */
export type DispatchOutcome = "sent" | "offline" | "queue-full";

/** Which process holds an agent's task stream: this one, or another dashboard's. */
export type AgentPlace = "here" | "elsewhere" | "offline";

/**
 * The one way to agents, in whichever process their connections are. Tasks for one agent, and the orders of streams among them, arrive in
 * the order of the calls. An answer may come later than what the agent does about it; a promise is rejected by surprises alone.
 */
export interface Agents {
  dispatch(serverId: number, task: Task): Promise<DispatchOutcome>;
  where(serverId: number): Promise<AgentPlace>;
  /** Makes a stream within the quotas and sends its agent the order to attach to it. What is refused leaves nothing behind. */
  openStream(request: StreamRequest, order: (streamId: string) => Task): Promise<StreamOpening>;
  findStream(id: string): Promise<Stream | undefined>;
  /**
   * Joins the end of a person, or of the dashboard itself; the first one has it, unless another comes `instead`. What the agent said until
   * then, or since an end was lost (`hold`), comes first.
   */
  joinStream(id: string, end: StreamEnd, place?: "instead"): Promise<StreamConnection | "unknown" | "taken">;
  /** Ends all that match. @returns how many there were */
  closeStreams(selection: StreamSelection, reason: StreamClose): Promise<number>;
}
