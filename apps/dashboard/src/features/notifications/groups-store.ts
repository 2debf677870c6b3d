import { readNumber, readText, readTime, writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import type { ChannelGroup } from "./model.ts";

/** SQL of `notification_groups` and `notification_group_notifications` (spec 41 section 10.3). */
export function createChannelGroupStore(database: Database) {
  const replaceMembers = async (queries: Queries, groupId: number, userId: number, channelIds: readonly number[], time: string): Promise<void> => {
    await queries.deleteFrom("notification_group_notifications").where("notification_group_id", "=", groupId).execute();
    for (const channelId of channelIds) {
      await queries
        .insertInto("notification_group_notifications")
        .values({ created_at: time, updated_at: time, user_id: userId, notification_group_id: groupId, notification_id: channelId })
        .execute();
    }
  };
  return {
    async all(): Promise<ChannelGroup[]> {
      const members = await database.kysely.selectFrom("notification_group_notifications").select(["notification_group_id", "notification_id"]).orderBy("id").execute();
      const byGroup = Map.groupBy(members, (row) => readNumber(row.notification_group_id));
      const rows = await database.kysely.selectFrom("notification_groups").selectAll().orderBy("id").execute();
      return rows.map((row) => ({
        id: row.id,
        ownerId: readNumber(row.user_id),
        name: readText(row.name),
        createdAt: readTime(row.created_at).rfc3339,
        updatedAt: readTime(row.updated_at).rfc3339,
        channelIds: (byGroup.get(row.id) ?? []).map((member) => readNumber(member.notification_id)),
      }));
    },
    async insert(group: { ownerId: number; name: string; channelIds: readonly number[] }, at: number): Promise<number> {
      const time = writeTime(at);
      return database.transaction(async (tx) => {
        const { id } = await tx
          .insertInto("notification_groups")
          .values({ created_at: time, updated_at: time, user_id: group.ownerId, name: group.name })
          .returning("id")
          .executeTakeFirstOrThrow();
        await replaceMembers(tx, id, group.ownerId, group.channelIds, time);
        return id;
      });
    },
    /** `byUserId` signs the membership rows. */
    async update(group: { id: number; name: string; channelIds: readonly number[]; byUserId: number }, at: number): Promise<void> {
      const time = writeTime(at);
      await database.transaction(async (tx) => {
        await tx.updateTable("notification_groups").set({ name: group.name, updated_at: time }).where("id", "=", group.id).execute();
        await replaceMembers(tx, group.id, group.byUserId, group.channelIds, time);
      });
    },
    /** Memberships go with the groups, and references to them in the same transaction. */
    async delete(queries: Queries, ids: readonly number[]): Promise<void> {
      await queries.deleteFrom("notification_group_notifications").where("notification_group_id", "in", ids).execute();
      await queries.deleteFrom("notification_groups").where("id", "in", ids).execute();
    },
  };
}

export type ChannelGroupStore = ReturnType<typeof createChannelGroupStore>;
