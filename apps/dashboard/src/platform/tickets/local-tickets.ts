import type { Clock } from "@windfire/kit";
import type { TicketKind, TicketOffice, Tickets } from "./model.ts";

/** For a dashboard that is alone: in memory, and gone with it. */
export function createLocalTickets(clock: Pick<Clock, "monotonic">): TicketOffice {
  return async <T>(kind: TicketKind) => openTickets<T>(clock, kind);
}

function openTickets<T>(clock: Pick<Clock, "monotonic">, { lifeMs, most, mostOfHolder }: TicketKind): Tickets<T> {
  const open = new Map<string, { readonly value: T; readonly holder: string; readonly until: number }>();
  const lasting = (key: string): T | undefined => {
    const ticket = open.get(key);
    return ticket && clock.monotonic() <= ticket.until ? ticket.value : undefined;
  };
  const dropOldest = (keys: readonly string[], kept: number): void => {
    for (const key of keys.slice(0, Math.max(0, keys.length - kept))) open.delete(key);
  };
  return {
    async put(key, value, holder = "") {
      if (mostOfHolder !== undefined)
        dropOldest(
          [...open].filter(([, ticket]) => ticket.holder === holder).map(([known]) => known),
          mostOfHolder - 1,
        );
      open.set(key, { value, holder, until: clock.monotonic() + lifeMs });
      if (open.size > most) dropOldest([...open.keys()], most);
    },
    async take(key, fits) {
      const value = lasting(key);
      if (value === undefined || !fits(value)) return undefined;
      open.delete(key);
      return value;
    },
    has: (key) => lasting(key) !== undefined,
  };
}
