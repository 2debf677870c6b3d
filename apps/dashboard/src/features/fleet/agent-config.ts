import type { Clock } from "@windfire/kit";
import { TASK } from "@windfire/protocol";
import type { TaskResult } from "@windfire/protocol";
import { refuse } from "#kernel";
import type { Agents } from "#kernel";

/** How long an agent may take to give its configuration (spec 20 section 6.3). */
const ANSWER_MS = 10_000;
/** So much of an agent's reason is shown: its results may have megabytes (spec 60 section 5, "strings from agents"). */
const MAX_REASON_LENGTH = 1024;

export interface AgentConfigDeps {
  readonly clock: Clock;
  readonly agents: Pick<Agents, "dispatch">;
}

/** What came of a question; `not asked`: the agent is not there, or takes no more. */
type Answer = TaskResult | "late" | "not asked";

/**
 * Asks agents for their configuration. Requests for one server share one question; an answer that comes when nobody asks is dropped, so a
 * late one is never taken for the next.
 */
export function createAgentConfig({ clock, agents }: AgentConfigDeps) {
  const asked = new Map<number, { readonly answer: Promise<Answer>; readonly settle: (answer: Answer) => void }>();

  /** Open before it is sent, so that an early answer finds it. */
  const ask = (serverId: number): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const end = (): void => {
      timer.cancel();
      asked.delete(serverId);
    };
    const settle = (answer: Answer): void => {
      end();
      resolve(answer);
    };
    const timer = clock.setTimeout(() => settle("late"), ANSWER_MS);
    asked.set(serverId, { answer: promise, settle });
    agents.dispatch(serverId, { id: 0, type: TASK.reportConfig, data: "" }).then(
      (outcome) => {
        if (outcome !== "sent") settle("not asked");
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
    return promise;
  };

  return {
    /** The configuration as JSON text, `null` when the agent is not connected. */
    async read(serverId: number): Promise<string | null> {
      const answer = await (asked.get(serverId)?.answer ?? ask(serverId));
      if (answer === "not asked") return null;
      if (answer === "late") throw refuse("operation timeout");
      if (!answer.successful) throw refuse("get server config failed: %v", answer.data.slice(0, MAX_REASON_LENGTH));
      return answer.data;
    },
    onResult(serverId: number, result: TaskResult): void {
      asked.get(serverId)?.settle(result);
    },
  };
}

export type AgentConfig = ReturnType<typeof createAgentConfig>;
