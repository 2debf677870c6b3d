import type { Clock } from "@windfire/kit";
import type { Deliveries } from "#features/notifications";
import type { RequirePath } from "#features/servers";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createLoneLease } from "#platform/leases";
import type { Seat } from "#platform/leases";
import { parseSchedule } from "#platform/scheduler";
import type { Scheduler } from "#platform/scheduler";
import { createLedger } from "./ledger.ts";
import type { Ledger, LedgerDeps } from "./ledger.ts";
import type { Incident } from "./model.ts";
import { createParents } from "./parents.ts";
import { createPathCheck } from "./paths.ts";
import type { PathCheckDeps } from "./paths.ts";
import { createPlannedTime } from "./planned-time.ts";
import type { PlannedTime } from "./planned-time.ts";
import { beginningsIn } from "./plan-beginnings.ts";
import { createPlans } from "./plans.ts";
import type { Plans } from "./plans.ts";
import { createPruning } from "./pruning.ts";
import { incidentRoutes } from "./routes.ts";
import type { IncidentRouteDeps } from "./routes.ts";
import { createSamples } from "./samples.ts";
import type { SampleDeps } from "./samples.ts";
import { createServiceHealth } from "./service-health.ts";
import { forgetSubjects, forgetUsers } from "./silence-cascades.ts";
import { snoozeKind, windowKind } from "./silence-store.ts";
import { createSilences } from "./silences.ts";
import type { SilenceDeps } from "./silences.ts";
import { createStandings } from "./standing.ts";
import type { StandingDeps } from "./standing.ts";
import { createSnoozeCommands } from "./snooze-commands.ts";
import type { SnoozeCommandDeps } from "./snooze-commands.ts";
import { snoozeRoutes } from "./snooze-routes.ts";
import { incidentStore, openIncidentKind } from "./store.ts";
import type { OpenIncidents } from "./store.ts";
import type { OwnerOf } from "./subjects.ts";
import { createIncidentWatch } from "./watch.ts";
import { createWindowCommands } from "./window-commands.ts";
import { windowRoutes } from "./window-routes.ts";

const LOOK_EVERY_MS = 3_000;

/** What the room needs of others. */
export interface IncidentsDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly audit: SnoozeCommandDeps["audit"];
  readonly deliveries: Pick<Deliveries, "raise" | "clear" | "remind" | "move" | "dropEvents" | "isReminderDue">;
  readonly messagesOf: IncidentRouteDeps["messagesOf"];
  readonly scheduler: Pick<Scheduler, "every">;
  /** Who tells and reminds, and writes down when planned work begins. Without it this process does. */
  readonly judge?: Seat;
  /** Zone of maintenance windows (configuration key `location`). */
  readonly location: string;
  readonly now: () => number;
  readonly requireRoom: SnoozeCommandDeps["requireRoom"];
  readonly ownerOf: OwnerOf;
  readonly serversOf: SilenceDeps["serversOf"];
  readonly ownsEverything: SilenceDeps["ownsEverything"];
  readonly servers: StandingDeps["servers"];
  readonly services: StandingDeps["services"];
  readonly judgedAt: StandingDeps["judgedAt"];
  readonly pathsIn: PathCheckDeps["pathsIn"];
  readonly tellHeldService: LedgerDeps["tellHeldService"];
  readonly serviceSeries: SampleDeps["serviceSeries"];
  readonly history: SampleDeps["history"];
  readonly availability: SampleDeps["availability"];
  readonly figuresOf: SampleDeps["figuresOf"];
}

export interface Incidents {
  readonly routes: readonly AnyRoute[];
  /** Those that last. */
  readonly open: Pick<OpenIncidents, "by" | "get" | "list">;
  /** Planned work, for rooms that announce it. */
  readonly plans: Plans;
  /** When planned work took place. */
  readonly planned: Pick<PlannedTime, "isServicePlanned" | "ofServers" | "ofServices">;
  readonly ledger: Ledger;
  /** Whether people may be told of what a service is like; in the transaction that keeps it. */
  readonly bookHealth: ReturnType<typeof createServiceHealth>["book"];
  /** Whether a caller may say that a server or service is reached through another. */
  readonly requirePath: RequirePath;
  readonly cascades: Readonly<Record<"servers" | "services" | "rules" | "groups" | "users", Cascade>>;
  /** Deletes incidents that ended long ago and snoozes that are over. */
  prune(): Promise<void>;
  start(): void;
}

/** What fails, from when to when, and who is told of it. */
export async function createIncidents(deps: IncidentsDeps): Promise<Incidents> {
  const { database, location } = deps;
  const judge = deps.judge ?? createLoneLease(database);
  const open = await database.keep(openIncidentKind);
  const snoozes = await database.keep(snoozeKind);
  const windows = await database.keep(windowKind);
  const checkSchedule = (text: string): string | undefined => {
    const parsed = parseSchedule(text, location);
    return "error" in parsed ? parsed.error : undefined;
  };
  const plans = createPlans({ ...deps, windows, checkSchedule, nextOf: beginningsIn(location) });
  const silences = createSilences({ ...deps, snoozes, windows, isDuring: plans.isDuring });
  const standings = createStandings({ ...deps, isFailing: (id) => open.by("source", `service ${id}`).length > 0 });
  const parents = createParents({ ...deps, ...standings });
  const holdOf = (incident: Incident): string | undefined => silences.holdOf(incident) ?? parents.holdOf(incident);
  const ledger = createLedger({ ...deps, holdOf });
  const health = createServiceHealth({ ...deps, ledger, holdOf });
  const look = createIncidentWatch({ ...deps, database: judge.database, incidents: open, ledger, holdOf, lookAtParents: parents.look });
  const snoozing = createSnoozeCommands({ ...deps, snoozes });
  const planned = createPlannedTime({ ...deps, judge, windows, plans });
  const planning = createWindowCommands({ ...deps, windows, plans });
  return {
    requirePath: createPathCheck(deps),
    routes: [
      ...incidentRoutes({ ...deps, parentsOf: parents.above, samplesOf: createSamples(deps) }),
      ...snoozeRoutes(snoozing),
      ...windowRoutes(planning, silences.isOpen),
    ],
    open,
    plans,
    planned,
    ledger,
    bookHealth: health.book,
    prune: createPruning({ ...deps, database: judge.database }),
    cascades: {
      async services(tx, ids, changes) {
        await health.forget(tx, ids, changes);
        await forgetSubjects("service")(tx, ids, changes);
      },
      rules: forgetSubjects("rule"),
      groups: forgetSubjects("group"),
      async servers(tx, ids, changes) {
        await ledger.abandon(tx, changes, await incidentStore.tellableWhere(tx, { serverIds: ids }, deps.now()), "server-deleted");
        await forgetSubjects("server")(tx, ids, changes);
      },
      users: forgetUsers,
    },
    start() {
      deps.scheduler.every(LOOK_EVERY_MS, "incidents", "judge", look);
      deps.scheduler.every(LOOK_EVERY_MS, "planned work", "each", planned.look);
    },
  };
}
