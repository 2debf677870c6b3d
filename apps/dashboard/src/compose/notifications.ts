import { createDateTimeFormat, createNotifications } from "#features/notifications";
import type { Notifications } from "#features/notifications";
import type { Cascades } from "./cascades.ts";
import type { Foundation } from "./foundation.ts";
import type { Later } from "./rooms.ts";
import { siteOf } from "./site.ts";

/** Who is told, and how. */
export function composeNotifications(base: Foundation, cascades: Cascades, later: Later<"identity" | "servers">): Promise<Notifications> {
  const { audit, clock, config, database, location, log, now, outbound, outbox, requireRoom, sealing, translate } = base;
  return createNotifications({
    clock,
    database,
    audit,
    outbox,
    outbound,
    sealing,
    now,
    requireRoom,
    translate,
    ownsEverything: (id) => later().identity.users.ownsEverything(id),
    site: () => siteOf(config.current.dashboardHost),
    server: (id) => later().servers.directory.get(id),
    formatDateTime: createDateTimeFormat(location),
    log: log.child("notifications"),
    groupCascades: cascades.groups,
  });
}
