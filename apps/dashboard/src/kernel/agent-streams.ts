/** One end of a byte stream to an agent. Messages are handed over as they come, empty keep-alives are not. */
export interface StreamEnd {
  /** `full`: more is unread than a stream may hold, it is to be closed; `closed`: the peer is gone. */
  send(bytes: Uint8Array): "sent" | "full" | "closed";
  /** Bytes sent that the peer has not read yet. */
  unread(): number;
  /** Stops and goes on reading from the peer, while the other end is slower. */
  pause(): void;
  resume(): void;
  close(reason: StreamClose): void;
}

export type StreamClose = "peer-ended" | "revoked" | "timeout" | "overflow" | "shutdown";

/** What a stream is for; an attach from another purpose is refused (spec 60 section 2, GHSA-q6xx-5vr8-p898). */
export type StreamPurpose = "terminal" | "files" | "nat" | "mcp-transfer";

export interface StreamRequest {
  readonly purpose: StreamPurpose;
  /** User who opened it; 0: the dashboard itself (NAT, MCP). */
  readonly creatorId: number;
  readonly serverId: number;
  /** How long the other end may take to attach, ms; the usual time unless given. */
  readonly attachMs?: number;
}

export interface Stream extends StreamRequest {
  readonly id: string;
}

/** Text for the caller when a quota is used up. */
export type QuotaRefusal =
  | "too many concurrent streams for this user"
  | "too many concurrent streams for this server"
  | "too many concurrent streams";

export type StreamRefusal = QuotaRefusal | "offline" | "queue-full";

export type StreamOpening = Stream | { readonly refused: StreamRefusal };

/** Streams of this purpose, of this server; of all where nothing is said. */
export type StreamSelection = Partial<Pick<Stream, "purpose" | "serverId">>;

/** What whoever joined a stream does with it; nothing once another end has taken the place. */
export interface StreamConnection {
  /** To the agent; what comes before the agent has attached waits for it. */
  send(bytes: Uint8Array): void;
  /** This end has caught up: the agent is read again. */
  drained(): void;
  /** This end is behind: the agent is not read until it has caught up. */
  pressed(): void;
  close(reason: StreamClose): void;
  /** Ends the stream unless its agent has attached: nothing more will come. */
  giveUp(): void;
  /** This end is lost: another may take its place for so long, and what the agent says waits for it. Nothing more comes to this one. */
  hold(ms: number): void;
}
