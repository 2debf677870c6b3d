import { MCP_TRANSFER_CAP, parseMcpFrame, TASK } from "@windfire/protocol";
import type { FsTransferRequest, McpFrame } from "@windfire/protocol";
import type { Agents, StreamClose, StreamConnection, StreamEnd, StreamRefusal } from "#kernel";
import { withoutEmpty } from "../tools/schema.ts";
import { disabled, McpFailure } from "../model.ts";

export interface AgentStreamDeps {
  readonly isEnabled: () => boolean;
  readonly agents: Pick<Agents, "openStream" | "joinStream">;
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
export async function openAgentStream(
  { agents, isEnabled }: AgentStreamDeps,
  serverId: number,
  wish: Omit<FsTransferRequest, "stream_id">,
): Promise<AgentStream> {
  if (!isEnabled()) throw badGateway("mcp_disabled", disabled().message);
  const { op, path, ...options } = wish;
  const stream = await agents.openStream({ purpose: "mcp-transfer", creatorId: 0, serverId, attachMs: ATTACH_MS }, (stream_id) => ({
    id: 0,
    type: TASK.mcpFsTransfer,
    data: JSON.stringify({ stream_id, op, path, ...withoutEmpty(options) }),
  }));
  if ("refused" in stream) throw refusalOf(stream.refused);
  let connection: StreamConnection | undefined;
  const { end, face } = createEnd(() => connection?.drained());
  const joined = await agents.joinStream(stream.id, end);
  if (typeof joined === "string") end.close("peer-ended");
  else connection = joined;
  // It may have been switched off meanwhile.
  if (!isEnabled()) connection?.close("revoked");
  return {
    next: face.next,
    get pending() {
      return face.pending();
    },
    async write(bytes) {
      if (!(await face.writable())) return false;
      connection?.send(bytes);
      return face.writable();
    },
    spoke: face.spoke,
    close: (reason) => connection?.close(reason),
  };
}

function refusalOf(refused: StreamRefusal): McpFailure {
  if (refused === "offline") return badGateway("server_offline", "server offline");
  return badGateway("agent_error", refused === "queue-full" ? "agent task queue is full" : refused);
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
