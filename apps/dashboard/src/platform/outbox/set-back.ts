import type { Clock } from "@windfire/kit";
import type { Database, Queries } from "#platform/database";
import { outboxLeases } from "./leases.ts";

/** Clocks that are corrected bit by bit go back less than this between two looks. */
const LEAST_MS = 1_000;
/** So often it is looked whether others added messages by clocks that are ahead; theirs differ from this one's by less where all is well. */
const OTHERS_MS = 60_000;
/** Nobody puts a message off for longer: what waits longer was put off by a clock that was ahead. */
const LONGEST_WAIT_MS = 3_600_000;

export interface SetBackDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly database: Pick<Database, "change">;
}

/**
 * Times of messages are those of the wall clock, which a restart keeps. When it is set back, what waits is moved back with it: it would wait
 * for as long again, and with it all that stands behind it in its lane or gathers with it.
 */
export function createSetBack({ clock, database }: SetBackDeps) {
  const ahead = (): number => clock.now() - clock.monotonic();
  let before = ahead();
  let lookedAt = clock.monotonic();
  /** What another process added by a clock that is ahead would wait until this one is there. */
  const lookAtOthers = (): Promise<void> | undefined => {
    if (clock.monotonic() - lookedAt < OTHERS_MS) return undefined;
    lookedAt = clock.monotonic();
    return database.change((tx) => fromClocksAhead(tx, clock.now()));
  };
  /** `undefined` where it was not set back. */
  const look = (): Promise<void> | undefined => {
    const byMs = Math.round(before - ahead());
    if (byMs < 0) before -= byMs;
    if (byMs < LEAST_MS) return undefined;
    return database.change((tx) => moveBack(tx, clock.now(), byMs)).then(() => void (before -= byMs));
  };
  return {
    /** The same work, and before it what waits is moved where this clock was set back since the last time, or another one is ahead. */
    before: (work: () => Promise<void>) => (): Promise<void> => (look() ?? lookAtOthers())?.then(work) ?? work(),
    /** What an earlier process left is due: what was under way, and what it put off by a clock that was ahead. */
    async start(tx: Queries): Promise<void> {
      const now = clock.now();
      await outboxLeases.takeBack(tx, now);
      await tx
        .updateTable("wf_outbox")
        .set({ next_try_at: now })
        .where("state", "=", "waiting")
        .where(({ eb, or }) => or([eb("next_try_at", ">", now + LONGEST_WAIT_MS), eb("created_at", ">", now)]))
        .execute();
      await notFromTheFuture(tx, now);
    },
  };
}

async function moveBack(tx: Queries, now: number, byMs: number): Promise<void> {
  await tx
    .updateTable("wf_outbox")
    .set(({ eb }) => ({ next_try_at: eb("next_try_at", "-", byMs) }))
    .where("state", "=", "waiting")
    .where("next_try_at", ">", now)
    .execute();
  await tx
    .updateTable("wf_outbox")
    .set(({ eb }) => ({ lease_until: eb("lease_until", "-", byMs) }))
    .where("state", "=", "sending")
    .execute();
  await notFromTheFuture(tx, now);
}

async function fromClocksAhead(tx: Queries, now: number): Promise<void> {
  await tx
    .updateTable("wf_outbox")
    .set(({ eb }) => ({ created_at: now, next_try_at: eb(eb("next_try_at", "-", eb.ref("created_at")), "+", now) }))
    .where("state", "=", "waiting")
    .where("next_try_at", ">", now + OTHERS_MS)
    .where("created_at", ">", now + OTHERS_MS)
    .execute();
}

/** Messages are given up by their age. */
async function notFromTheFuture(tx: Queries, now: number): Promise<void> {
  await tx
    .updateTable("wf_outbox")
    .set({ created_at: now })
    .where("state", "in", ["waiting", "sending"])
    .where("created_at", ">", now)
    .execute();
}
