import type { StreamCall } from "#platform/grpc";

/** Who calls, as far as is known before authentication. */
export interface AgentCall {
  /** Address the call counts for with the WAF; "" when unknown. */
  readonly ip: string;
  /** TCP peer, dotted IPv4. */
  readonly peer: string;
  readonly secret: string;
  readonly uuid: string;
}

/** A stream of an agent that has signed in. */
export type AgentStream = Pick<StreamCall, "send" | "unread" | "pause" | "resume" | "onMessage" | "onDrain" | "onEnd" | "end" | "sendAway">;
