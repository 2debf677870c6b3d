import { setTimeout as pause } from "node:timers/promises";
import { connectLightAgent } from "../bench/light-agent.ts";
import type { LightAgentOptions } from "../bench/light-agent.ts";
import type { BenchDashboard } from "../bench/stage.ts";

const INTERVAL_MS = 3_000;
/** An agent stays for so many reports on average, then comes back at once: with a thousand agents three come and go every second. */
const REPORTS_OF_A_STAY = 100;
const CONNECTING_AT_ONCE = 20;

/** Agents that come, report, leave and come back. */
export interface Fleet {
  /** How often one connected. */
  readonly connects: number;
  readonly reports: number;
  /** Connections that ended, though their agent had not left. */
  readonly broken: number;
  /** What the first of them ended with. */
  readonly firstReason: string | undefined;
  /** Resolves when all have left; rejects with what went wrong for the first that could not come back. */
  leave(): Promise<void>;
}

interface Counts {
  connects: number;
  reports: number;
  broken: number;
  firstReason: string | undefined;
}

/** Brings all of them, and has them report until they are told to leave. */
export async function gatherFleet(dashboard: BenchDashboard, size: number): Promise<Fleet> {
  const counts: Counts = { connects: 0, reports: 0, broken: 0, firstReason: undefined };
  const stop = new AbortController();
  const lives: Promise<void>[] = [];
  for (let from = 0; from < size; from += CONNECTING_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(CONNECTING_AT_ONCE, size - from) }, (_none, index) => from + index);
    const options = numbers.map((number) => optionsOf(dashboard, number));
    const agents = await Promise.all(options.map(connectLightAgent));
    counts.connects += agents.length;
    lives.push(...agents.map((agent, index) => live(agent, options[index] ?? optionsOf(dashboard, 0), counts, stop.signal)));
  }
  for (const life of lives) life.catch(() => undefined);
  const leave = async (): Promise<void> => {
    stop.abort();
    await Promise.all(lives);
  };
  return {
    get connects() {
      return counts.connects;
    },
    get reports() {
      return counts.reports;
    },
    get broken() {
      return counts.broken;
    },
    get firstReason() {
      return counts.firstReason;
    },
    leave,
  };
}

async function live(
  first: Awaited<ReturnType<typeof connectLightAgent>>,
  options: LightAgentOptions,
  counts: Counts,
  signal: AbortSignal,
): Promise<void> {
  let agent = first;
  await pause(Math.random() * INTERVAL_MS);
  while (!signal.aborted) {
    try {
      await agent.report();
      counts.reports++;
    } catch (error) {
      counts.broken++;
      counts.firstReason ??= `${new Date().toISOString()} ${options.uuid}: ${error instanceof Error ? error.message : String(error)}`;
      agent.close();
      agent = await connectLightAgent(options);
      counts.connects++;
    }
    if (Math.random() < 1 / REPORTS_OF_A_STAY) {
      agent.close();
      agent = await connectLightAgent(options);
      counts.connects++;
    }
    await pause(INTERVAL_MS);
  }
  agent.close();
}

function optionsOf({ target, agentSecret }: BenchDashboard, number: number): LightAgentOptions {
  return { target, secret: agentSecret, uuid: `50a40000-0000-4000-8000-${String(number).padStart(12, "0")}` };
}
