import { BLOCK_IDENTIFIER } from "@windfire/api";
import { banEnd } from "./ban.ts";
import type { Strikes } from "./ban.ts";

/** Strikes of all addresses in memory, with the end of each ban worked out once for each change. */
export interface StrikeTable {
  get(ip: string, identifier: number): Strikes | undefined;
  set(ip: string, identifier: number, strikes: Strikes): void;
  removeOne(ip: string, identifier: number): void;
  remove(ip: string): void;
  /** Unix seconds; 0 without strikes. */
  banEnd(ip: string): number;
  /** The address whose strikes changed longest ago, those blocked by hand left out. */
  oldestUnlessManual(): string | undefined;
  /** Addresses not blocked by hand without a strike since then (Unix seconds). */
  idle(since: number): string[];
  readonly size: number;
}

interface Entry {
  readonly rows: Map<number, Strikes>;
  banEnd: number;
}

export function createStrikeTable(): StrikeTable {
  const entries = new Map<string, Entry>();
  const isManual = (entry: Entry): boolean => entry.rows.has(BLOCK_IDENTIFIER.manual);
  return {
    get: (ip, identifier) => entries.get(ip)?.rows.get(identifier),
    set(ip, identifier, strikes) {
      const entry = entries.get(ip) ?? { rows: new Map<number, Strikes>(), banEnd: 0 };
      entry.rows.set(identifier, strikes);
      entry.banEnd = banEnd(entry.rows.values());
      entries.delete(ip);
      entries.set(ip, entry);
    },
    removeOne(ip, identifier) {
      const entry = entries.get(ip);
      if (!entry) return;
      entry.rows.delete(identifier);
      entry.banEnd = banEnd(entry.rows.values());
      if (entry.rows.size === 0) entries.delete(ip);
    },
    remove: (ip) => void entries.delete(ip),
    banEnd: (ip) => entries.get(ip)?.banEnd ?? 0,
    oldestUnlessManual: () => entries.entries().find(([, entry]) => !isManual(entry))?.[0],
    idle: (since) =>
      entries
        .entries()
        .filter(([, entry]) => !isManual(entry) && entry.rows.values().every(({ timestamp }) => timestamp < since))
        .map(([ip]) => ip)
        .toArray(),
    get size() {
      return entries.size;
    },
  };
}
