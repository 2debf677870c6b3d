import { readNumber, readText, readTime, writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import type { ServerGroup } from "./groups-model.ts";

/** SQL of `server_groups` and `server_group_servers` (spec 41 section 10.3). */
export function createServerGroupStore(database: Database) {
  const members = async (queries: Queries): Promise<Map<number, number[]>> => {
    const rows = await queries.selectFrom("server_group_servers").select(["server_group_id", "server_id"]).orderBy("id").execute();
    const byGroup = Map.groupBy(rows, (row) => readNumber(row.server_group_id));
    return new Map([...byGroup].map(([id, list]) => [id, list.map((row) => readNumber(row.server_id))]));
  };
  const replaceMembers = async (queries: Queries, groupId: number, ownerId: number, serverIds: readonly number[], time: string): Promise<void> => {
    await queries.deleteFrom("server_group_servers").where("server_group_id", "=", groupId).execute();
    for (const serverId of serverIds) {
      await queries
        .insertInto("server_group_servers")
        .values({ created_at: time, updated_at: time, user_id: ownerId, server_group_id: groupId, server_id: serverId })
        .execute();
    }
  };
  return {
    async all(): Promise<ServerGroup[]> {
      const byGroup = await members(database.kysely);
      const rows = await database.kysely.selectFrom("server_groups").selectAll().orderBy("id").execute();
      return rows.map((row) => ({
        id: row.id,
        ownerId: readNumber(row.user_id),
        name: readText(row.name),
        createdAt: readTime(row.created_at).rfc3339,
        updatedAt: readTime(row.updated_at).rfc3339,
        serverIds: byGroup.get(row.id) ?? [],
      }));
    },
    async insert(group: { ownerId: number; name: string; serverIds: readonly number[] }, at: number): Promise<number> {
      const time = writeTime(at);
      return database.transaction(async (tx) => {
        const { id } = await tx
          .insertInto("server_groups")
          .values({ created_at: time, updated_at: time, user_id: group.ownerId, name: group.name })
          .returning("id")
          .executeTakeFirstOrThrow();
        await replaceMembers(tx, id, group.ownerId, group.serverIds, time);
        return id;
      });
    },
    /** `byUserId` signs the membership rows. */
    async update(group: { id: number; name: string; serverIds: readonly number[]; byUserId: number }, at: number): Promise<void> {
      const time = writeTime(at);
      await database.transaction(async (tx) => {
        await tx.updateTable("server_groups").set({ name: group.name, updated_at: time }).where("id", "=", group.id).execute();
        await replaceMembers(tx, group.id, group.byUserId, group.serverIds, time);
      });
    },
    async deleteOfUsers(queries: Queries, userIds: readonly number[]): Promise<void> {
      const rows = await queries.selectFrom("server_groups").select("id").where("user_id", "in", userIds).execute();
      const ids = rows.map((row) => row.id);
      if (ids.length === 0) return;
      await queries.deleteFrom("server_group_servers").where("server_group_id", "in", ids).execute();
      await queries.deleteFrom("server_groups").where("id", "in", ids).execute();
    },
    async delete(ids: readonly number[]): Promise<void> {
      await database.transaction(async (tx) => {
        await tx.deleteFrom("server_group_servers").where("server_group_id", "in", ids).execute();
        await tx.deleteFrom("server_groups").where("id", "in", ids).execute();
      });
    },
  };
}

export type ServerGroupStore = ReturnType<typeof createServerGroupStore>;
