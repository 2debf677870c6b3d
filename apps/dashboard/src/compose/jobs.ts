import type { LiveServer } from "#features/servers";
import type { Foundation } from "./foundation.ts";
import type { Rooms } from "./rooms.ts";

const MINUTE_MS = 60_000;
/** What a database that is full or busy refused is tried again this often. */
const AGAIN_MS = 10_000;

/** Our own timers, in the zone of the configuration (spec 41 section 2.3). */
export function scheduleJobs(
  { scheduler, clock }: Foundation,
  {
    agentChanges,
    alerts,
    auditRoom,
    availability,
    cron,
    ddns,
    incidents,
    notifications,
    replicas,
    servers,
    traffic,
    maintenance,
    statusPages,
  }: Rooms,
): void {
  const counted = (): readonly LiveServer[] => servers.directory.list().filter(({ id }) => replicas.isKeptHere(id));
  scheduler.at("0 0 * * * *", "traffic", "each", () => traffic.bookHour(counted(), clock.now()));
  scheduler.every(MINUTE_MS, "traffic counters", "each", () => traffic.keep(counted()));
  scheduler.at("0 30 3 * * *", "traffic clean-up", "judge", () => alerts.cleanTraffic());
  scheduler.at("0 15 * * * *", "mutes", "judge", () => notifications.prune());
  scheduler.every(AGAIN_MS, "notices that could not be written", "each", () => notifications.tryAgain());
  scheduler.at("0 25 * * * *", "ddns", "judge", () => ddns.round());
  scheduler.at("0 35 * * * *", "runs of tasks", "judge", () => cron.prune());
  scheduler.at("0 20 * * * *", "incidents of long ago", "judge", () => incidents.prune());
  scheduler.at("0 40 3 * * *", "availability of long ago", "judge", () => availability.prune());
  scheduler.at("0 45 3 * * *", "agents of long ago", "judge", () => agentChanges.prune());
  scheduler.at("0 50 3 * * *", "status pages", "judge", () => statusPages.prune());
  scheduler.at("30 */10 * * * *", "audit log", "judge", () => auditRoom.prune());
  scheduler.at("0 0 4 * * 0", "maintenance", "judge", async () => void (await maintenance.run()));
}
