import type { LiveServer } from "#features/servers";
import type { Service } from "#features/services";
import type { Standing } from "./parents.ts";
import type { Thing } from "./paths.ts";

/** A server whose last report is older is away (spec 30 section 2.3). */
const STANDS_MS = 6_000;
/** A server that was loaded at the start has so long to make its first call. */
const GRACE_MS = 60_000;

export interface StandingDeps {
  readonly now: () => number;
  readonly servers: { get(id: number): LiveServer | undefined; list(): readonly LiveServer[] };
  readonly services: { get(id: number): Service | undefined; list(): readonly Service[] };
  /** When a result of the service was judged last, Unix milliseconds; `undefined`: not since the start. */
  readonly judgedAt: (serviceId: number) => number | undefined;
  /** Whether an incident of the service lasts: it is not Good. */
  readonly isFailing: (serviceId: number) => boolean;
}

/** What servers and services are like where others are reached through them. */
export function createStandings({ now, servers, services, judgedAt, isFailing }: StandingDeps) {
  const startedAt = now();
  const ofServer = (id: number): Standing => {
    const server = servers.get(id);
    if (!server) return { state: "unknown", judgedAt: 0 };
    const isThere = server.lastActive !== 0 && now() - server.lastActive <= STANDS_MS;
    if (isThere) return { state: "up", judgedAt: server.lastReport };
    const mayComeBack = !server.hasCalled && now() - startedAt < GRACE_MS;
    return mayComeBack ? { state: "unknown", judgedAt: 0 } : { state: "down", judgedAt: now() };
  };
  const ofService = (id: number): Standing => {
    const at = judgedAt(id) ?? 0;
    if (isFailing(id)) return { state: "down", judgedAt: at };
    return { state: at === 0 ? "unknown" : "up", judgedAt: at };
  };
  const throughOf = ({ kind, id }: Thing): Thing | undefined =>
    kind === "server" ? servers.get(id)?.settings.reachedThrough : services.get(id)?.options.reachedThrough;
  return {
    throughOf,
    standingOf: ({ kind, id }: Thing): Standing => (kind === "server" ? ofServer(id) : ofService(id)),
    nameOf: ({ kind, id }: Thing): string =>
      (kind === "server" ? servers.get(id)?.settings.name : services.get(id)?.name) ?? `${kind} ${id}`,
    *parents(): Iterable<Thing> {
      for (const { settings } of servers.list()) if (settings.reachedThrough) yield settings.reachedThrough;
      for (const { options } of services.list()) if (options.reachedThrough) yield options.reachedThrough;
    },
  };
}
