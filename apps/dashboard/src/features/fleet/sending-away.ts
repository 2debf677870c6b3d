import type { Clock } from "@windfire/kit";
import type { StateStreams } from "./state-stream.ts";
import type { TaskStreams } from "./task-streams.ts";

/** What an agent is told; the reference's logs it and connects again ten seconds later, ours within seconds. */
const WHY = "this dashboard is stopping: connect again";

export interface SendingAwayDeps {
  readonly clock: Pick<Clock, "setTimeout">;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly tasks: Pick<TaskStreams, "onlineIds" | "sendAway">;
  readonly states: Pick<StateStreams, "ids" | "sendAway">;
}

/** Agents that are asked to come again, each once and at a moment of its own: all at once would be a crowd for whoever takes them. */
export interface SendingAway {
  /** How many agents there are. */
  count(): number;
  /** Resolves when all that were here have been asked. @param withinMs over which time they are spread */
  run(withinMs: number): Promise<void>;
}

export function createSendingAway({ clock, random, tasks, states }: SendingAwayDeps): SendingAway {
  const here = (): Set<number> => new Set([...tasks.onlineIds(), ...states.ids()]);
  const ask = (serverId: number): void => {
    states.sendAway(serverId, WHY);
    tasks.sendAway(serverId, WHY);
  };
  const later = (serverId: number, ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.setTimeout(() => {
        ask(serverId);
        resolve();
      }, ms);
    });
  return {
    count: () => here().size,
    async run(withinMs) {
      await Promise.all([...here()].map((serverId) => later(serverId, random() * withinMs)));
    },
  };
}
