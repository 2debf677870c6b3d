import { sql } from "kysely";
import { readNumber } from "./nezha-file/index.ts";
import type { Queries } from "./queries.ts";

/** Names of the two tables of a kind of group (spec 41 section 10.3). */
export interface GroupTables {
  readonly groups: "server_groups" | "notification_groups";
  readonly members: "server_group_servers" | "notification_group_notifications";
  readonly groupColumn: "server_group_id" | "notification_group_id";
  readonly memberColumn: "server_id" | "notification_id";
}

/** SQL of who is in which group. */
export function createGroupMembers(tables: GroupTables) {
  const memberRows = sql.table(tables.members);
  const groupColumn = sql.ref(tables.groupColumn);
  const memberColumn = sql.ref(tables.memberColumn);
  return {
    /** Ids of members by that of their group, in the order in which they were saved; of all groups without `ids`. */
    async byGroup(queries: Queries, ids?: readonly number[]): Promise<Map<number, number[]>> {
      const rows = await queries
        .selectFrom(tables.members)
        .select([sql`${groupColumn}`.as("groupId"), sql`${memberColumn}`.as("memberId")])
        .$if(ids !== undefined, (query) => query.where(groupColumn, "in", ids ?? []))
        .orderBy("id")
        .execute();
      const members = new Map<number, number[]>();
      for (const row of rows) {
        const groupId = readNumber(row.groupId);
        const known = members.get(groupId);
        if (known) known.push(readNumber(row.memberId));
        else members.set(groupId, [readNumber(row.memberId)]);
      }
      return members;
    },
    /** Ids of groups that have one of these members. */
    async holding(queries: Queries, memberIds: readonly number[]): Promise<number[]> {
      if (memberIds.length === 0) return [];
      const rows = await queries
        .selectFrom(tables.members)
        .select(sql`${groupColumn}`.as("groupId"))
        .distinct()
        .where(memberColumn, "in", memberIds)
        .execute();
      return rows.map((row) => readNumber(row.groupId));
    },
    /** `userId` signs the rows; `time` as the table keeps it. */
    async replace(tx: Queries, groupId: number, userId: number, memberIds: readonly number[], time: string): Promise<void> {
      await sql`delete from ${memberRows} where ${groupColumn} = ${groupId}`.execute(tx);
      for (const memberId of memberIds) {
        await sql`insert into ${memberRows} (created_at, updated_at, user_id, ${groupColumn}, ${memberColumn}) values (${time}, ${time}, ${userId}, ${groupId}, ${memberId})`.execute(
          tx,
        );
      }
    },
    async delete(tx: Queries, groupIds: readonly number[]): Promise<void> {
      await sql`delete from ${memberRows} where ${groupColumn} in (${sql.join(groupIds)})`.execute(tx);
    },
  };
}
