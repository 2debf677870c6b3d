import { canManage, requireManage } from "#access/policy";
import { refuse } from "#kernel";
import type { Caller, User } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { collapseNeighbours, runCascades } from "#platform/database";
import type { Cascade, Changes, Database, Groups, Queries, StoredGroup } from "#platform/database";
import type { Deliveries } from "./delivery/deliveries.ts";
import { channelGroupKind, channelGroupStore, channelKind } from "./store.ts";

const KIND = channelGroupKind.name;

export interface ChannelGroupDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly groups: Groups;
  readonly deliveries: Pick<Deliveries, "dropMembers">;
  readonly now: () => number;
  readonly requireRoom: (user: User, rows: number) => void;
  /** Rooms that refer to groups remove their references. */
  readonly cascades: readonly Cascade[];
}

interface GroupForm {
  readonly name: string;
  readonly notifications: readonly number[];
}

/** What a caller may do with channel groups (spec 11 section 7). */
export function createChannelGroups(deps: ChannelGroupDeps) {
  const { audit, database, deliveries, groups, now } = deps;
  const store = channelGroupStore;
  /** Also for a transaction of somebody else's (a deleted user's groups). */
  const deleteRows = async (tx: Queries, gone: readonly StoredGroup[], changes: Changes): Promise<void> => {
    const ids = gone.map((group) => group.id);
    await runCascades(tx, deps.cascades, ids, changes);
    await store.delete(tx, ids);
    for (const group of gone) await deliveries.dropMembers(tx, changes, group.id, group.memberIds);
    changes.gone(KIND, ids);
  };
  /** Neighbours that are equal are one; every id must exist, and what exists must be the caller's. */
  const members = async (tx: Queries, caller: Caller, ids: readonly number[]) => {
    const collapsed = collapseNeighbours(ids);
    const found = collapsed.length === 0 ? [] : await channelKind.load(tx, collapsed);
    requireManage(caller, found);
    const requireAll = (): void => {
      if (found.length !== collapsed.length) throw refuse("have invalid notification id");
    };
    return { collapsed, requireAll };
  };
  const keepOwnMembers: Cascade = async (tx, userIds, changes) => {
    const theirs = (await store.load(tx)).filter(({ ownerId }) => userIds.includes(ownerId));
    const owners = new Map((await channelKind.load(tx)).map(({ id, ownerId }) => [id, ownerId]));
    for (const { id, name, ownerId, memberIds: before } of theirs) {
      const memberIds = before.filter((member) => owners.get(member) === ownerId);
      if (memberIds.length === before.length) continue;
      await store.update(tx, { id, name, memberIds, byUserId: ownerId }, now());
      changes.put(KIND, id);
      await deliveries.dropMembers(
        tx,
        changes,
        id,
        before.filter((member) => !memberIds.includes(member)),
      );
    }
  };
  return {
    deleteRows,
    /** Channels of others leave the groups of people who are no administrators any more. */
    keepOwnMembers,
    list: (caller: Caller): StoredGroup[] => groups.list().filter((group) => canManage(caller, group)),
    async create(caller: Caller, user: User, form: GroupForm): Promise<number> {
      return database.change(async (tx, changes) => {
        const { collapsed, requireAll } = await members(tx, caller, form.notifications);
        requireAll();
        deps.requireRoom(user, groups.by("owner", user.id).length);
        const id = await store.insert(tx, { ownerId: user.id, name: form.name, memberIds: collapsed }, now());
        changes.put(KIND, id);
        await audit.write(tx, { actor: actorOf(caller), action: "notification-group.create", kind: KIND, key: id, to: form });
        return id;
      });
    },
    async update(caller: Caller, user: User, id: number, form: GroupForm): Promise<void> {
      await database.change(async (tx, changes) => {
        const { collapsed: memberIds, requireAll } = await members(tx, caller, form.notifications);
        const group = await store.find(tx, id);
        if (!group) throw refuse("group id %d does not exist", id);
        requireManage(caller, [group]);
        requireAll();
        await store.update(tx, { id, name: form.name, memberIds, byUserId: user.id }, now());
        changes.put(KIND, id);
        const left = group.memberIds.filter((member) => !memberIds.includes(member));
        await deliveries.dropMembers(tx, changes, id, left);
        const to = { ...group, name: form.name, memberIds };
        await audit.write(tx, { actor: actorOf(caller), action: "notification-group.update", kind: KIND, key: id, from: group, to });
      });
    },
    async delete(caller: Caller, ids: readonly number[]): Promise<void> {
      if (ids.length === 0) return;
      await database.change(async (tx, changes) => {
        const found = await store.load(tx, ids);
        requireManage(caller, found);
        if (found.length === 0) return;
        await deleteRows(tx, found, changes);
        for (const group of found)
          await audit.write(tx, { actor: actorOf(caller), action: "notification-group.delete", kind: KIND, key: group.id, from: group });
      });
    },
  };
}

export type ChannelGroups = ReturnType<typeof createChannelGroups>;
