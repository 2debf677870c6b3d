import type { VictoriaClient } from "./client.ts";

/** Notices that VictoriaMetrics was started again between two calls that it answers both. */
export interface Restarts {
  /** Whether it was since the last look; false where it does not say, and a moment after a look. Never rejects. */
  happened(mostMs: number): Promise<boolean>;
}

const CALL_MS = 5_000;
const LOOK_MS = 10_000;
const MOST_BYTES = 2 ** 20;
const STARTED = /^vm_app_start_timestamp(?:\{[^}]*\})? (\S+)/m;

export function createRestarts(deps: { readonly client: VictoriaClient; readonly time: { readonly monotonic: number } }): Restarts {
  const { client, time } = deps;
  let started: string | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  return {
    happened: async (mostMs) => {
      if (time.monotonic - lookedAt < LOOK_MS) return false;
      lookedAt = time.monotonic;
      const before = started;
      started = (await startOf(client, Math.min(CALL_MS, mostMs))) ?? before;
      return before !== started && before !== undefined;
    },
  };
}

async function startOf(client: VictoriaClient, deadlineMs: number): Promise<string | undefined> {
  try {
    const metrics = await client.call({ path: "/metrics", params: {}, deadlineMs, mostBytes: MOST_BYTES });
    return STARTED.exec(metrics.toString("latin1"))?.[1];
  } catch {
    // What follows is not answered either, or it says nothing of itself.
    return undefined;
  }
}
