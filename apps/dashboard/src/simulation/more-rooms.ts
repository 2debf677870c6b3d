import { createCron } from "#features/cron";
import type { CronRoom } from "#features/cron";
import { createDdns } from "#features/ddns";
import type { Ddns } from "#features/ddns";
import type { Incidents } from "#features/incidents";
import type { Notifications } from "#features/notifications";
import { createServices } from "#features/services";
import type { Services } from "#features/services";
import type { Agents } from "#kernel";
import type { Outbound } from "#platform/outbound";
import { ownsEverything } from "./cast.ts";
import type { Ground } from "./ground.ts";

/** With what the rooms of these open on. */
export interface MoreGround extends Ground {
  readonly agents: Pick<Agents, "dispatch" | "where">;
  readonly notifications: Notifications;
  readonly groupOwner: (groupId: number) => Promise<number | undefined>;
}

export function openCron(ground: MoreGround): Promise<CronRoom> {
  return createCron({
    ...ground,
    location: "UTC",
    ownsEverything,
    notificationGroupOwner: ground.groupOwner,
    cascades: [],
    deliveries: ground.notifications.deliveries,
  });
}

interface Around {
  readonly cron: CronRoom | undefined;
  readonly incidents: () => Incidents;
}

export function openServices({ cron, incidents, ...ground }: MoreGround & Around): Promise<Services> {
  const { notify, unmute, deliveries } = ground.notifications;
  return createServices({
    ...ground,
    notify,
    unmute,
    deliveries,
    location: "UTC",
    ownsEverything,
    crons: cron?.crons ?? { get: () => undefined },
    notificationGroupOwner: ground.groupOwner,
    requirePath: (...path) => incidents().requirePath(...path),
    isPlanned: (id) => incidents().planned.isServicePlanned(id),
    cascades: [],
    cycleTransferStats: () => ({}),
    pingCount: 2,
    bookHealth: (...change) => incidents().bookHealth(...change),
    trigger: async (...event) => cron?.runs.trigger(...event),
  });
}

export function openDdns(ground: MoreGround, send: Outbound["send"]): Promise<Ddns> {
  return createDdns({
    ...ground,
    judged: ground.judge.database,
    outbound: { send },
    cascades: [],
    isAdmin: (id) => id !== 0 && ownsEverything(id),
    findZone: async (domain) => ({ zone: "test", prefix: domain.replace(/\.test$/, "") }),
    log: { info: () => undefined, warn: () => undefined },
  });
}
