import type { Clock } from "@windfire/kit";
import type { LiveServer } from "#features/servers";
import type { Cascade, Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { createLoneLease } from "#platform/leases";
import type { Seat } from "#platform/leases";
import type { Scheduler } from "#platform/scheduler";
import { agentChangeRoutes } from "./routes.ts";
import { agentChangeStore } from "./store.ts";
import { createWatch } from "./watch.ts";

const LOOK_EVERY_MS = 10_000;
/** Longer than what is asked for. */
const KEPT_MS = 100 * 86_400_000;
/** Values of one kind of one server. */
const MOST = 500;

/** What the room needs of others. */
export interface AgentChangesDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly scheduler: Pick<Scheduler, "every">;
  /** Who notes what agents say. Without it this process does. */
  readonly judge?: Seat;
  readonly servers: { get(id: number): LiveServer | undefined; list(): readonly LiveServer[] };
}

export interface AgentChanges {
  readonly routes: readonly AnyRoute[];
  readonly cascades: { readonly servers: Cascade };
  /** Deletes what nobody asks for any more. */
  prune(): Promise<void>;
  /** Begins to look, as the judge. */
  start(): Promise<void>;
  stop(): void;
}

/** Which versions agents had, and at which addresses they were. */
export async function createAgentChanges(deps: AgentChangesDeps): Promise<AgentChanges> {
  const { clock, database, scheduler, servers, judge = createLoneLease(database) } = deps;
  const watch = createWatch({ clock, database: judge.database, servers }, await agentChangeStore.newest(database.kysely));
  let job: { cancel(): void } | undefined;
  return {
    routes: agentChangeRoutes({ queries: database.kysely, servers, now: clock.now }),
    cascades: {
      async servers(tx, ids, changes) {
        await agentChangeStore.delete(tx, ids);
        changes.afterwards(() => watch.forget(ids));
      },
    },
    async prune() {
      // A server may be deleted while what was seen of it is on the way to the table.
      const gone = watch.gone();
      if (gone.length > 0) await judge.database.transaction((tx) => agentChangeStore.delete(tx, gone));
      watch.forget(gone);
      const which = { before: clock.now() - KEPT_MS, kept: MOST };
      for (const { id } of servers.list()) await judge.database.transaction((tx) => agentChangeStore.prune(tx, id, which));
    },
    async start() {
      if (judge.isShared) watch.resume(await agentChangeStore.newest(database.kysely));
      job = scheduler.every(LOOK_EVERY_MS, "versions and addresses of agents", "judge", watch.look);
    },
    stop: () => job?.cancel(),
  };
}
