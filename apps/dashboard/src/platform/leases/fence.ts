import type { Database, Queries } from "#platform/database";
import type { FencedDatabase } from "./model.ts";
import { LeaseLostError } from "./model.ts";
import { leaseStore } from "./store.ts";

export interface FenceDeps {
  readonly name: string;
  readonly database: Pick<Database, "kysely" | "change" | "transaction">;
  /** The number this process holds now; `undefined`: it holds none. */
  readonly fence: () => number | undefined;
  /** The row says otherwise. */
  readonly onLost: (fence: number) => void;
}

/** The number is the one of the moment in which the write was asked for: what waited through a change of holders is refused. */
export function fenceDatabase({ name, database, fence, onLost }: FenceDeps): FencedDatabase {
  const required = (): number => {
    const number = fence();
    if (number === undefined) throw new LeaseLostError(name);
    return number;
  };
  const check = async (tx: Queries, number: number): Promise<void> => {
    const row = await leaseStore.get(tx, name);
    if (row?.fence === number) return;
    onLost(number);
    throw new LeaseLostError(name);
  };
  return {
    kysely: database.kysely,
    async change(verb) {
      const number = required();
      return database.change(async (tx, changes) => {
        await check(tx, number);
        return verb(tx, changes);
      });
    },
    async transaction(run) {
      const number = required();
      return database.transaction(async (tx) => {
        await check(tx, number);
        return run(tx);
      });
    },
  };
}
