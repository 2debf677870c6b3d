import { createSerialQueue } from "@windfire/kit";
import { createCalendars } from "#features/services";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import type { Seat } from "#platform/leases";
import type { Job, Scheduler } from "#platform/scheduler";
import { createReportCascades } from "./cascades.ts";
import type { ReportCascades } from "./cascades.ts";
import { createReportCommands } from "./commands.ts";
import type { ReportCommandDeps } from "./commands.ts";
import { reportRoutes } from "./routes.ts";
import { createSending } from "./sending.ts";
import type { SendingDeps } from "./sending.ts";
import { reportKind } from "./store.ts";

/** What the room needs of others. */
export interface ReportsDeps {
  readonly database: Database;
  readonly audit: SendingDeps["audit"];
  readonly now: () => number;
  readonly deliveries: SendingDeps["deliveries"];
  readonly requireRoom: ReportCommandDeps["requireRoom"];
  readonly notificationGroupOwner: ReportCommandDeps["notificationGroupOwner"];
  readonly ownerOf: ReportCommandDeps["ownerOf"];
  readonly serversOf: SendingDeps["serversOf"];
  readonly servicesOf: SendingDeps["servicesOf"];
  readonly membersOf: SendingDeps["membersOf"];
  readonly availability: SendingDeps["availability"];
  readonly serviceResults: SendingDeps["serviceResults"];
  readonly incidents: SendingDeps["incidents"];
  readonly traffic: SendingDeps["traffic"];
  readonly translate: SendingDeps["translate"];
  readonly onError: SendingDeps["onError"];
  readonly scheduler: Pick<Scheduler, "every">;
  /** Who tells what is due. Without it this process does. */
  readonly judge?: Seat;
  /** Zone of reports that name none (configuration key `location`). */
  readonly location: string;
}

export interface ReportsRoom {
  readonly routes: readonly AnyRoute[];
  readonly cascades: ReportCascades & { readonly users: Cascade };
  /** From when on recorded traffic is needed, Unix milliseconds; `undefined`: no report tells of any. */
  trafficNeededSince(): number | undefined;
  start(): void;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 20_000;
/** The month before this one, and a few days. */
const TRAFFIC_MS = 65 * 86_400_000;

/** What is told of a fleet by day, week and month. */
export async function createReports(deps: ReportsDeps): Promise<ReportsRoom> {
  const reports = await deps.database.keep(reportKind);
  const calendarOf = createCalendars(deps.location);
  const commands = createReportCommands({ ...deps, reports, calendarOf });
  const judged = deps.judge?.database ?? deps.database;
  const sending = createSending({ ...deps, judged, reports, calendarOf });
  const lane = createSerialQueue();
  let job: Job | undefined;
  reports.subscribe({ changed: ({ key, after }) => after ?? sending.forget(key) });
  return {
    routes: reportRoutes(commands, sending),
    cascades: createReportCascades(),
    trafficNeededSince: () => (reports.list().some(({ parts }) => parts.includes("traffic")) ? deps.now() - TRAFFIC_MS : undefined),
    start: () => void (job = deps.scheduler.every(LOOK_EVERY_MS, "reports", "judge", () => lane.run(sending.look))),
    async stop() {
      job?.cancel();
      await lane.idle();
    },
  };
}
