import type { Clock } from "@windfire/kit";
import type { Deliveries } from "#features/notifications";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { parseSchedule } from "#platform/scheduler";
import type { Scheduler } from "#platform/scheduler";
import { createLedger } from "./ledger.ts";
import type { Ledger } from "./ledger.ts";
import { createPruning } from "./pruning.ts";
import { incidentRoutes } from "./routes.ts";
import type { IncidentRouteDeps } from "./routes.ts";
import { createServiceHealth } from "./service-health.ts";
import { createSilenceCommands } from "./silence-commands.ts";
import type { SilenceCommandDeps } from "./silence-commands.ts";
import { silenceRoutes } from "./silence-routes.ts";
import { silenceStore, snoozeKind, windowKind } from "./silence-store.ts";
import { createSilences } from "./silences.ts";
import type { SilenceDeps } from "./silences.ts";
import { incidentStore, openIncidentKind } from "./store.ts";
import type { OpenIncidents } from "./store.ts";
import { createIncidentWatch } from "./watch.ts";

const LOOK_EVERY_MS = 3_000;

/** What the room needs of others. */
export interface IncidentsDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly audit: SilenceCommandDeps["audit"];
  readonly deliveries: Pick<Deliveries, "raise" | "clear" | "remind" | "dropEvent" | "isReminderDue">;
  readonly messagesOf: IncidentRouteDeps["messagesOf"];
  readonly scheduler: Pick<Scheduler, "every">;
  /** Zone of maintenance windows (configuration key `location`). */
  readonly location: string;
  readonly now: () => number;
  readonly requireRoom: SilenceCommandDeps["requireRoom"];
  readonly ownerOf: SilenceCommandDeps["ownerOf"];
  readonly serversOf: SilenceDeps["serversOf"];
  readonly ownsEverything: SilenceDeps["ownsEverything"];
}

export interface Incidents {
  readonly routes: readonly AnyRoute[];
  /** Those that last. */
  readonly open: Pick<OpenIncidents, "by" | "get" | "list">;
  readonly ledger: Ledger;
  /** Whether people may be told of what a service is like; in the transaction that keeps it. */
  readonly bookHealth: ReturnType<typeof createServiceHealth>["book"];
  readonly cascades: { readonly servers: Cascade; readonly services: Cascade; readonly users: Cascade };
  /** Deletes what ended long ago. */
  prune(): Promise<void>;
  start(): void;
}

/** What fails, from when to when, and who is told of it. */
export async function createIncidents(deps: IncidentsDeps): Promise<Incidents> {
  const { database, location } = deps;
  const open = await database.keep(openIncidentKind);
  const snoozes = await database.keep(snoozeKind);
  const windows = await database.keep(windowKind);
  const silences = createSilences({ ...deps, snoozes, windows, nextOf: nextIn(location) });
  const ledger = createLedger({ ...deps, holdOf: silences.holdOf });
  const health = createServiceHealth({ ...deps, ledger, holdOf: silences.holdOf });
  const look = createIncidentWatch({ ...deps, incidents: open, ledger, holdOf: silences.holdOf });
  const checkSchedule = (text: string): string | undefined => {
    const parsed = parseSchedule(text, location);
    return "error" in parsed ? parsed.error : undefined;
  };
  const commands = createSilenceCommands({ ...deps, snoozes, windows, checkSchedule });
  return {
    routes: [...incidentRoutes(deps), ...silenceRoutes(commands, silences.isOpen)],
    open,
    ledger,
    bookHealth: health.book,
    prune: createPruning(deps),
    cascades: {
      services: health.forget,
      async servers(tx, ids, changes) {
        await ledger.abandon(tx, changes, await incidentStore.openWhere(tx, { serverIds: ids }), "server-deleted");
        await commands.forgetServers(tx, ids, changes);
      },
      async users(tx, ids, changes) {
        const isTheirs = ({ ownerId }: { readonly ownerId: number }): boolean => ids.includes(ownerId);
        const sleeping = (await snoozeKind.load(tx)).filter(isTheirs).map(({ id }) => id);
        const planned = (await windowKind.load(tx)).filter(isTheirs).map(({ id }) => id);
        if (sleeping.length > 0) await silenceStore.deleteSnoozes(tx, sleeping);
        if (planned.length > 0) await silenceStore.deleteWindows(tx, planned);
        changes.gone(snoozeKind.name, sleeping);
        changes.gone(windowKind.name, planned);
      },
    },
    start: () => void deps.scheduler.every(LOOK_EVERY_MS, "incidents", look),
  };
}

/** When schedules come up, in a zone; each text is read once. */
function nextIn(location: string): SilenceDeps["nextOf"] {
  const read = new Map<string, (after: number) => number | undefined>();
  return (schedule, after) => {
    let next = read.get(schedule);
    if (next === undefined) {
      const parsed = parseSchedule(schedule, location);
      next = "error" in parsed ? () => undefined : parsed.schedule.next;
      if (read.size >= MOST_SCHEDULES) read.clear();
      read.set(schedule, next);
    }
    return next(after);
  };
}

/** Schedules that are kept read. */
const MOST_SCHEDULES = 1_000;
