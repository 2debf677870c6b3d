import type { Clock } from "@windfire/kit";
import type { TicketKind, TicketOffice, Tickets } from "./model.ts";

/** For a dashboard that is alone: in memory, and gone with it. */
export function createLocalTickets(clock: Pick<Clock, "monotonic">): TicketOffice {
  return async <T>(kind: TicketKind) => openTickets<T>(clock, kind);
}

interface Ticket<T> {
  readonly value: T;
  readonly holder: string;
  readonly until: number;
}

function openTickets<T>(clock: Pick<Clock, "monotonic">, kind: TicketKind): Tickets<T> {
  const { most, mostOfHolder = most, whenFull = "oldest-goes" } = kind;
  const open = new Map<string, Ticket<T>>();
  const lasting = (key: string): T | undefined => {
    const ticket = open.get(key);
    return ticket && clock.monotonic() <= ticket.until ? ticket.value : undefined;
  };
  const keysOf = (holder: string): string[] => [...open].filter(([, ticket]) => ticket.holder === holder).map(([key]) => key);
  const isFull = (holder: string): boolean => open.size >= most || (mostOfHolder < most && keysOf(holder).length >= mostOfHolder);
  const dropOver = (): void => {
    for (const key of open.keys()) if (lasting(key) === undefined) open.delete(key);
  };
  const dropOldest = (keys: readonly string[], kept: number): void => {
    for (const key of keys.slice(0, Math.max(0, keys.length - kept))) open.delete(key);
  };
  return {
    async put(key, value, { holder = "", lifeMs = kind.lifeMs } = {}) {
      if (isFull(holder)) dropOver();
      if (whenFull === "refused" && isFull(holder)) return false;
      if (mostOfHolder < most) dropOldest(keysOf(holder), mostOfHolder - 1);
      open.set(key, { value, holder, until: clock.monotonic() + lifeMs });
      if (open.size > most) dropOldest([...open.keys()], most);
      return true;
    },
    async take(key, fits) {
      const value = lasting(key);
      if (value === undefined || !fits(value)) return undefined;
      open.delete(key);
      return value;
    },
    has: (key) => lasting(key) !== undefined,
    async clear() {
      dropOver();
      const { size } = open;
      open.clear();
      return size;
    },
  };
}
