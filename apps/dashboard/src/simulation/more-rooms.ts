import type { Clock } from "@windfire/kit";
import type { AlertsDeps } from "#features/alerts";
import { createCron } from "#features/cron";
import type { CronRoom } from "#features/cron";
import { createDdns } from "#features/ddns";
import type { Ddns } from "#features/ddns";
import type { History } from "#features/history";
import type { Incidents } from "#features/incidents";
import type { Notifications } from "#features/notifications";
import type { WritableDirectory } from "#features/servers";
import { createServices } from "#features/services";
import type { Services, ServicesDeps } from "#features/services";
import type { Agents, FactBus } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import type { Lease } from "#platform/leases";
import type { Outbound } from "#platform/outbound";
import type { Outbox } from "#platform/outbox";
import type { Scheduler } from "#platform/scheduler";
import { ownsEverything } from "./cast.ts";

/** What a process among several knows of the others. */
type Among = Pick<AlertsDeps, "isJudgedElsewhere" | "isJudgedHere"> & Pick<ServicesDeps, "isAskedHere" | "share">;

/** What all rooms of a process stand on. */
export interface Ground extends Among {
  readonly clock: Clock;
  readonly now: () => number;
  readonly log: { info(text: string): void; warn(text: string, details?: object): void; error(text: string, details?: object): void };
  readonly onError: (error: unknown) => void;
  readonly database: Database;
  readonly stored: Database;
  /** Held by the process that judges and sends. */
  readonly judge: Lease;
  readonly outbox: Outbox;
  readonly audit: AuditLog;
  readonly scheduler: Scheduler;
  readonly facts: FactBus;
  readonly history: History;
  readonly servers: WritableDirectory;
  readonly reach: AlertsDeps["reach"];
  readonly requireRoom: () => undefined;
  readonly translate: (messageId: string, ...args: (string | number)[]) => string;
}

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
