import type { Clock } from "@windfire/kit";
import { TASK } from "@windfire/protocol";
import type { Task, TaskResult } from "@windfire/protocol";
import { refuse } from "#kernel";
import type { DispatchOutcome } from "#kernel";

/** How long an agent may take to give its configuration (spec 20 section 6.3). */
const ANSWER_MS = 10_000;

export interface AgentConfigDeps {
  readonly clock: Clock;
  readonly dispatch: (serverId: number, task: Task) => DispatchOutcome;
}

/**
 * Asks agents for their configuration. Requests for one server share one question; an answer that comes when nobody asks is dropped, so a
 * late one is never taken for the next.
 */
export function createAgentConfig(deps: AgentConfigDeps) {
  const asked = new Map<
    number,
    { readonly answer: Promise<TaskResult | undefined>; readonly settle: (result: TaskResult | undefined) => void }
  >();

  const ask = (serverId: number): Promise<TaskResult | undefined> => {
    const { promise, resolve } = Promise.withResolvers<TaskResult | undefined>();
    const timer = deps.clock.setTimeout(() => settle(undefined), ANSWER_MS);
    const settle = (result: TaskResult | undefined): void => {
      timer.cancel();
      asked.delete(serverId);
      resolve(result);
    };
    asked.set(serverId, { answer: promise, settle });
    return promise;
  };

  return {
    /** The configuration as JSON text, `null` when the agent is not connected. */
    async read(serverId: number): Promise<string | null> {
      const open = asked.get(serverId);
      if (!open && deps.dispatch(serverId, { id: 0, type: TASK.reportConfig, data: "" }) !== "sent") return null;
      const result = await (open?.answer ?? ask(serverId));
      if (!result) throw refuse("operation timeout");
      if (!result.successful) throw refuse("get server config failed: %v", result.data);
      return result.data;
    },
    onResult(serverId: number, result: TaskResult): void {
      asked.get(serverId)?.settle(result);
    },
  };
}

export type AgentConfig = ReturnType<typeof createAgentConfig>;
