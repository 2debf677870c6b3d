import { createServers, serverStore } from "#features/servers";
import { createTraffic, createTrafficCorrections } from "#features/traffic";
import type { Cascades } from "./cascades.ts";
import type { Foundation } from "./foundation.ts";
import { isUserRow, reachOf } from "./reach.ts";
import type { Later, Some } from "./rooms.ts";

/** The servers, and what they have sent and received. */
export async function composeServers(
  base: Foundation,
  { identity: { users, cascades: ofUsers } }: Some<"identity">,
  cascades: Cascades,
  later: Later<"alerts" | "ddns" | "incidents" | "replicas" | "reports" | "services">,
): Promise<Some<"traffic" | "corrections" | "servers" | "reach">> {
  const { audit, clock, database, history, limits, location, now, onError } = base;
  const traffic = createTraffic(database, location);
  const corrections = await createTrafficCorrections({ database, audit, now, findServer: serverStore.find });
  const servers = await createServers({
    database,
    audit,
    now,
    random: Math.random,
    monotonic: () => clock.monotonic(),
    pause: (ms) => new Promise((resolve) => void clock.setTimeout(resolve, ms)),
    lastSeen: (id) => history.lastSeen(id),
    isUnheard: (id) => later().replicas.isUnheard(id),
    usernameOf: (id) => users.nameOf(id) || undefined,
    isMember: (id) => !users.ownsEverything(id),
    isOwner: isUserRow,
    serversPerMember: limits.changeable.serversPerMember,
    rowsPerMember: limits.changeable.rowsPerMember,
    ddnsProfile: (id) => later().ddns.profiles.get(id),
    onSave: (tx, changes, server) => later().ddns.onSave(tx, changes, server),
    requirePath: (...path) => later().incidents.requirePath(...path),
    cascades: cascades.servers,
    movedCascades: [
      (tx, ids, changes) => later().services.cascades.movedServers(tx, ids, changes),
      (tx, ids, changes) => later().alerts.cascades.movedServers(tx, ids, changes),
    ],
    groupCascades: [
      (tx, ids, changes) => later().incidents.cascades.groups(tx, ids, changes),
      (tx, ids, changes) => later().reports.cascades.serverGroups(tx, ids, changes),
      (tx, ids, changes) => ofUsers.serverGroups(tx, ids, changes),
    ],
    trafficRecords: traffic.records,
    onError: onError("servers"),
  });
  return { traffic, corrections, servers, reach: reachOf(servers.directory, users) };
}
