import { BLOCK_IDENTIFIER } from "@windfire/api";
import { networkOf } from "#kernel";
import { banEnd } from "./ban.ts";
import type { Strikes } from "./ban.ts";

/** Strikes of one address for one thing: a row of `nz_waf`. */
export interface StrikeRow extends Strikes {
  readonly ip: string;
  readonly identifier: number;
}

/**
 * Strikes in memory, with the end of each ban worked out once for each change. What was failed counts for a visitor (`networkOf`): all
 * addresses of an IPv6 /64 together. What was blocked by hand counts for the address.
 */
export interface StrikeTable {
  /** Rows of whoever has this address with one of these identifiers. */
  find(ip: string, identifiers: readonly number[]): readonly StrikeRow[];
  set(row: StrikeRow): void;
  /** As `strikeKey` names it. */
  removeKey(key: string): void;
  clear(): void;
  /** All rows that keep this address out. */
  against(ip: string): readonly StrikeRow[];
  /** Unix seconds; 0 without strikes. */
  banEnd(ip: string): number;
  /** Rows of the visitor struck longest ago, those blocked by hand left out. */
  oldestUnlessManual(): readonly StrikeRow[] | undefined;
  /** Rows of visitors, not blocked by hand, without a strike since then and whose ban is over (Unix seconds). */
  idle(since: number, now: number): StrikeRow[];
  /** Visitors, and addresses blocked by hand. */
  readonly size: number;
}

interface Entry {
  readonly rows: Map<string, StrikeRow>;
  banEnd: number;
}

/** Names a row, in the change log too: for what, and whose. */
export const strikeKey = ({ ip, identifier }: Pick<StrikeRow, "ip" | "identifier">): string => `${identifier} ${ip}`;

const NONE: readonly StrikeRow[] = [];
const keyOf = ({ ip, identifier }: Pick<StrikeRow, "ip" | "identifier">): string =>
  identifier === BLOCK_IDENTIFIER.manual ? ip : networkOf(ip);
const isManual = (entry: Entry): boolean => entry.rows.values().some((row) => row.identifier === BLOCK_IDENTIFIER.manual);

export function createStrikeTable(): StrikeTable {
  const entries = new Map<string, Entry>();
  const rowsOf = (entry: Entry | undefined): readonly StrikeRow[] => (entry ? [...entry.rows.values()] : NONE);
  const removeOne = (row: Pick<StrikeRow, "ip" | "identifier">): void => {
    const key = keyOf(row);
    const entry = entries.get(key);
    if (!entry) return;
    entry.rows.delete(strikeKey(row));
    entry.banEnd = banEnd(entry.rows.values());
    if (entry.rows.size === 0) entries.delete(key);
  };
  return {
    find: (ip, identifiers) => rowsOf(entries.get(networkOf(ip))).filter(({ identifier }) => identifiers.includes(identifier)),
    set(row) {
      const key = keyOf(row);
      const entry = entries.get(key) ?? { rows: new Map<string, StrikeRow>(), banEnd: 0 };
      entry.rows.set(strikeKey(row), row);
      entry.banEnd = banEnd(entry.rows.values());
      entries.delete(key);
      entries.set(key, entry);
    },
    removeKey(key) {
      const [identifier = "", ip = ""] = key.split(" ");
      removeOne({ ip, identifier: Number(identifier) });
    },
    clear: () => entries.clear(),
    against: (ip) => [...new Set([ip, networkOf(ip)])].flatMap((key) => rowsOf(entries.get(key))),
    banEnd: (ip) => Math.max(entries.get(ip)?.banEnd ?? 0, entries.get(networkOf(ip))?.banEnd ?? 0),
    oldestUnlessManual: () => {
      const oldest = entries.values().find((entry) => !isManual(entry));
      return oldest && rowsOf(oldest);
    },
    idle: (since, now) =>
      entries
        .values()
        .filter((entry) => !isManual(entry) && entry.banEnd <= now && entry.rows.values().every(({ timestamp }) => timestamp < since))
        .flatMap(rowsOf)
        .toArray(),
    get size() {
      return entries.size;
    },
  };
}
