import type { Clock } from "@windfire/kit";
import { MCP_TASK_ID_BASE } from "@windfire/protocol";
import type { TaskResult } from "@windfire/protocol";
import type { Agents } from "#kernel";
import type { Log } from "#platform/log";
import { cancelled, disabled, invalid, McpFailure, offline } from "./model.ts";

/** Agents refuse messages above 4 MiB; the rest is for what surrounds the data. */
const LARGEST_DATA_BYTES = 4 * 2 ** 20 - 64 * 2 ** 10;
/** Calls that wait for an agent, of all tokens; each lasts 305 s at most. */
const MOST_IN_FLIGHT = 4_096;

export interface CallDeps {
  readonly clock: Clock;
  readonly isEnabled: () => boolean;
  readonly agents: Pick<Agents, "dispatch">;
  readonly log: Pick<Log, "warn">;
}

export interface AgentOrder {
  readonly serverId: number;
  readonly type: number;
  /** Becomes the task's data as JSON. */
  readonly request: object;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

interface InFlight {
  readonly serverId: number;
  readonly type: number;
  readonly settle: (result: string | McpFailure) => void;
  /** Results of other servers have been reported: nobody fills the log with them. */
  isReported: boolean;
}

interface Settling {
  readonly settle: InFlight["settle"];
  /** A surprise. */
  readonly fail: (error: unknown) => void;
}

/** Questions to agents over their task streams, and the answers (spec 40 section 11). */
export function createAgentCalls(deps: CallDeps) {
  const inFlight = new Map<number, InFlight>();
  const counters = { foreign: 0, refused: 0 };
  let serial = 0;

  const endWhere = (matches: (call: InFlight) => boolean, failure: () => McpFailure): number => {
    const ended = [...inFlight.values()].filter(matches);
    for (const call of ended) call.settle(failure());
    return ended.length;
  };
  /** Registered before it is sent, so that an answer or the kill switch finds it; the switch is looked at in the same tick. */
  const send = (order: AgentOrder, data: string, { settle, fail }: Settling): (() => void) => {
    const id = MCP_TASK_ID_BASE + ++serial;
    const timeout = deps.clock.setTimeout(
      () => settle(new McpFailure("agent_timeout", "agent did not respond within timeout")),
      order.timeoutMs,
    );
    const onAbort = (): void => settle(cancelled());
    order.signal.addEventListener("abort", onAbort);
    inFlight.set(id, { serverId: order.serverId, type: order.type, settle, isReported: false });
    deps.agents
      .dispatch(order.serverId, { id, type: order.type, data })
      .then((outcome) => {
        if (outcome !== "sent") settle(outcome === "offline" ? offline() : new McpFailure("agent_error", "agent task queue is full"));
      })
      .catch(fail);
    return () => {
      inFlight.delete(id);
      timeout.cancel();
      order.signal.removeEventListener("abort", onAbort);
    };
  };
  return {
    counters,
    get size() {
      return inFlight.size;
    },
    /**
     * Asks and waits. Resolves with the data of the answer.
     *
     * @throws {McpFailure} offline, timed out, cancelled, switched off, or the agent's own text
     */
    async ask(order: AgentOrder): Promise<string> {
      const data = JSON.stringify(order.request);
      if (Buffer.byteLength(data) > LARGEST_DATA_BYTES)
        throw invalid("the request is too large for one message to the agent; use fs.upload_url for files");
      if (!deps.isEnabled()) throw disabled();
      if (order.signal.aborted) throw cancelled();
      if (inFlight.size >= MOST_IN_FLIGHT) {
        counters.refused++;
        throw new McpFailure("rate_limited", "too many calls wait for agents");
      }
      const { promise, resolve, reject } = Promise.withResolvers<string | McpFailure>();
      const release = send(order, data, { settle: resolve, fail: reject });
      const result = await promise.finally(release);
      if (result instanceof McpFailure) throw result;
      return result;
    },
    /** A result counts only for a call in flight, of the same type, from the server that was asked (GHSA-4g6j-g789-rghm). */
    onResult(serverId: number, result: TaskResult): void {
      const call = inFlight.get(result.id);
      if (!call || call.type !== result.type) return;
      if (call.serverId !== serverId) {
        counters.foreign++;
        if (!call.isReported)
          deps.log.warn(`MCP result ignored: taskID=${result.id} targetServerID=${call.serverId} reporterID=${serverId}`);
        call.isReported = true;
        return;
      }
      inFlight.delete(result.id);
      call.settle(result.successful ? result.data : new McpFailure("agent_error", result.data || "agent returned unsuccessful result"));
    },
    /** The task stream that carried the calls is gone. */
    endOfServer: (serverId: number, failure: () => McpFailure = offline): number => endWhere((call) => call.serverId === serverId, failure),
    endAll: (failure: () => McpFailure): number => endWhere(() => true, failure),
  };
}

export type AgentCalls = ReturnType<typeof createAgentCalls>;
