import { connectLightAgent } from "./light-agent.ts";
import type { LightAgent } from "./light-agent.ts";
import type { BenchDashboard } from "./stage.ts";

const CONNECTING_AT_ONCE = 20;

/** Many agents on one dashboard. */
export interface Crowd {
  readonly size: number;
  /** Each agent reports once in every interval, in a phase of its own, for so long. Returns the milliseconds each receipt took. */
  reportEvery(intervalMs: number, forMs: number): Promise<number[]>;
  /** Each agent sends again as soon as its receipt is there. */
  reportFlatOut(forMs: number): Promise<number[]>;
  /** The same until each has sent so many. */
  reportTimes(count: number): Promise<void>;
  leave(): void;
}

export interface CrowdOptions {
  readonly onProbe?: () => void;
  /** Number of the first agent: others than those of a crowd before. */
  readonly first?: number;
}

/** Connects them twenty at a time. Agents that were never there before become servers. */
export async function gatherCrowd(dashboard: BenchDashboard, size: number, { onProbe, first = 0 }: CrowdOptions = {}): Promise<Crowd> {
  const agents: LightAgent[] = [];
  for (let from = 0; from < size; from += CONNECTING_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(CONNECTING_AT_ONCE, size - from) }, (_, index) => first + from + index);
    agents.push(
      ...(await Promise.all(
        numbers.map((number) =>
          connectLightAgent({
            target: dashboard.target,
            secret: dashboard.agentSecret,
            uuid: uuidOf(number),
            ...(onProbe ? { onProbe } : {}),
          }),
        ),
      )),
    );
  }
  const everyone = async (
    forMs: number,
    live: (agent: LightAgent, index: number, until: number, times: number[]) => Promise<void>,
  ): Promise<number[]> => {
    const times: number[] = [];
    const until = performance.now() + forMs;
    await Promise.all(agents.map((agent, index) => live(agent, index, until, times)));
    return times;
  };
  return {
    size,
    reportEvery: (intervalMs, forMs) =>
      everyone(forMs, async (agent, index, until, times) => {
        let due = performance.now() + (intervalMs * index) / size;
        while (due < until) {
          await waitUntil(due);
          times.push(await timed(agent));
          due += intervalMs;
        }
      }),
    reportFlatOut: (forMs) =>
      everyone(forMs, async (agent, _index, until, times) => {
        while (performance.now() < until) times.push(await timed(agent));
      }),
    reportTimes: async (count) => {
      await Promise.all(
        agents.map(async (agent) => {
          for (let sent = 0; sent < count; sent++) await agent.report();
        }),
      );
    },
    leave: () => {
      for (const agent of agents) agent.close();
    },
  };
}

async function timed(agent: LightAgent): Promise<number> {
  const began = performance.now();
  await agent.report();
  return performance.now() - began;
}

function waitUntil(moment: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, Math.max(0, moment - performance.now())));
}

function uuidOf(number: number): string {
  return `be2c0000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}
