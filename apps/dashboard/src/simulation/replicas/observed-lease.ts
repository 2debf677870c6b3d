import type { Queries } from "#platform/database";
import type { Lease } from "#platform/leases";

/** A write of a judge, and who held the lease when it was committed. */
export interface JudgedWrite {
  /** Unix milliseconds. */
  readonly at: number;
  readonly by: string;
  readonly holder: string;
  readonly fence: number;
}

interface Watcher {
  readonly by: string;
  readonly now: () => number;
  readonly wrote: (write: JudgedWrite) => void;
  /** It is committed. */
  readonly done: () => Promise<void>;
}

/** The same lease; what is written with it is told, in the order of the commits. */
export function observeLease(lease: Lease, { by, now, wrote, done }: Watcher): Lease {
  const { kysely, change, transaction } = lease.database;
  const noted = async <T>(tx: Queries, work: () => Promise<T>): Promise<T> => {
    const value = await work();
    const row = await tx.selectFrom("wf_leases").select(["holder", "fence"]).where("name", "=", "judge").executeTakeFirst();
    wrote({ at: now(), by, holder: row?.holder ?? "", fence: row?.fence ?? 0 });
    return value;
  };
  const database: Lease["database"] = {
    kysely,
    async change(verb) {
      const value = await change((tx, changes) => noted(tx, () => verb(tx, changes)));
      await done();
      return value;
    },
    async transaction(run) {
      const value = await transaction((tx) => noted(tx, () => run(tx)));
      await done();
      return value;
    },
  };
  // All other members are the lease's own.
  return Object.create(lease, { database: { value: database } }) as Lease;
}
