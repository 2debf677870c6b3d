/**
 * One call of an agent as the fleet sees it: what the gRPC layer offers, without its machinery. Messages are protobuf bytes.
 */
export interface AgentCall {
  /** Address the call counts for with the WAF; "" when unknown. */
  readonly ip: string;
  /** TCP peer, dotted IPv4. */
  readonly peer: string;
  readonly secret: string;
  readonly uuid: string;
}

export interface AgentStream extends AgentCall {
  /** `full`: the write queue is at its limit, the stream is being closed. */
  send(message: Uint8Array): "sent" | "full" | "closed";
  unread(): number;
  pause(): void;
  resume(): void;
  onMessage(handle: (message: Buffer) => void): void;
  /** All that was sent has left. */
  onDrain(handle: () => void): void;
  /** The agent half-closed, reset the stream or is gone; called once. */
  onEnd(handle: () => void): void;
  end(status: number, text?: string): void;
}
