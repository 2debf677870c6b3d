export type WireState = "connected" | "lost";

/** What carries messages between the replicas, at most once each, those of one sender in their order. */
export interface Wire {
  readonly state: WireState;
  /** Most bytes of one message. */
  readonly largest: number;
  /** Bytes that were handed over and not taken yet. */
  readonly waiting: number;
  /** To all other wires that listen to a subject; nothing happens while the wire is lost. */
  send(subject: string, bytes: Uint8Array): void;
  /** For good; before `start`. The bytes may be kept. */
  listen(subject: string, take: (bytes: Uint8Array) => void): void;
  onState(hear: (state: WireState) => void): void;
  /** Begins to connect, again and again. */
  start(): void;
  stop(): Promise<void>;
}
