import { reasonOf } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import { createHistory } from "#features/history";
import type { WritableDirectory } from "#features/servers";
import { createFactBus } from "#kernel";
import { createAuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import type { Lease } from "#platform/leases";
import { createOutbox } from "#platform/outbox";
import { createScheduler } from "#platform/scheduler";
import { ownsEverything } from "./cast.ts";
import type { Ground } from "./more-rooms.ts";

export type GroundLog = Ground["log"];

/** Keeps what a process says it could not do. */
export function logOf(troubles: string[]): GroundLog {
  const warn = (text: string, details: { error?: unknown } = {}): void =>
    void troubles.push(details.error === undefined ? text : `${text} ${reasonOf(details.error)}`);
  return { info: () => undefined, warn, error: warn };
}

export interface GroundDeps {
  readonly clock: Clock;
  readonly log: GroundLog;
  readonly database: Database;
  readonly stored: Database;
  readonly servers: WritableDirectory;
  readonly judge: Lease;
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
