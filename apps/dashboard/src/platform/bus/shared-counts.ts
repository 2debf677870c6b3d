import type { Bus } from "./bus.ts";

/** So many more, or fewer where it is below zero, of what `key` names. */
export type Tell = (key: string, amount: number) => void;
/** Joins one count of this dashboard with that of the others: hears what they counted. @returns what tells them what is counted here */
export type JoinCount = (hear: Tell) => Tell;
/** Opens a count by its name, which is the same at all dashboards. Each name is opened once. */
export type ShareCount = (name: string) => JoinCount;

const TOPIC = "count";
const VERSION = 1;
const LONGEST_KEY = 256;
/** What one event counts for at most. */
const MOST = 1_000;

/**
 * What each dashboard counts is told to the others at once, so that a limit is that of the installation. What is lost on the way, and what
 * was counted before a dashboard came, is not made up for; where nobody is heard each counts for itself.
 */
export function createSharedCounts(bus: Pick<Bus, "state" | "publish" | "take">): ShareCount {
  const hearing = new Map<string, Tell>();
  bus.take(TOPIC, (_from, body) => {
    const told = decode(body);
    if (told) hearing.get(told.of)?.(told.key, told.by);
  });
  return (name) => (hear) => {
    hearing.set(name, hear);
    return (key, amount) => {
      if (bus.state !== "connected" || key.length > LONGEST_KEY) return;
      bus.publish(TOPIC, Buffer.from(JSON.stringify({ v: VERSION, of: name, key, by: amount })));
    };
  };
}

/** For whoever is alone, and for tests: what is counted stays here. */
export const countedAlone: ShareCount = () => () => () => undefined;

interface Told {
  readonly of: string;
  readonly key: string;
  readonly by: number;
}

function decode(body: Uint8Array): Told | undefined {
  try {
    const told = JSON.parse(Buffer.from(body).toString("utf8")) as Partial<Told> & { readonly v?: unknown };
    const { v, of, key, by } = told;
    if (v !== VERSION || typeof of !== "string" || typeof key !== "string" || typeof by !== "number") return undefined;
    return Number.isInteger(by) && Math.abs(by) <= MOST && key.length <= LONGEST_KEY ? { of, key, by } : undefined;
  } catch {
    return undefined;
  }
}
