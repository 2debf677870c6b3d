import { createFakeAgent } from "@windfire/testkit";
import { uuidOf } from "../stage.ts";

const REPORT_MS = 1_000;
const SHORTEST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 500;

/** Scripted agents that report every second and come back by themselves, like real ones but sooner. */
export interface Crowd {
  /** Agents whose last report was acknowledged and whose connection has not broken since. */
  connected(): number;
  /** Reports acknowledged so far, of all agents. */
  acknowledged(): number;
  leave(): Promise<void>;
}

export function openCrowd(target: string, secret: string, size: number): Crowd {
  const leaving = new AbortController();
  const connected = new Set<number>();
  let acknowledged = 0;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (leaving.signal.aborted) return resolve();
      const timer = setTimeout(resolve, ms);
      return leaving.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  const session = async (number: number): Promise<void> => {
    const agent = createFakeAgent({ target, secret, uuid: uuidOf(number), ipv4: `203.0.113.${number % 256}` });
    const cut = (): void => agent.close();
    leaving.signal.addEventListener("abort", cut);
    try {
      await agent.connect();
      while (!leaving.signal.aborted) {
        await agent.report();
        connected.add(number);
        acknowledged++;
        await pause(REPORT_MS);
      }
    } finally {
      connected.delete(number);
      leaving.signal.removeEventListener("abort", cut);
      agent.close();
    }
  };
  const live = async (number: number): Promise<void> => {
    while (!leaving.signal.aborted) {
      // How a connection ends is not what matters here, only that the next one works.
      await session(number).catch(() => undefined);
      await pause(SHORTEST_RETRY_MS + Math.random() * (LONGEST_RETRY_MS - SHORTEST_RETRY_MS));
    }
  };
  const lives = Array.from({ length: size }, (_, index) => live(index + 1));

  return {
    connected: () => connected.size,
    acknowledged: () => acknowledged,
    leave: async () => {
      leaving.abort();
      await Promise.all(lives);
    },
  };
}
