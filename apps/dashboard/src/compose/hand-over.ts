import type { Clock } from "@windfire/kit";
import type { Foundation } from "./foundation.ts";
import type { Some } from "./rooms.ts";

/** A balancer that asks every second, and believes the second answer, sends nobody here after that. */
const NOTICE_MS = 3_000;
/** So many agents a second come to the others. */
const AGENTS_PER_SECOND = 200;
const SHORTEST_MS = 2_000;
const LONGEST_MS = 30_000;

/** What one of several dashboards does before it stops, so that its servers are never out of sight. */
export interface HandOver {
  /** It has begun: not ready any more. */
  readonly hasBegun: boolean;
  /** Resolves when this dashboard may stop; at once where there is no other. Three to 33 seconds, by the number of agents. */
  run(): Promise<void>;
}

export function createHandOver(
  { bus, clock, judge, log, onError }: Pick<Foundation, "bus" | "clock" | "judge" | "log" | "onError">,
  { fleet, replicas }: Some<"fleet" | "replicas">,
): HandOver {
  let hasBegun = false;
  /** Where the bus is lost nobody knows whether there are others. */
  const isAlone = (): boolean => bus.state === "off" || (bus.state === "connected" && replicas.peers().length === 0);
  return {
    get hasBegun() {
      return hasBegun;
    },
    async run() {
      if (hasBegun || isAlone()) return;
      hasBegun = true;
      // Another takes it within a second; whatever is under way here is told to that one.
      judge.stop().catch(onError("judge"));
      await elapsed(clock, NOTICE_MS);
      const agents = fleet.sendingAway.count();
      const spreadMs = Math.min(Math.max((agents / AGENTS_PER_SECOND) * 1_000, SHORTEST_MS), LONGEST_MS);
      log.info(`asks ${agents} agents to come to another dashboard, within ${Math.ceil(spreadMs / 1_000)} s`);
      await fleet.sendingAway.run(spreadMs);
    },
  };
}

function elapsed(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimeout(resolve, ms));
}
