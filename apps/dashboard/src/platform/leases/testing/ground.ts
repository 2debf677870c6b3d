import type { Database, Queries } from "#platform/database";
import { contend, settled } from "./contender.ts";
import type { Contender } from "./contender.ts";

export const STEP_MS = 250;
/** A lease that was given back has no holder however often one looks. */
const MOST_ROUNDS = 100;
const NOTE = "lease.note";

/** Where several contend for a lease. */
export interface Ground {
  readonly database: Database;
  contend(name: string, onStart?: () => void): Promise<Contender>;
  /** Lets time pass for these contenders; the others sleep, or are dead. */
  advance(ms: number, awake: readonly Contender[]): Promise<void>;
}

/** A test on ground of its own. */
export type OnGround = (run: (ground: Ground) => Promise<void>) => () => Promise<void>;

/** Writes that those who hold a lease may do. */
export async function note(tx: Queries, text: string, key = ""): Promise<void> {
  await tx
    .insertInto("wf_meta")
    .values({ key: `${NOTE}.${text}.${key}`, value: text })
    .execute();
}

export async function noted({ kysely }: Database): Promise<string[]> {
  return (await kysely.selectFrom("wf_meta").select("value").where("key", "like", `${NOTE}%`).execute()).map(({ value }) => value);
}

export async function fenceOf({ kysely }: Database): Promise<number> {
  return (await kysely.selectFrom("wf_leases").select("fence").executeTakeFirstOrThrow()).fence;
}

export function createGround(database: Database): { readonly ground: Ground; stop(): Promise<void> } {
  const entered: Contender[] = [];
  const ground: Ground = {
    database,
    async advance(ms, awake) {
      for (let left = ms; left > 0; left -= STEP_MS) {
        for (const { clock } of awake) await clock.advanceAsync(Math.min(left, STEP_MS));
        await settled(database);
      }
      for (const { clock } of awake) await clock.advanceAsync(0);
      await settled(database);
    },
    async contend(name, onStart) {
      const one = await contend(name, database, onStart ? { onStart } : {});
      entered.push(one);
      // Its first look is answered: a server takes its time.
      for (let round = 0; one.lease.holder === undefined && round < MOST_ROUNDS; round++) await settled(database);
      await ground.advance(1, [one]);
      return one;
    },
  };
  return {
    ground,
    async stop() {
      for (const { lease } of entered) await lease.stop();
    },
  };
}
