import type { ReachedThrough } from "@windfire/api";
import { canManageServer, requireManage } from "#access/policy";
import type { Owned } from "#access/policy";
import { refuse } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Queries } from "#platform/database";
import { SERVER_GROUP } from "./groups-commands.ts";
import { changedByBatch } from "./batch.ts";
import type { ServerBatchChange } from "./batch.ts";
import type { Server } from "./model.ts";
import { serverOptionsStore } from "./options-store.ts";
import { serverKind, serverStore } from "./store.ts";
import type { ServerSettings } from "./store.ts";

const KIND = serverKind.name;

/** Whether a caller may say that something is reached through something else; `stored`, what it is now, they may. Throws a refusal that names the field. */
export type RequirePath = (
  tx: Queries,
  caller: Caller,
  of: ReachedThrough,
  through: ReachedThrough,
  stored?: ReachedThrough,
) => Promise<void>;

export interface ServerCommandDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  /** Owner of a DDNS profile, `undefined` when there is none with that id. */
  readonly ddnsProfile: (id: number) => Owned | undefined;
  /** What follows from a saved server, in the same transaction. */
  readonly onSave: (tx: Queries, changes: Changes, server: Server) => Promise<void>;
  /** Refuses what a server cannot be reached through. @throws {AppError} naming the field */
  readonly requirePath: RequirePath;
  /** Ids of server groups that have one of these servers. */
  readonly groupsHolding: (tx: Queries, serverIds: readonly number[]) => Promise<readonly number[]>;
  /** Rooms that refer to servers remove their references. */
  readonly cascades: readonly Cascade[];
  /** Rooms let go of servers that become somebody else's. */
  readonly movedCascades: readonly Cascade[];
}

/** What people do to servers (spec 11 section 1). */
export function createServerCommands({ database, audit, now, ...deps }: ServerCommandDeps) {
  /** Profiles that the server names already may be gone. */
  const requireProfiles = (caller: Caller, ids: Iterable<number>, stored: readonly number[] = []): void => {
    for (const id of ids) {
      const profile = deps.ddnsProfile(id);
      if (!profile && stored.includes(id)) continue;
      if (!profile) throw refuse("profile id %d does not exist", id);
      requireManage(caller, [profile]);
    }
  };
  /** Nothing is reached any more through what is gone. */
  const forgetPaths = async (tx: Queries, changes: Changes, kind: ReachedThrough["kind"], gone: readonly number[]): Promise<void> => {
    for (const id of await serverOptionsStore.forgetPaths(tx, kind, gone)) changes.put(KIND, id);
  };
  /** Also for a transaction of somebody else's (a deleted user's servers). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    await runCascades(tx, deps.cascades, ids, changes);
    changes.put(SERVER_GROUP, ...(await deps.groupsHolding(tx, ids)));
    await serverStore.delete(tx, ids);
    changes.gone(KIND, ids);
    await forgetPaths(tx, changes, "server", ids);
  };

  return {
    deleteRows,
    forgetPaths,

    async update(caller: Caller, id: number, form: ServerSettings): Promise<void> {
      await database.change(async (tx, changes) => {
        const stored = await serverStore.find(tx, id);
        requireProfiles(caller, new Set(form.ddnsProfiles), stored?.ddnsProfiles);
        if (!stored) throw refuse("server id %d does not exist", id);
        if (!canManageServer(caller, stored)) throw refuse("permission denied");
        if (form.reachedThrough) await deps.requirePath(tx, caller, { kind: "server", id }, form.reachedThrough, stored.reachedThrough);
        const to = await serverStore.update(tx, id, form, now());
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: "server.update", kind: KIND, key: id, from: stored, to });
        await deps.onSave(tx, changes, to);
      });
    },

    /** Ids of the servers that were another before. All or nothing on permission; unknown ids are ignored. */
    async updateMany(caller: Caller, ids: readonly number[], change: ServerBatchChange): Promise<number[]> {
      if (ids.length === 0) return [];
      return database.change(async (tx, changes) => {
        const found = await serverKind.load(tx, [...new Set(ids)]);
        if (!found.every((server) => canManageServer(caller, server))) throw refuse("permission denied");
        const changed = found.flatMap((from) => {
          const to = changedByBatch(from, change);
          return to === undefined ? [] : [{ from, to }];
        });
        for (const { from, to } of changed) {
          if (to.hideForGuest !== from.hideForGuest) await serverStore.setHidden(tx, from.id, to.hideForGuest, now());
          await serverOptionsStore.set(tx, from.id, { tags: to.tags });
          changes.put(KIND, from.id);
          await audit.write(tx, { actor: actorOf(caller), action: "server.update", kind: KIND, key: from.id, from, to });
        }
        return changed.map(({ from }) => from.id);
      });
    },

    /** All or nothing on permission; unknown ids are ignored (spec 11 section 0.9). */
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await serverKind.load(tx, [...new Set(ids)]);
        if (!found.every((server) => canManageServer(caller, server))) throw refuse("permission denied");
        if (found.length === 0) return;
        for (const from of found)
          await audit.write(tx, { actor: actorOf(caller), action: "server.delete", kind: KIND, key: from.id, from });
        await deleteRows(
          tx,
          found.map(({ id }) => id),
          changes,
        );
      });
    },

    /** In a transaction of the transfers'; `false` when there is no such row. */
    async setOwner(tx: Queries, changes: Changes, id: number, ownerId: number): Promise<boolean> {
      const isThere = await serverStore.setOwner(tx, id, ownerId, now());
      if (!isThere) return false;
      changes.put(KIND, id);
      // The owner before would go on to see what the server is like.
      await forgetPaths(tx, changes, "server", [id]);
      await runCascades(tx, deps.movedCascades, [id], changes);
      return true;
    },
  };
}

export type ServerCommands = ReturnType<typeof createServerCommands>;
