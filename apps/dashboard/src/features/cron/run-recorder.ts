import type { Deliveries } from "#features/notifications";
import type { ServerDirectory } from "#features/servers";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, LateWrites, Queries } from "#platform/database";
import { LeaseLostError } from "#platform/leases";
import type { Seat } from "#platform/leases";
import type { CronChecks } from "./checks.ts";
import { cronKind, cronStore } from "./store.ts";
import type { Cron } from "./model.ts";
import type { PendingResults } from "./pending-results.ts";
import type { RunCause } from "./run-model.ts";
import { resultStore } from "./result-store.ts";
import { runStore } from "./run-store.ts";

export interface RunRecorderDeps {
  readonly database: Pick<Database, "change">;
  readonly judge: Seat;
  readonly late: Pick<LateWrites, "write">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly servers: Pick<ServerDirectory, "get">;
  readonly deliveries: Pick<Deliveries, "tell">;
  readonly translate: (messageId: string, ...args: (string | number)[]) => string;
  readonly pending: PendingResults;
  readonly checks: Pick<CronChecks, "mine">;
  readonly onError: (error: unknown) => void;
}

/** Why a cron runs. */
export interface RunOrder {
  readonly cause: Exclude<RunCause, "missed">;
  /** Who runs it by hand: that is a deed, and does not take place without its line in the audit log. */
  readonly caller?: Caller;
  /** The server whose alert or service set it off. */
  readonly trigger?: number;
  /** When its schedule wanted it, Unix milliseconds. */
  readonly due?: number;
}

/** What could not be sent. */
export interface Unsent {
  readonly offline: readonly number[];
  readonly busy: readonly number[];
}

/** Instead of a run's number. */
export const BEGUN_ELSEWHERE = 0;

/** Clocks of dashboards that judge after one another differ by less; a run that lies further ahead was begun by a clock that was wrong. */
const SKEW_MS = 60_000;

/** Servers that are noted in one transaction with the message about them. */
const TOLD_AT_ONCE = 100;

/** Writes down runs: what is to be done before it is done, so that a crash in between leaves a run without answers and not nothing. */
export function createRunRecorder(deps: RunRecorderDeps) {
  const { audit, checks, database, deliveries, judge, late, now, pending, translate } = deps;
  let unwritten = 0;
  const nameOf = (serverId: number): string => deps.servers.get(serverId)?.settings.name ?? "";

  const tellOffline = async (tx: Queries, changes: Changes, cron: Cron, serverId: number): Promise<void> => {
    const serverName = nameOf(serverId);
    const text = translate("[Task failed] %s: server %s is offline and cannot execute the task", cron.name, serverName);
    const facts = { subject: serverName, rule: cron.name };
    await deliveries.tell(tx, changes, cron.notificationGroupId, { text, serverId, ownerId: cron.ownerId, severity: "warning", facts });
  };
  /** The clock of the judge before was ahead of ours. */
  const wasBegun = async (tx: Queries, cronId: number, due: number): Promise<boolean> => {
    const last = await runStore.lastDue(tx, cronId);
    return last >= due && last <= now() + SKEW_MS;
  };
  return {
    /**
     * Number of the run. One that could not be written takes place all the same, with a number below 0 that no row has; one that the judge
     * before has begun does not.
     *
     * @throws {AppError} when who runs it by hand may not
     * @throws {DatabaseError} when what they do could not be written
     * @throws {LeaseLostError} when another process is the judge: the run is not to take place here
     */
    async begin(cron: Cron, { cause, caller, trigger = 0, due = 0 }: RunOrder, targets: readonly number[]): Promise<number> {
      const actor = caller && actorOf(caller);
      const run = { cronId: cron.id, cronName: cron.name, cause, by: actor?.username ?? "", triggerServerId: trigger, startedAt: now() };
      const servers = targets.map((serverId) => ({ serverId, serverName: nameOf(serverId) }));
      try {
        // By hand anybody begins it, anywhere; else the judge alone.
        return await (cause === "manual" ? database : judge.database).change(async (tx) => {
          if (judge.isShared && cause === "schedule" && (await wasBegun(tx, cron.id, due))) return BEGUN_ELSEWHERE;
          if (caller) checks.mine(caller, cron.id, await cronStore.find(tx, cron.id));
          const id = await runStore.insert(tx, { ...run, missed: undefined }, servers);
          await runStore.keepNewest(tx, cron.id, cron.keepRuns);
          if (actor) await audit.write(tx, { actor, action: "cron.run", kind: cronKind.name, key: cron.id, to: { run: id } });
          return id;
        });
      } catch (error) {
        if (caller !== undefined || error instanceof LeaseLostError) throw error;
        deps.onError(error);
        return --unwritten;
      }
    },
    /** A server is waited for, unless it turns out that it was not sent to. */
    expect(cron: Cron, runId: number, serverId: number): { cancel(): void } {
      const expected = { runId, serverId, cronId: cron.id, sentAt: now(), cancelled: false, lost: false };
      pending.add(expected);
      return { cancel: () => pending.forget(expected) };
    },
    /** The others are noted, and people are told of those that are not connected: both or neither. */
    async unsent(cron: Cron, runId: number, { offline, busy }: Unsent): Promise<void> {
      if (offline.length + busy.length === 0 || (runId < 0 && cron.notificationGroupId === 0)) return;
      const at = now();
      const chunks = Math.max(1, Math.ceil(offline.length / TOLD_AT_ONCE));
      for (let chunk = 0; chunk < chunks; chunk++) {
        const away = offline.slice(chunk * TOLD_AT_ONCE, (chunk + 1) * TOLD_AT_ONCE);
        await late.write(async (tx, changes) => {
          if (away.length > 0) await resultStore.settle(tx, runId, "offline", at, away);
          if (chunk === 0 && busy.length > 0) await resultStore.settle(tx, runId, "busy", at, busy);
          await runStore.recount(tx, runId, at);
          if (cron.notificationGroupId === 0) return;
          for (const serverId of away) await tellOffline(tx, changes, cron, serverId);
        });
      }
    },
  };
}

export type RunRecorder = ReturnType<typeof createRunRecorder>;
