import type { Clock } from "@windfire/kit";
import type { Database } from "#platform/database";
import { createLoneLease, createSharedLease, LeaseLostError } from "#platform/leases";
import type { Lease } from "#platform/leases";
import type { Log } from "#platform/log";
import { createOutbox } from "#platform/outbox";
import type { Outbox } from "#platform/outbox";
import { createLocalTickets, createSharedTickets } from "#platform/tickets";
import type { SharedTicketDeps, TicketOffice } from "#platform/tickets";

/** Other processes add messages of which the judge does not hear. */
const LOOK_EVERY_MS = 1_000;

/** The one process of the installation that judges and sends: this one, unless it is one of several. */
export function composeJudge(
  replica: string | undefined,
  { clock, database, log }: { readonly clock: Clock; readonly database: Database; readonly log: Log },
): Lease {
  if (replica === undefined) return createLoneLease(database);
  const own = log.child("judge");
  return createSharedLease({
    name: "judge",
    holder: replica,
    clock,
    database,
    log: own,
    onError: (error) => tellFailure(own, error),
  });
}

/** What the fence of the lease keeps from being written is no failure: whoever lost the lease has said so. */
export function tellFailure(log: Pick<Log, "debug" | "error">, error: unknown): void {
  if (error instanceof LeaseLostError) log.debug("left to another dashboard", { reason: error.message });
  else log.error("failed", { error });
}

/** Keeps what works once where all processes of the installation see it. */
export function composeTickets(judge: Pick<Lease, "isShared">, deps: SharedTicketDeps & { readonly clock: Clock }): TicketOffice {
  return judge.isShared ? createSharedTickets(deps) : createLocalTickets(deps.clock);
}

/** Adds messages wherever it is asked to; only the judge sends them. */
export function composeOutbox(judge: Lease, { clock, log }: { readonly clock: Clock; readonly log: Log }): Outbox {
  return createOutbox({
    clock,
    database: judge.database,
    maySend: () => judge.maySend,
    ...(judge.isShared ? { lookEveryMs: LOOK_EVERY_MS } : {}),
    onError: (error) => tellFailure(log.child("outbox"), error),
  });
}
