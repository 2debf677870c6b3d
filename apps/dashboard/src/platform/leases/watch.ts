import type { Clock } from "@windfire/kit";
import { LEASE } from "./model.ts";
import type { LeaseRow } from "./store.ts";

/** Sees, by this process's own monotonic clock, for how long nobody has renewed a lease. */
export function createWatch(clock: Pick<Clock, "monotonic">) {
  let seen: { readonly beat: number; readonly since: number } | undefined;
  return {
    /**
     * Notes the row; whether it may be taken. A beat is seen after its holder asked for it, so the holder's own time is over by the time that
     * this says so.
     */
    isFree(row: LeaseRow | undefined): boolean {
      if (row === undefined || row.holder === "") return true;
      if (seen?.beat !== row.beat) seen = { beat: row.beat, since: clock.monotonic() };
      return clock.monotonic() - seen.since >= LEASE.forMs;
    },
  };
}
