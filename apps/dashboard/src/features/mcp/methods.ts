import { ACCEPTED, RPC, rpcError, rpcResult } from "./json-rpc.ts";
import type { RpcAnswer, RpcMessage } from "./json-rpc.ts";
import type { ToolCalls, ToolRequest } from "./tool-calls.ts";

const VERSIONS = ["2024-11-05", "2025-03-26", "2025-06-18"] as const;
const NEWEST = "2025-06-18";

/** Answers one message of a caller within its budget (spec 40 section 7). */
export async function answerMessage(
  deps: { readonly toolCalls: ToolCalls; readonly version: string },
  message: RpcMessage,
  request: ToolRequest,
): Promise<RpcAnswer> {
  const { id, method } = message;
  switch (method) {
    case "initialize":
      return rpcResult(id, JSON.stringify(initialized(message.params, deps.version)));
    case "notifications/initialized":
    case "ping":
      return id === undefined || id === "null" ? ACCEPTED : rpcResult(id, "{}");
    case "tools/list":
      return rpcResult(id, deps.toolCalls.list);
    case "tools/call":
      return deps.toolCalls.call(message, request);
    default:
      return id === undefined ? ACCEPTED : rpcError(id, RPC.method, `method not supported: ${method}`);
  }
}

/** The version the client asks for if it is known here, else the newest. */
function initialized(params: unknown, version: string): object {
  const asked = typeof params === "object" && params !== null && "protocolVersion" in params ? params.protocolVersion : undefined;
  return {
    protocolVersion: VERSIONS.find((known) => known === asked) ?? NEWEST,
    capabilities: { tools: { listChanged: false } },
    serverInfo: { name: "nezha-mcp", version },
  };
}
