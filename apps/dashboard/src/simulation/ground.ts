import { reasonOf } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import type { AlertsDeps } from "#features/alerts";
import { createHistory } from "#features/history";
import type { History } from "#features/history";
import type { WritableDirectory } from "#features/servers";
import type { ServicesDeps } from "#features/services";
import { createFactBus } from "#kernel";
import type { FactBus } from "#kernel";
import { createAuditLog } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import type { Lease } from "#platform/leases";
import { createOutbox } from "#platform/outbox";
import type { Outbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
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

export type GroundLog = Ground["log"];

/** Keeps what a process says it could not do. */
export function logOf(troubles: string[]): GroundLog {
  const warn = (text: string, details: { error?: unknown } = {}): void =>
    void troubles.push(details.error === undefined ? text : `${text} ${reasonOf(details.error)}`);
  return { info: () => undefined, warn, error: warn };
}

export interface GroundDeps extends Pick<Ground, "clock" | "log" | "database" | "stored" | "servers" | "judge"> {
  /** Where others add messages. */
  readonly lookEveryMs?: number;
}

/** What the rooms of one process stand on, from what differs between processes. */
export function layGround({ lookEveryMs, ...deps }: GroundDeps): Ground {
  const { clock, log, database, servers, judge } = deps;
  const { now } = clock;
  const onError = (error: unknown): void => log.warn("failed", { error });
  return {
    ...deps,
    onError,
    now,
    outbox: createOutbox({
      clock,
      database: judge.database,
      maySend: () => judge.maySend,
      ...(lookEveryMs === undefined ? {} : { lookEveryMs }),
      onError,
    }),
    audit: createAuditLog({ database, now }),
    scheduler: createScheduler({ clock, location: "UTC", isJudge: () => judge.held, log }),
    facts: createFactBus({ onListenerError: (_, error) => onError(error) }),
    history: createHistory({
      clock,
      log,
      directory: "",
      enabled: false,
      limits: { retentionDays: 1, minFreeDiskBytes: 0, sizeBudgetBytes: 0 },
    }),
    reach: {
      server: (id) => servers.get(id)?.settings,
      isOwner: () => true,
      reachOf: (ownerId) =>
        servers
          .list()
          .filter(({ settings }) => ownsEverything(ownerId) || settings.ownerId === ownerId)
          .map(({ id }) => id),
    },
    requireRoom: () => undefined,
    translate: (id, ...args) => [id, ...args].join("|"),
  };
}
