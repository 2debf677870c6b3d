import type { Clock } from "@windfire/kit";
import type { GeoAddress, HostInfo, LiveServer } from "#features/servers";
import type { Database } from "#platform/database";
import { toldBy, WHATS } from "./model.ts";
import type { Value, What } from "./model.ts";
import { agentChangeStore } from "./store.ts";
import type { Newest } from "./store.ts";

/** Servers written in one transaction. */
const BATCH = 200;
/** What is noted stands for so long at least: an agent that is another one each time makes no more rows than this lets through. */
const STANDS_MS = 60_000;

export interface WatchDeps {
  readonly clock: Pick<Clock, "now">;
  readonly database: Pick<Database, "transaction">;
  readonly servers: { get(id: number): LiveServer | undefined; list(): readonly LiveServer[] };
}

/** Notes what agents say of themselves when it is something else than before. */
export interface Watch {
  look(): Promise<void>;
  /** Goes on from what is stored, after another process. */
  resume(stored: ReadonlyMap<number, Newest>): void;
  forget(serverIds: readonly number[]): void;
  /** Servers of which something is stored and that are not there any more. */
  gone(): number[];
}

/** The same objects say the same: nearly every look at a server ends there. */
interface Seen {
  readonly host: HostInfo | undefined;
  readonly address: GeoAddress;
}

interface Found {
  readonly id: number;
  readonly what: What;
  readonly value: Value;
}

/** See {@link Watch}. `stored`: the newest values of each server. */
export function createWatch({ clock, database, servers }: WatchDeps, stored: ReadonlyMap<number, Newest>): Watch {
  let newest = new Map(stored);
  const seen = new Map<number, Seen>();
  /** What is another one than was noted; `settled` is false where some of it is to be noted later. */
  const changedOf = ({ id, host, address }: LiveServer, now: number): { found: Found[]; settled: boolean } => {
    const known = newest.get(id);
    const told = toldBy(host, address);
    const changed = WHATS.filter((what) => told[what] !== "" && told[what] !== known?.[what]?.value);
    // A clock that was set back keeps nothing waiting.
    const due = changed.filter((what) => Math.abs(now - (known?.[what]?.at ?? 0)) >= STANDS_MS);
    const found = due.map((what) => ({ id, what, value: { at: Math.max(now, (known?.[what]?.at ?? 0) + 1), value: told[what] } }));
    return { found, settled: due.length === changed.length };
  };
  const write = async (all: readonly Found[]): Promise<void> => {
    for (let from = 0; from < all.length; from += BATCH) {
      const some = all.slice(from, from + BATCH).filter(({ id }) => servers.get(id) !== undefined);
      await database.transaction(async (tx) => {
        for (const { id, what, value } of some) await agentChangeStore.add(tx, id, what, value);
      });
      for (const { id, what, value } of some) newest.set(id, { ...newest.get(id), [what]: value });
    }
  };
  return {
    async look() {
      const now = clock.now();
      const all: Found[] = [];
      const looked: (readonly [number, Seen])[] = [];
      for (const server of servers.list()) {
        const { id, host, address } = server;
        const before = seen.get(id);
        if (before?.host === host && before?.address === address) continue;
        const { found, settled } = changedOf(server, now);
        all.push(...found);
        if (settled) looked.push([id, { host, address }]);
      }
      if (all.length > 0) await write(all);
      // What could not be written is looked at again.
      for (const [id, what] of looked) seen.set(id, what);
    },
    resume(values) {
      newest = new Map(values);
      seen.clear();
    },
    forget(serverIds) {
      for (const id of serverIds) {
        newest.delete(id);
        seen.delete(id);
      }
    },
    gone: () => [...newest.keys()].filter((id) => servers.get(id) === undefined),
  };
}
