import type { Kept } from "./change-feed/kind.ts";
import { readNumber, readText, readTime, writeTime } from "./nezha-file/index.ts";
import { createGroupMembers } from "./group-members.ts";
import type { GroupTables } from "./group-members.ts";
import type { Queries } from "./queries.ts";

/** A named list of rows of another table, in the order they were saved. */
export interface StoredGroup {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  /** RFC 3339. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly memberIds: readonly number[];
}

/** SQL of groups and their members; all changes belong into a transaction. `at` is Unix milliseconds. */
export function createGroupStore(tables: GroupTables) {
  const members = createGroupMembers(tables);

  const load = async (queries: Queries, ids?: readonly number[]): Promise<StoredGroup[]> => {
    const byGroup = await members.byGroup(queries, ids);
    const rows = await queries
      .selectFrom(tables.groups)
      .selectAll()
      .$if(ids !== undefined, (query) => query.where("id", "in", ids ?? []))
      .orderBy("id")
      .execute();
    return rows.map((row) => ({
      id: row.id,
      ownerId: readNumber(row.user_id),
      name: readText(row.name),
      createdAt: readTime(row.created_at).rfc3339,
      updatedAt: readTime(row.updated_at).rfc3339,
      memberIds: byGroup.get(row.id) ?? [],
    }));
  };
  return {
    load,
    async find(queries: Queries, id: number): Promise<StoredGroup | undefined> {
      return (await load(queries, [id]))[0];
    },
    holding: members.holding,
    async insert(tx: Queries, group: { ownerId: number; name: string; memberIds: readonly number[] }, at: number): Promise<number> {
      const time = writeTime(at);
      const { id } = await tx
        .insertInto(tables.groups)
        .values({ created_at: time, updated_at: time, user_id: group.ownerId, name: group.name })
        .returning("id")
        .executeTakeFirstOrThrow();
      await members.replace(tx, id, group.ownerId, group.memberIds, time);
      return id;
    },
    /** `byUserId` signs the membership rows. `false` when there is no such group. */
    async update(
      tx: Queries,
      group: { id: number; name: string; memberIds: readonly number[]; byUserId: number },
      at: number,
    ): Promise<boolean> {
      const time = writeTime(at);
      const { numUpdatedRows } = await tx
        .updateTable(tables.groups)
        .set({ name: group.name, updated_at: time })
        .where("id", "=", group.id)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return false;
      await members.replace(tx, group.id, group.byUserId, group.memberIds, time);
      return true;
    },
    /** Memberships go with the groups. */
    async delete(tx: Queries, ids: readonly number[]): Promise<void> {
      await members.delete(tx, ids);
      await tx.deleteFrom(tables.groups).where("id", "in", ids).execute();
    },
  };
}

/** Groups of a kind in memory, in the order of their ids. */
export type Groups = Kept<number, StoredGroup, ReturnType<typeof groupKind>["indexes"]>;

/** How groups of two tables are kept in memory; `name` is the kind in the change log. */
export function groupKind(name: string, store: Pick<GroupStore, "load">) {
  return {
    name,
    keyOf: (group: StoredGroup): number => group.id,
    order: (a: StoredGroup, b: StoredGroup): number => a.id - b.id,
    indexes: { owner: (group: StoredGroup): number => group.ownerId },
    load: store.load,
  };
}

/** Neighbours that are equal become one, as the reference does before it counts. */
export function collapseNeighbours(ids: readonly number[]): number[] {
  return ids.filter((id, index) => id !== ids[index - 1]);
}

export type GroupStore = ReturnType<typeof createGroupStore>;
