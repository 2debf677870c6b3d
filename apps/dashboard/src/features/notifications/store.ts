import type { Selectable } from "kysely";
import { readNumber, readOptionalFlag, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { Database, NotificationsTable, Queries } from "#platform/database";
import type { Channel, ChannelSettings } from "./model.ts";

function fromRow(row: Selectable<NotificationsTable>): Channel {
  return {
    id: row.id,
    ownerId: readNumber(row.user_id),
    name: readText(row.name),
    url: readText(row.url),
    requestMethod: readNumber(row.request_method),
    requestType: readNumber(row.request_type),
    requestHeader: readText(row.request_header),
    requestBody: readText(row.request_body),
    verifyTls: readOptionalFlag(row.verify_tls),
    formatMetricUnits: readOptionalFlag(row.format_metric_units),
    createdAt: readTime(row.created_at).rfc3339,
    updatedAt: readTime(row.updated_at).rfc3339,
  };
}

function columns(settings: ChannelSettings) {
  return {
    name: settings.name,
    url: settings.url,
    request_method: settings.requestMethod,
    request_type: settings.requestType,
    request_header: settings.requestHeader,
    request_body: settings.requestBody,
    verify_tls: writeFlag(settings.verifyTls ?? false),
    format_metric_units: writeFlag(settings.formatMetricUnits ?? false),
  };
}

/** SQL of table `notifications` (spec 41 section 10.4). `at` is Unix milliseconds. */
export function createChannelStore(database: Database) {
  const rows = () => database.kysely.selectFrom("notifications").selectAll().orderBy("id");
  return {
    async all(): Promise<Channel[]> {
      return (await rows().execute()).map(fromRow);
    },
    async byIds(ids: readonly number[]): Promise<Channel[]> {
      return ids.length === 0 ? [] : (await rows().where("id", "in", ids).execute()).map(fromRow);
    },
    async find(id: number): Promise<Channel | undefined> {
      const row = await rows().where("id", "=", id).executeTakeFirst();
      return row && fromRow(row);
    },
    async insert(ownerId: number, settings: ChannelSettings, at: number): Promise<number> {
      const time = writeTime(at);
      const { id } = await database.kysely
        .insertInto("notifications")
        .values({ created_at: time, updated_at: time, user_id: ownerId, ...columns(settings) })
        .returning("id")
        .executeTakeFirstOrThrow();
      return id;
    },
    async update(id: number, settings: ChannelSettings, at: number): Promise<void> {
      await database.kysely
        .updateTable("notifications")
        .set({ updated_at: writeTime(at), ...columns(settings) })
        .where("id", "=", id)
        .execute();
    },
    /** Memberships go with the channels. */
    async delete(queries: Queries, ids: readonly number[]): Promise<void> {
      await queries.deleteFrom("notification_group_notifications").where("notification_id", "in", ids).execute();
      await queries.deleteFrom("notifications").where("id", "in", ids).execute();
    },
  };
}

export type ChannelStore = ReturnType<typeof createChannelStore>;
