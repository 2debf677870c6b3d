import type { Clock, Timer } from "@windfire/kit";
import type { Database } from "#platform/database";
import { fenceDatabase } from "./fence.ts";
import { LEASE } from "./model.ts";
import type { Lease } from "./model.ts";
import { leaseStore } from "./store.ts";
import { createTenure } from "./tenure.ts";
import { createTerms } from "./term.ts";
import type { Terms } from "./term.ts";
import { createWatch } from "./watch.ts";

export interface SharedLeaseDeps {
  readonly name: string;
  /** This process; no other has or had the name. */
  readonly holder: string;
  readonly clock: Clock;
  readonly database: Pick<Database, "kysely" | "change" | "transaction">;
  readonly log: { info(text: string): void; warn(text: string): void };
  readonly onError: (error: unknown) => void;
}

/**
 * A lease between processes: a row that its holder renews, and that another takes which has not seen it renewed for as long as a lease is good
 * for. See {@link Lease}.
 */
export function createSharedLease(deps: SharedLeaseDeps): Lease {
  const { name, clock, database } = deps;
  const terms: Terms = createTerms({
    onError: deps.onError,
    onFailed: (error) => {
      deps.onError(error);
      void holding.giveBack();
    },
  });
  const holding = createHolding(deps, terms);
  const { tenure } = holding;
  let beat: Timer | undefined;
  let asking: Promise<void> | undefined;
  let stopped = false;
  let isFailing = false;

  /** The database tells when it is away and back; asked twice a second, it need not be said here each time. */
  const failed = (error: unknown): void => {
    if (!isFailing) deps.onError(error);
    isFailing = true;
  };
  const look = (): void => {
    const askedAt = clock.monotonic();
    const again = (): void => {
      const dueAt = askedAt + (tenure.fence === undefined ? LEASE.lookMs : LEASE.everyMs);
      if (!stopped) beat = clock.setTimeout(look, Math.max(dueAt - clock.monotonic(), 1));
    };
    asking = holding
      .ask()
      .then(() => void (isFailing = false), failed)
      .then(again);
  };
  return {
    isShared: true,
    get held() {
      return tenure.lasts;
    },
    get maySend() {
      return tenure.isAwake;
    },
    get holder() {
      return holding.known === "" ? undefined : holding.known;
    },
    database: fenceDatabase({
      name,
      database,
      fence: () => (tenure.lasts ? tenure.fence : undefined),
      onLost: (fence) => {
        if (tenure.fence === fence) holding.lose("another took it");
      },
    }),
    carry: terms.carry,
    async start() {
      look();
      await asking;
    },
    async stop() {
      stopped = true;
      beat?.cancel();
      await asking;
      await holding.giveBack();
      await holding.settled();
    },
  };
}

/** Takes the lease, renews it, and ends the term when it is lost. */
function createHolding({ name, holder, clock, database, log, onError }: SharedLeaseDeps, terms: Pick<Terms, "begin" | "end">) {
  const watch = createWatch(clock);
  let known: string | undefined;
  let ending: Promise<void> | undefined;

  const loseLate = (): void => lose("it was not renewed in time");
  const tenure = createTenure(clock, loseLate);
  /** Nothing of the term is left when it resolves. */
  const end = (): Promise<void> => {
    tenure.end();
    known = undefined;
    return (ending ??= terms.end().finally(() => (ending = undefined)));
  };
  const lose = (why: string): void => {
    if (tenure.fence === undefined) return;
    log.warn(`the lease ${name} is lost: ${why}`);
    void end();
  };
  const giveBack = async (fence: number): Promise<void> => {
    await end();
    await database.transaction((tx) => leaseStore.giveBack(tx, { name, holder, fence })).catch(onError);
  };
  const hold = async (fence: number, askedAt: number): Promise<void> => {
    const isNew = tenure.fence !== fence;
    known = holder;
    if (!tenure.prolong(fence, askedAt)) {
      loseLate();
      return giveBack(fence);
    }
    if (!isNew) return undefined;
    log.info(`holds the lease ${name}, number ${fence}`);
    void terms.begin();
    return undefined;
  };
  const renew = async (fence: number): Promise<void> => {
    const askedAt = clock.monotonic();
    const isMine = await database.transaction((tx) => leaseStore.renew(tx, { name, holder, fence }));
    if (!isMine) return lose("another took it");
    // Lost while the database was asked, which says the others that it is held: they need not wait until that is over.
    return tenure.fence === fence ? hold(fence, askedAt) : giveBack(fence);
  };
  const contend = async (): Promise<void> => {
    const seen = await leaseStore.get(database.kysely, name);
    known = seen?.holder;
    // Nothing of an old term may meet a new one.
    if (!watch.isFree(seen) || ending !== undefined) return;
    const askedAt = clock.monotonic();
    const row = await database.transaction((tx) => leaseStore.take(tx, { name, holder }, seen));
    if (row !== undefined) await hold(row.fence, askedAt);
  };
  return {
    tenure,
    lose,
    get known() {
      return known;
    },
    ask(): Promise<void> {
      if (!tenure.lasts) loseLate();
      const { fence } = tenure;
      return fence === undefined ? contend() : renew(fence);
    },
    async giveBack(): Promise<void> {
      const { fence } = tenure;
      if (fence !== undefined) await giveBack(fence);
    },
    settled: async (): Promise<void> => ending,
  };
}
