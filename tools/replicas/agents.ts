import { setTimeout as pause } from "node:timers/promises";
import { connectLightAgent } from "../bench/light-agent.ts";
import type { LightAgent } from "../bench/light-agent.ts";

/** The reference's agent waits so long before it connects again (spec 21: fixed, no jitter). */
const AGAIN_MS = 10_000;
const REPORT_MS = 3_000;
const CONNECTING_AT_ONCE = 20;

/** Agents that report until they are closed, and come again ten seconds after they lost a connection, as the reference's do. */
export interface AgentCrowd {
  /** How many are connected. */
  connected(): number;
  /** Port of the near end of an agent's connection; undefined while it has none. */
  portOf(number: number): number | undefined;
  /** How often connections were lost so far. */
  lost(): number;
  /** Milliseconds that agents were away, of those that are back, since the last time this was asked. */
  absences(): number[];
  /** Load of a host from now on, percent; `undefined`: as usual. */
  load(number: number, cpu: number | undefined): void;
  /** Commands that were ordered: their id and when. */
  readonly commands: readonly { readonly agent: number; readonly id: number; readonly at: number }[];
  close(): Promise<void>;
}

export const agentUuid = (number: number): string => `11a40000-0000-4000-8000-${String(number).padStart(12, "0")}`;

/** Brings agents 0 to `size` - 1. */
export async function gatherAgents({ target, secret, size }: { target: string; secret: string; size: number }): Promise<AgentCrowd> {
  const present = new Map<number, LightAgent>();
  const loads = new Map<number, number>();
  const commands: { agent: number; id: number; at: number }[] = [];
  const stop = new AbortController();
  let lost = 0;
  let absences: number[] = [];

  const join = async (number: number): Promise<LightAgent> => {
    const onCommand = (id: number): void => void commands.push({ agent: number, id, at: Date.now() });
    const agent = await connectLightAgent({ target, secret, uuid: agentUuid(number), onCommand });
    present.set(number, agent);
    return agent;
  };
  const waitFor = (ms: number): Promise<void> => pause(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  const report = async (number: number, agent: LightAgent): Promise<void> => {
    await waitFor(Math.random() * REPORT_MS);
    while (!stop.signal.aborted) {
      const cpu = loads.get(number);
      await agent.report(cpu === undefined ? {} : { cpu });
      await Promise.race([waitFor(REPORT_MS), agent.ended.then((error) => Promise.reject(error))]);
    }
  };
  const live = async (number: number, first: LightAgent): Promise<void> => {
    let agent: LightAgent | undefined = first;
    let awaySince = 0;
    while (!stop.signal.aborted) {
      if (agent) {
        if (awaySince > 0) absences.push(performance.now() - awaySince);
        await report(number, agent).catch(() => undefined);
        if (stop.signal.aborted) break;
        awaySince = performance.now();
        lost++;
        present.delete(number);
        agent.close();
      }
      await waitFor(AGAIN_MS);
      if (!stop.signal.aborted) agent = await join(number).catch(() => undefined);
    }
    agent?.close();
  };
  const lives: Promise<void>[] = [];
  for (let from = 0; from < size; from += CONNECTING_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(CONNECTING_AT_ONCE, size - from) }, (_none, index) => from + index);
    const agents = await Promise.all(numbers.map(join));
    lives.push(...agents.map((agent, index) => live(from + index, agent)));
  }
  return {
    connected: () => present.size,
    portOf: (number) => present.get(number)?.localPort,
    lost: () => lost,
    absences() {
      const taken = absences;
      absences = [];
      return taken;
    },
    load(number, cpu) {
      if (cpu === undefined) loads.delete(number);
      else loads.set(number, cpu);
    },
    commands,
    async close() {
      stop.abort();
      for (const agent of present.values()) agent.close();
      await Promise.all(lives);
    },
  };
}
