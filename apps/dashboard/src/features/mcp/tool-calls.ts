import { createHash } from "node:crypto";
import type { Clock } from "@windfire/kit";
import type { LiveConnections } from "#access/protection";
import { hasScope } from "#access/policy";
import type { TokenCaller } from "#kernel";
import type { Audit } from "./audit.ts";
import { RPC, rpcError, rpcResult } from "./json-rpc.ts";
import type { RpcAnswer, RpcMessage } from "./json-rpc.ts";
import { cancelled, failureOf, McpFailure } from "./model.ts";
import { rawMembers } from "./raw-json.ts";
import type { Tool } from "./tools/index.ts";

/** One request as far as it concerns tools. */
export interface ToolRequest {
  readonly caller: TokenCaller;
  /** Real address, "" when unknown. */
  readonly ip: string;
  /** TCP peer. */
  readonly peer: string;
  /** Scheme and host of links; `undefined` where none may be made. */
  readonly linkBase: string | undefined;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

export interface ToolCallDeps {
  readonly clock: Clock;
  readonly tools: readonly Tool[];
  readonly audit: Audit;
  readonly connections: LiveConnections;
  /** Surprises, which callers are told nothing of. */
  readonly onError: (error: unknown) => void;
}

interface ParsedCall {
  readonly tool: Tool;
  /** Arguments as they were written, `undefined` when there are none. */
  readonly raw: string | undefined;
  readonly args: unknown;
}

const RATE_LIMITED = "rate limit exceeded for this token";

/** `tools/call`: look up, check the scope, run, answer, write down (spec 40 section 8). */
export function createToolCalls(deps: ToolCallDeps) {
  const { audit, clock } = deps;
  const tools = new Map(deps.tools.map((tool) => [tool.name, tool]));

  const parse = ({ id, params, rawParams }: RpcMessage): ParsedCall | RpcAnswer => {
    if (typeof params !== "object" || Array.isArray(params)) return rpcError(id, RPC.params, "invalid arguments: params must be an object");
    const { name, arguments: args } = (params ?? {}) as { name?: unknown; arguments?: unknown };
    if (typeof name !== "string" && name !== undefined && name !== null)
      return rpcError(id, RPC.params, "invalid arguments: name must be a string");
    if (!name) return rpcError(id, RPC.params, "tool name required");
    const tool = tools.get(name);
    return tool ? { tool, args, raw: rawMembers(rawParams).get("arguments") } : rpcError(id, RPC.method, `unknown tool: ${name}`);
  };
  /** Whoever deletes the token, or the client by going, ends the call. */
  const run = async ({ tool, args }: ParsedCall, request: ToolRequest): Promise<object> => {
    const { caller, linkBase } = request;
    if (tool.scope && !hasScope(caller, tool.scope)) throw new McpFailure("scope_denied", `missing required scope: ${tool.scope}`);
    const revoked = new AbortController();
    const release = deps.connections.register({ caller, ip: request.ip || request.peer, close: () => revoked.abort() });
    const signal = AbortSignal.any([request.signal, revoked.signal]);
    try {
      if (signal.aborted) throw cancelled();
      return await tool.run(args, { caller, linkBase, signal });
    } finally {
      release();
    }
  };
  const record = (call: ParsedCall, request: ToolRequest, started: number, failure: McpFailure | undefined): void =>
    audit.write({
      userId: request.caller.user.id,
      tokenId: request.caller.tokenId,
      tool: call.tool.name,
      serverId: serverIdOf(call.args),
      argsHash: call.raw === undefined ? "" : createHash("sha256").update(call.raw).digest("hex"),
      outcome: failure?.outcome ?? "ok",
      error: failure?.auditText ?? "",
      durationMs: clock.monotonic() - started,
      ip: request.ip,
      acts: acts(call.tool),
    });

  return {
    async call(message: RpcMessage, request: ToolRequest): Promise<RpcAnswer> {
      const call = parse(message);
      if ("status" in call) return call;
      const started = clock.monotonic();
      try {
        const result = JSON.stringify(await run(call, request));
        record(call, request, started, undefined);
        return rpcResult(message.id, `{"content":[{"type":"text","text":${JSON.stringify(result)}}],"structuredContent":${result}}`);
      } catch (error) {
        const failure = failureOf(error, deps.onError);
        record(call, request, started, failure);
        return rpcResult(message.id, toolError(failure.message, failure.structured));
      }
    },
    /** The answer to a call over budget; a few of them are written down. */
    overBudget(message: RpcMessage, { caller, ip }: Pick<ToolRequest, "caller" | "ip">): RpcAnswer {
      const call = parse(message);
      if (!("status" in call)) {
        audit.writeSampled(`token ${caller.tokenId}`, {
          userId: caller.user.id,
          tokenId: caller.tokenId,
          tool: call.tool.name,
          serverId: serverIdOf(call.args),
          argsHash: "",
          outcome: "rate_limited",
          error: RATE_LIMITED,
          durationMs: 0,
          ip,
          acts: false,
        });
      }
      return rpcResult(message.id, toolError(RATE_LIMITED, { error_code: "rate_limited", error: RATE_LIMITED }));
    },
    list: JSON.stringify({ tools: deps.tools.map(({ run: _run, scope: _scope, ...face }) => face) }),
  };
}

export type ToolCalls = ReturnType<typeof createToolCalls>;

function toolError(text: string, structured: object | undefined): string {
  return JSON.stringify({ content: [{ type: "text", text }], ...(structured && { structuredContent: structured }), isError: true });
}

function acts({ scope }: Tool): boolean {
  return scope !== undefined && !scope.endsWith(":read");
}

function serverIdOf(args: unknown): number {
  const id = typeof args === "object" && args !== null && "server_id" in args ? args.server_id : 0;
  return typeof id === "number" && Number.isSafeInteger(id) && id > 0 ? id : 0;
}
