import type { BackupState, Cron, CronTrigger, Delivery, Incident, ServicesOverview } from "@windfire/api";
import { byUrgency } from "#features/alerts/console/incident-words.tsx";
import { OPEN_INCIDENTS } from "#features/alerts/console/open-incidents.ts";
import { isOutdated } from "#features/servers/console/agent-version.ts";
import type { ServerRow } from "#features/servers/console/server-rows.ts";
import { healthRank, isProblem } from "#features/servers/shared/health.ts";
import { GIVEN_UP_STARTS } from "#features/tasks/console/given-up-starts.ts";
import { failedTasks, useLastRuns } from "#features/tasks/console/last-runs.ts";
import { serviceList } from "#features/services/shared/service-model.ts";
import type { ServiceItem } from "#features/services/shared/service-model.ts";
import { parseTime } from "#lib/time-format.ts";
import { useIsAdmin, useList, useRead, useSetting } from "#shell/console/queries.ts";

const SLOW_MS = 60_000;
/** Messages that were given up are news for so long. */
const NEWS_MS = 3 * 24 * 3_600_000;
const MOST_DELIVERIES = 50;

export interface Attention {
  /** Open, and nobody has seen or quieted them. */
  readonly incidents: readonly Incident[];
  /** Open, but acknowledged or kept quiet. */
  readonly quieted: number;
  /** In trouble without an incident that says so. */
  readonly servers: readonly ServerRow[];
  readonly services: readonly ServiceItem[];
  readonly deliveries: readonly Delivery[];
  readonly missedStarts: readonly CronTrigger[];
  readonly tasks: readonly Cron[];
  readonly outdated: readonly ServerRow[];
  /** Why the last backup failed; administrators look after them. */
  readonly backupError: string | undefined;
  readonly count: number;
  readonly allServices: readonly ServiceItem[];
}

const isQuiet = ({ acknowledged_at, held }: Incident) => acknowledged_at !== undefined || held !== undefined;

/** What needs somebody, by its kind. An incident stands for its server or service, which is not named twice. */
export function useAttention(rows: readonly ServerRow[], now: number): Attention {
  const open = useRead<Incident[]>(...OPEN_INCIDENTS).data ?? [];
  // The overview is also what guests see: only what the reader manages is the reader's to look after.
  const mine = new Set(useList("/service/list").rows.map(({ id }) => id));
  const allServices = serviceList(useRead<ServicesOverview>("/service").data).filter(({ id }) => mine.has(id));
  const dead = useRead<Delivery[] | null>("/delivery", { state: "dead", limit: MOST_DELIVERIES }, { everyMs: SLOW_MS }).data ?? [];
  const starts = useRead<CronTrigger[] | null>(...GIVEN_UP_STARTS).data ?? [];
  const crons = useList("/cron").rows;
  const failed = failedTasks(crons, useLastRuns());
  const backups = useRead<BackupState>("/backup", undefined, { everyMs: SLOW_MS, enabled: useIsAdmin() }).data;
  const version = useSetting()?.version;
  const named = (source: Incident["source"], id: number) =>
    open.some((incident) => incident.source === source && (source === "alert" ? incident.server_id : incident.source_id) === id);
  const isNews = ({ settled_at, created_at }: Pick<Delivery, "settled_at" | "created_at">) =>
    now - (parseTime(settled_at) ?? parseTime(created_at) ?? 0) < NEWS_MS;
  const found = {
    incidents: open.filter((incident) => !isQuiet(incident)).toSorted(byUrgency),
    servers: rows
      .filter(({ health, server }) => isProblem(health) && !named("alert", server.id))
      .toSorted((a, b) => healthRank(a.health) - healthRank(b.health)),
    services: allServices.filter(({ state, id }) => (state === "critical" || state === "warn") && !named("service", id)),
    deliveries: dead.filter(isNews),
    missedStarts: starts.filter(isNews),
    tasks: crons.filter(({ id }) => failed.has(id)),
    backupError: backups?.runs[0]?.error || undefined,
    outdated: rows.filter(({ server }) => isOutdated(server.host.version, version)),
  };
  const { incidents, servers, services, deliveries, missedStarts, tasks, outdated, backupError } = found;
  const groups = [deliveries, missedStarts, outdated].filter((kind) => kind.length > 0).length + (backupError === undefined ? 0 : 1);
  return {
    ...found,
    quieted: open.length - incidents.length,
    count: incidents.length + servers.length + services.length + tasks.length + groups,
    allServices,
  };
}
