import { canManage, requireManage } from "#access";
import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { collapseNeighbours, runCascades } from "#platform/database";
import type { Cascade, Changes, Database, GroupStore, Queries, StoredGroup } from "#platform/database";
import type { ChannelStore } from "./store.ts";

export interface ChannelGroupDeps {
  readonly database: Database;
  readonly channels: ChannelStore;
  readonly store: GroupStore;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  /** Rooms that refer to groups remove their references. */
  readonly cascades: readonly Cascade[];
}

/** What a caller may do with channel groups (spec 11 section 7). */
export function createChannelGroups(deps: ChannelGroupDeps) {
  const { store } = deps;
  /** Also for a transaction of somebody else's (a deleted user's groups). */
  const deleteRows = async (tx: Queries, ids: readonly number[], changes: Changes): Promise<void> => {
    await runCascades(tx, deps.cascades, ids, changes);
    await store.delete(tx, ids);
  };
  /** Neighbours that are equal are one; every id must exist, and what exists must be the caller's. */
  const members = async (caller: Caller, ids: readonly number[]) => {
    const collapsed = collapseNeighbours(ids);
    const found = await deps.channels.byIds(collapsed);
    requireManage(caller, found);
    const requireAll = (): void => {
      if (found.length !== collapsed.length) throw refuse("have invalid notification id");
    };
    return { collapsed, requireAll };
  };
  return {
    async list(caller: Caller): Promise<StoredGroup[]> {
      return (await store.all()).filter((group) => canManage(caller, group));
    },
    async create(caller: Caller, user: User, form: { name: string; notifications: readonly number[] }): Promise<number> {
      const { collapsed, requireAll } = await members(caller, form.notifications);
      requireAll();
      deps.requireRoom(user, (await store.all()).filter((group) => group.ownerId === user.id).length);
      return store.insert({ ownerId: user.id, name: form.name, memberIds: collapsed }, deps.now());
    },
    async update(caller: Caller, user: User, id: number, form: { name: string; notifications: readonly number[] }): Promise<void> {
      const { collapsed, requireAll } = await members(caller, form.notifications);
      const group = (await store.all()).find((row) => row.id === id);
      if (!group) throw refuse("group id %d does not exist", id);
      requireManage(caller, [group]);
      requireAll();
      await store.update({ id, name: form.name, memberIds: collapsed, byUserId: user.id }, deps.now());
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      const groups = (await store.all()).filter((group) => ids.includes(group.id));
      requireManage(caller, groups);
      const gone = groups.map((group) => group.id);
      if (gone.length === 0) return;
      await deps.database.change((tx, changes) => deleteRows(tx, gone, changes));
    },
    deleteRows,
  };
}

export type ChannelGroups = ReturnType<typeof createChannelGroups>;
