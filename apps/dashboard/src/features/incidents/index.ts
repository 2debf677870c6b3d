import type { Clock } from "@windfire/kit";
import type { Deliveries } from "#features/notifications";
import type { Cascade, Database } from "#platform/database";
import type { Scheduler } from "#platform/scheduler";
import { createLedger } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import { createPruning } from "./pruning.ts";
import { incidentStore, openIncidentKind } from "./store.ts";
import type { OpenIncidents } from "./store.ts";
import { createIncidentWatch } from "./watch.ts";

export type { Ledger } from "./ledger.ts";
export { pairOf, readSeverity } from "./model.ts";
export type { Incident, NewIncident, Outcome } from "./model.ts";
export { incidentStore } from "./store.ts";
export type { OpenIncidents } from "./store.ts";

const LOOK_EVERY_MS = 3_000;

/** What the room needs of others. */
export interface IncidentsDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly deliveries: Pick<Deliveries, "raise" | "clear" | "remind" | "dropEvent" | "isReminderDue">;
  readonly scheduler: Pick<Scheduler, "every">;
  readonly now: () => number;
}

export interface Incidents {
  /** Those that last. */
  readonly open: Pick<OpenIncidents, "by" | "get" | "list">;
  readonly ledger: Ledger;
  readonly cascades: { readonly servers: Cascade };
  /** Deletes what ended long ago. */
  prune(): Promise<void>;
  start(): void;
}

/** What fails, from when to when, and who is told of it. */
export async function createIncidents(deps: IncidentsDeps): Promise<Incidents> {
  const open = await deps.database.keep(openIncidentKind);
  const holdOf = (): undefined => undefined;
  const ledger = createLedger({ ...deps, holdOf });
  const look = createIncidentWatch({ ...deps, incidents: open, ledger, holdOf });
  return {
    open,
    ledger,
    prune: createPruning(deps),
    cascades: {
      async servers(tx, ids, changes) {
        await ledger.abandon(tx, changes, await incidentStore.openWhere(tx, { serverIds: ids }), "server-deleted");
      },
    },
    start: () => void deps.scheduler.every(LOOK_EVERY_MS, "incidents", look),
  };
}
