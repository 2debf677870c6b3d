import type { Clock } from "@windfire/kit";
import type { Transfer } from "./model.ts";

export interface AgeDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
}

interface Seen {
  readonly ageMs: number;
  /** Of the monotonic clock. */
  readonly at: number;
}

/**
 * How old transfers are: by the wall clock when this process first sees them, from then on by the monotonic one, so that a wall clock that is
 * set does not time all of them out.
 */
export function createAges({ clock }: AgeDeps) {
  const seen = new Map<number, Seen>();
  return {
    /** Milliseconds. */
    of({ id, createdMs }: Pick<Transfer, "id" | "createdMs">): number {
      const first = seen.get(id) ?? { ageMs: Math.max(0, clock.now() - createdMs), at: clock.monotonic() };
      seen.set(id, first);
      return first.ageMs + clock.monotonic() - first.at;
    },
    /** Forgets the others. */
    keepOnly(transfers: readonly Pick<Transfer, "id">[]): void {
      const ids = new Set(transfers.map(({ id }) => id));
      for (const id of seen.keys()) if (!ids.has(id)) seen.delete(id);
    },
  };
}
