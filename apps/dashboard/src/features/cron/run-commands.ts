import { reachesServer } from "#access/policy";
import { refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database, Queries } from "#platform/database";
import type { CronChecks } from "./checks.ts";
import type { PendingResults } from "./pending-results.ts";
import type { RunRecord } from "./run-model.ts";
import { resultStore } from "./result-store.ts";
import { runStore } from "./run-store.ts";
import type { RunFilter } from "./run-store.ts";
import { cronStore } from "./store.ts";
import type { Crons } from "./store.ts";

export interface RunCommandDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  readonly crons: Pick<Crons, "list">;
  readonly checks: Pick<CronChecks, "mayManage">;
  readonly pending: Pick<PendingResults, "cancel">;
  /** Tells an agent to end a command; `false` where it cannot be told. */
  readonly stopCommand: (serverId: number, cronId: number) => Promise<boolean>;
}

/** What a caller may do with runs: those of the crons they manage. */
export function createRunCommands({ database, audit, now, crons, checks, pending, stopCommand }: RunCommandDeps) {
  const mine = async (caller: Caller, id: number, queries: Queries): Promise<RunRecord> => {
    const run = await runStore.find(queries, id);
    const cron = run && (await cronStore.find(queries, run.cronId));
    if (!run || !cron || !checks.mayManage(caller, cron)) throw refuseText(`run id ${id} does not exist`);
    return run;
  };
  return {
    async list(caller: Caller, filter: Omit<RunFilter, "cronIds"> & { readonly cronId?: number }, limit: number): Promise<RunRecord[]> {
      const { cronId, serverId, ...others } = filter;
      const managed = crons.list().filter((cron) => (cronId === undefined || cron.id === cronId) && checks.mayManage(caller, cron));
      if (managed.length === 0 || (serverId !== undefined && !reachesServer(caller, serverId))) return [];
      const cronIds = managed.length === crons.list().length ? {} : { cronIds: managed.map(({ id }) => id) };
      return runStore.list(database.kysely, { ...others, ...cronIds, ...(serverId === undefined ? {} : { serverId }) }, limit);
    },
    find: (caller: Caller, id: number): Promise<RunRecord> => mine(caller, id, database.kysely),
    /** Servers outside a token's list are left out. */
    async results(caller: Caller, run: RunRecord) {
      return (await resultStore.results(database.kysely, run.id)).filter(({ serverId }) => reachesServer(caller, serverId));
    },
    async output(caller: Caller, id: number, serverId: number) {
      await mine(caller, id, database.kysely);
      const output = reachesServer(caller, serverId) ? await resultStore.output(database.kysely, id, serverId) : undefined;
      if (!output) throw refuseText(`run id ${id} was not on server id ${serverId}`);
      return output;
    },
    /** Ends waiting; where the agent can be told, the command too. */
    async cancel(caller: Caller, id: number, only: readonly number[] | undefined): Promise<{ stopped: number[]; unwatched: number[] }> {
      const { run, ended } = await database.change(async (tx, changes) => {
        const found = await mine(caller, id, tx);
        const servers = (await resultStore.results(tx, id))
          .map(({ serverId }) => serverId)
          .filter((serverId) => reachesServer(caller, serverId) && (only === undefined || only.includes(serverId)));
        const cancelled = await resultStore.settle(tx, id, "cancelled", now(), servers);
        if (cancelled.length === 0) return { run: found, ended: cancelled };
        await runStore.recount(tx, id, now());
        const deed = { action: "cron.cancel", kind: "cron", key: found.cronId, to: { run: id, servers: cancelled } };
        await audit.write(tx, { actor: actorOf(caller), ...deed });
        changes.afterwards(() => pending.cancel(id, cancelled));
        return { run: found, ended: cancelled };
      });
      const told = await Promise.all(ended.map(async (serverId) => ({ serverId, isTold: await stopCommand(serverId, run.cronId) })));
      const having = (isTold: boolean): number[] => told.filter((one) => one.isTold === isTold).map(({ serverId }) => serverId);
      return { stopped: having(true), unwatched: having(false) };
    },
  };
}

export type RunCommands = ReturnType<typeof createRunCommands>;
