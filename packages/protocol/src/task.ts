/** Kinds of order to an agent (spec 20 section 6). 5 and 10 are retired and never sent. */
export const TASK = {
  httpGet: 1,
  icmpPing: 2,
  tcpPing: 3,
  command: 4,
  upgrade: 6,
  keepalive: 7,
  terminal: 8,
  nat: 9,
  fileManager: 11,
  reportConfig: 12,
  applyConfig: 13,
  serverTransfer: 14,
  mcpExec: 15,
  mcpFsList: 16,
  mcpFsRead: 17,
  mcpFsWrite: 18,
  mcpFsDelete: 19,
  mcpFsTransfer: 20,
  /** Ours: ends the commands that were sent with this task's id. Only for agents that tell their rights; there is no result. */
  stopCommand: 1000,
} as const;

export type TaskType = (typeof TASK)[keyof typeof TASK];

/** Ids of MCP tasks are above this, so that they never meet a cron or service id. */
export const MCP_TASK_ID_BASE = 2 ** 32;

/** Data of a terminal or file manager task. */
export interface StreamOrder {
  readonly streamId: string;
}

/** Data of a NAT task. `host` is the TCP address on the agent's side. */
export interface NatOrder extends StreamOrder {
  readonly host: string;
}

/** Data of a server transfer task. */
export interface TransferOrder {
  readonly clientSecret: string;
}

/** Agents match the keys without regard to case, but this is the case they know. */
export function formatStreamOrder(order: StreamOrder): string {
  return JSON.stringify({ StreamID: order.streamId });
}

export function formatNatOrder(order: NatOrder): string {
  return JSON.stringify({ StreamID: order.streamId, Host: order.host });
}

export function formatTransferOrder(order: TransferOrder): string {
  return JSON.stringify({ client_secret: order.clientSecret });
}

/** Undefined for anything but an object with a non-empty stream id. */
export function parseStreamOrder(data: string): StreamOrder | undefined {
  const streamId = textMember(data, "streamid");
  return streamId ? { streamId } : undefined;
}

export function parseNatOrder(data: string): NatOrder | undefined {
  const streamId = textMember(data, "streamid");
  const host = textMember(data, "host");
  return streamId && host !== undefined ? { streamId, host } : undefined;
}

export function parseTransferOrder(data: string): TransferOrder | undefined {
  const clientSecret = textMember(data, "client_secret");
  return clientSecret ? { clientSecret } : undefined;
}

function textMember(data: string, lowerCaseName: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const member = Object.entries(parsed).find(([name]) => name.toLowerCase() === lowerCaseName)?.[1] as unknown;
  return typeof member === "string" ? member : undefined;
}
