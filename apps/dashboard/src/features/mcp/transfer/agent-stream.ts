import { MCP_TRANSFER_CAP, parseMcpFrame, TASK } from "@windfire/protocol";
import type { FsTransferRequest, McpFrame, Task } from "@windfire/protocol";
import type { StreamClose, StreamEnd, StreamRegistry } from "#features/relay";
import type { DispatchOutcome } from "#kernel";
import { withoutEmpty } from "../tools/schema.ts";
import { disabled, McpFailure } from "../model.ts";

export interface AgentStreamDeps {
  readonly isEnabled: () => boolean;
  readonly streams: StreamRegistry;
  readonly isOnline: (serverId: number) => boolean;
  readonly dispatch: (serverId: number, task: Task) => DispatchOutcome;
}

/** An agent's side of one file transfer, message by message. */
export interface AgentStream {
  /** The next frame, or why there is none: a frame that breaks the format, or the end of the stream. */
  next(): Promise<McpFrame | { readonly fault: string }>;
  /** Sends file bytes; resolves when more may follow. `false`: the stream is gone. */
  write(bytes: Uint8Array): Promise<boolean>;
  /** Frames that have arrived and wait. */
  readonly pending: boolean;
  /** Resolves when a frame waits or the stream has ended. */
  spoke(): Promise<void>;
  /** The transfer is over; `revoked`: it may not go on. */
  close(reason: "peer-ended" | "revoked"): void;
}

/** How long an agent may take to open the stream. */
const ATTACH_MS = 30_000;
/** Most bytes that wait to be written to the spool file; a message holds 4 MiB at most. */
const MOST_UNREAD_BYTES = 16 * 2 ** 20;
/** From so few on the agent is read again. */
const DRAINED_BYTES = 2 ** 20;

/** @throws {McpFailure} with status 502 (spec 40 section 12.6) */
export function openAgentStream(deps: AgentStreamDeps, serverId: number, wish: Omit<FsTransferRequest, "stream_id">): AgentStream {
  const { streams } = deps;
  if (!deps.isEnabled()) throw badGateway("mcp_disabled", disabled().message);
  if (!deps.isOnline(serverId)) throw badGateway("server_offline", "server offline");
  const stream = streams.create({ purpose: "mcp-transfer", creatorId: 0, serverId, attachMs: ATTACH_MS });
  if ("refused" in stream) throw badGateway("agent_error", stream.refused);
  const { end, face } = createEnd(() => streams.drained(stream.id, "user"));
  streams.attachUser(stream.id, end);
  const { op, path, ...options } = wish;
  const data = JSON.stringify({ stream_id: stream.id, op, path, ...withoutEmpty(options) });
  const outcome = deps.dispatch(serverId, { id: 0, type: TASK.mcpFsTransfer, data });
  if (outcome !== "sent") {
    streams.close(stream.id, "peer-ended");
    throw outcome === "offline" ? badGateway("server_offline", "server offline") : badGateway("agent_error", "agent task queue is full");
  }
  return {
    next: face.next,
    get pending() {
      return face.pending();
    },
    async write(bytes) {
      if (!(await face.writable())) return false;
      streams.fromUser(stream.id, bytes);
      return face.writable();
    },
    spoke: face.spoke,
    close: (reason) => streams.close(stream.id, reason),
  };
}

export function badGateway(outcome: McpFailure["outcome"], text: string, auditText?: string): McpFailure {
  return new McpFailure(outcome, text, { status: 502, ...(auditText !== undefined && { auditText }) });
}

/** The text of a stream that ended before anything came through it because no agent was there. */
export const NOT_ATTACHED = `agent did not attach within ${ATTACH_MS / 1000}s`;

const END_TEXT: Record<StreamClose, string> = {
  "peer-ended": "EOF",
  revoked: "stream revoked",
  timeout: NOT_ATTACHED,
  overflow: "stream overflow",
  shutdown: "dashboard is shutting down",
};

/** The dashboard's own end of the stream: a bounded queue of messages on one side, a valve on the other. */
function createEnd(onDrained: () => void) {
  const messages: Uint8Array[] = [];
  let unread = 0;
  let ended: StreamClose | undefined;
  let paused = false;
  const wake: (() => void)[] = [];
  const wakeAll = (): void => {
    for (const resolve of wake.splice(0)) resolve();
  };
  const change = (): Promise<void> => new Promise((resolve) => void wake.push(resolve));
  const end: StreamEnd = {
    send(bytes) {
      if (ended) return "closed";
      if (unread + bytes.length > MOST_UNREAD_BYTES) return "full";
      messages.push(bytes);
      unread += bytes.length;
      wakeAll();
      return "sent";
    },
    unread: () => unread,
    pause: () => void (paused = true),
    resume() {
      paused = false;
      wakeAll();
    },
    close(reason) {
      ended = reason;
      wakeAll();
    },
  };
  const face = {
    pending: (): boolean => messages.length > 0,
    async spoke(): Promise<void> {
      while (messages.length === 0 && !ended) await change();
    },
    async next(): Promise<McpFrame | { fault: string }> {
      await face.spoke();
      const message = messages.shift();
      if (!message) return { fault: END_TEXT[ended ?? "peer-ended"] };
      unread -= message.length;
      if (unread <= DRAINED_BYTES) onDrained();
      return frameOf(message);
    },
    /** Waits while the agent is slower than we are. */
    async writable(): Promise<boolean> {
      while (paused && !ended) await change();
      return !ended;
    },
  };
  return { end, face };
}

function frameOf(message: Uint8Array): McpFrame | { fault: string } {
  const frame = parseMcpFrame(message);
  if (typeof frame === "string") return { fault: frame };
  return "size" in frame && frame.size > MCP_TRANSFER_CAP ? { fault: "declared size exceeds MCP transfer cap" } : frame;
}
