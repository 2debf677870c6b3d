import { sql } from "kysely";
import { readNumber, readText } from "./columns.ts";
import type { Database } from "./database.ts";
import type { Queries } from "./queries.ts";
import { readTime, writeTime } from "./times.ts";

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

/** Names of the two tables of a kind of group (spec 41 section 10.3). */
export interface GroupTables {
  readonly groups: "server_groups" | "notification_groups";
  readonly members: "server_group_servers" | "notification_group_notifications";
  readonly groupColumn: "server_group_id" | "notification_group_id";
  readonly memberColumn: "server_id" | "notification_id";
}

/** SQL of groups and their members. `at` is Unix milliseconds. */
export function createGroupStore(database: Database, tables: GroupTables) {
  const memberRows = sql.table(tables.members);
  const groupColumn = sql.ref(tables.groupColumn);
  const memberColumn = sql.ref(tables.memberColumn);

  const replaceMembers = async (
    queries: Queries,
    groupId: number,
    userId: number,
    memberIds: readonly number[],
    time: string,
  ): Promise<void> => {
    await sql`delete from ${memberRows} where ${groupColumn} = ${groupId}`.execute(queries);
    for (const memberId of memberIds) {
      await sql`insert into ${memberRows} (created_at, updated_at, user_id, ${groupColumn}, ${memberColumn}) values (${time}, ${time}, ${userId}, ${groupId}, ${memberId})`.execute(
        queries,
      );
    }
  };
  return {
    async all(): Promise<StoredGroup[]> {
      const members = await database.kysely
        .selectFrom(tables.members)
        .select([sql`${groupColumn}`.as("groupId"), sql`${memberColumn}`.as("memberId")])
        .orderBy("id")
        .execute();
      const byGroup = Map.groupBy(members, (row) => readNumber(row.groupId));
      const rows = await database.kysely.selectFrom(tables.groups).selectAll().orderBy("id").execute();
      return rows.map((row) => ({
        id: row.id,
        ownerId: readNumber(row.user_id),
        name: readText(row.name),
        createdAt: readTime(row.created_at).rfc3339,
        updatedAt: readTime(row.updated_at).rfc3339,
        memberIds: (byGroup.get(row.id) ?? []).map((member) => readNumber(member.memberId)),
      }));
    },
    async insert(group: { ownerId: number; name: string; memberIds: readonly number[] }, at: number): Promise<number> {
      const time = writeTime(at);
      return database.transaction(async (tx) => {
        const { id } = await tx
          .insertInto(tables.groups)
          .values({ created_at: time, updated_at: time, user_id: group.ownerId, name: group.name })
          .returning("id")
          .executeTakeFirstOrThrow();
        await replaceMembers(tx, id, group.ownerId, group.memberIds, time);
        return id;
      });
    },
    /** `byUserId` signs the membership rows. */
    async update(group: { id: number; name: string; memberIds: readonly number[]; byUserId: number }, at: number): Promise<void> {
      const time = writeTime(at);
      await database.transaction(async (tx) => {
        await tx.updateTable(tables.groups).set({ name: group.name, updated_at: time }).where("id", "=", group.id).execute();
        await replaceMembers(tx, group.id, group.byUserId, group.memberIds, time);
      });
    },
    async deleteOfUsers(queries: Queries, userIds: readonly number[]): Promise<void> {
      const rows = await queries.selectFrom(tables.groups).select("id").where("user_id", "in", userIds).execute();
      if (rows.length > 0)
        await this.delete(
          queries,
          rows.map((row) => row.id),
        );
    },
    /** Memberships go with the groups. */
    async delete(queries: Queries, ids: readonly number[]): Promise<void> {
      await sql`delete from ${memberRows} where ${groupColumn} in (${sql.join(ids)})`.execute(queries);
      await queries.deleteFrom(tables.groups).where("id", "in", ids).execute();
    },
  };
}

/** Neighbours that are equal become one, as the reference does before it counts. */
export function collapseNeighbours(ids: readonly number[]): number[] {
  return ids.filter((id, index) => id !== ids[index - 1]);
}

export type GroupStore = ReturnType<typeof createGroupStore>;
