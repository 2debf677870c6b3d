import { firstValue, rawMembers } from "./raw-json.ts";

/** Codes of spec 40 section 5. */
export const RPC = { parse: -32_700, request: -32_600, method: -32_601, params: -32_602, unauthorized: -32_001, refused: -32_002 } as const;
export type RpcCode = (typeof RPC)[keyof typeof RPC];

/** A message as it came. */
export interface RpcMessage {
  /** In the text it was written in, so that it goes back unchanged. */
  readonly id: string | undefined;
  readonly method: string;
  readonly params: unknown;
  /** The same as text, "" when there are none. */
  readonly rawParams: string;
}

/** What to answer: `undefined` body stands for 202 without content. */
export interface RpcAnswer {
  readonly status: number;
  readonly body: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A `fault` is what to answer; its `id` is known when only the envelope is wrong. */
export type Envelope = { readonly message: RpcMessage } | { readonly fault: RpcAnswer; readonly id: string | undefined };

const MAX_DEPTH = 64;

/** Reads the first JSON value of a body as a request or notification (spec 40 section 5). */
export function parseEnvelope(body: string): Envelope {
  try {
    const text = firstValue(body, MAX_DEPTH);
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || Array.isArray(value)) return parseFault("a JSON object is expected");
    const { jsonrpc, method, params } = (value ?? {}) as { jsonrpc?: unknown; method?: unknown; params?: unknown };
    if (!isText(jsonrpc) || !isText(method)) return parseFault(`${isText(jsonrpc) ? "method" : "jsonrpc"} must be a string`);
    const raw = rawMembers(text);
    const id = raw.get("id");
    if (jsonrpc !== "2.0" || !method) return { fault: rpcError(id, RPC.request, "invalid json-rpc envelope"), id };
    return { message: { id, method, params, rawParams: raw.get("params") ?? "" } };
  } catch (error) {
    return parseFault(error instanceof Error ? error.message : "syntax error");
  }
}

function isText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === "string";
}

function parseFault(text: string): Envelope {
  return { fault: rpcError(undefined, RPC.parse, `invalid json-rpc envelope: ${text}`), id: undefined };
}

/** `result` is JSON text. */
export function rpcResult(id: string | undefined, result: string): RpcAnswer {
  return { status: 200, body: `{"jsonrpc":"2.0",${idMember(id)}"result":${result}}` };
}

export function rpcError(
  id: string | undefined,
  code: RpcCode,
  message: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): RpcAnswer {
  return { status, body: `{"jsonrpc":"2.0",${idMember(id)}"error":${JSON.stringify({ code, message })}}`, headers };
}

export const ACCEPTED: RpcAnswer = { status: 202, body: undefined };

function idMember(id: string | undefined): string {
  return id === undefined ? "" : `"id":${id},`;
}
