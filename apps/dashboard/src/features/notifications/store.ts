import type { Selectable } from "kysely";
import { createGroupStore, groupKind, readNumber, readOptionalFlag, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { Kept, NotificationsTable, Queries } from "#platform/database";
import type { Channel, ChannelSettings, TypedChannel } from "./model.ts";
import type { StoredOptions } from "./typed/options.ts";
import { fingerprint } from "./typed/projection.ts";
import type { Settings } from "./typed/settings.ts";

/** What our own tables know of a channel. */
interface OwnColumns {
  readonly kind: string | null;
  readonly settings: string | null;
  readonly secrets: string | null;
  readonly projection: string | null;
  readonly options: string | null;
}

function fromRow(row: Selectable<NotificationsTable> & OwnColumns): Channel {
  const known = columnsOf(row);
  return {
    ...known,
    typed: typedOf(row, known),
    options: row.options === null ? {} : (JSON.parse(row.options) as StoredOptions),
  };
}

function typedOf({ kind, settings, secrets, projection }: OwnColumns, known: ChannelSettings): TypedChannel | undefined {
  if (kind === null || settings === null || secrets === null) return undefined;
  const editedElsewhere = projection !== fingerprint(known);
  return { kind, settings: JSON.parse(settings) as Settings, sealed: secrets, editedElsewhere };
}

function columnsOf(row: Selectable<NotificationsTable>): Omit<Channel, "typed" | "options"> {
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

/** All channels in memory, in the order of their ids. */
export type ChannelRecords = Kept<number, Channel, (typeof channelKind)["indexes"]>;

export const channelKind = {
  name: "notification",
  keyOf: (channel: Channel): number => channel.id,
  order: (a: Channel, b: Channel): number => a.id - b.id,
  indexes: { owner: (channel: Channel): number => channel.ownerId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Channel[]> => {
    const query = queries
      .selectFrom("notifications")
      .leftJoin("wf_channels as own", "own.notification_id", "notifications.id")
      .leftJoin("wf_notification_options as ours", "ours.notification_id", "notifications.id")
      .selectAll("notifications")
      .select(["own.kind", "own.settings", "own.secrets", "own.projection", "ours.options"])
      .orderBy("notifications.id");
    return (await (ids ? query.where("notifications.id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** Fields of a channel that may hold credentials. */
export const CHANNEL_SECRETS = ["url", "requestHeader", "requestBody"] as const;

/** SQL of table `notifications` (spec 41 section 10.4). `at` is Unix milliseconds. */
export const channelStore = {
  async find(queries: Queries, id: number): Promise<Channel | undefined> {
    return (await channelKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, ownerId: number, settings: ChannelSettings, at: number): Promise<number> {
    const time = writeTime(at);
    const { id } = await tx
      .insertInto("notifications")
      .values({ created_at: time, updated_at: time, user_id: ownerId, ...columns(settings) })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  /** `false` when there is no such channel. */
  async update(tx: Queries, id: number, settings: ChannelSettings, at: number): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable("notifications")
      .set({ updated_at: writeTime(at), ...columns(settings) })
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  },
  /** Memberships go with the channels. */
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("notification_group_notifications").where("notification_id", "in", ids).execute();
    await tx.deleteFrom("wf_channels").where("notification_id", "in", ids).execute();
    await tx.deleteFrom("wf_notification_options").where("notification_id", "in", ids).execute();
    await tx.deleteFrom("notifications").where("id", "in", ids).execute();
  },
  /** What the kind of a channel is, beside the row that other programs know. */
  async putTyped(
    tx: Queries,
    id: number,
    { kind, settings, sealed, projection }: { kind: string; settings: Settings; sealed: string; projection: string },
  ): Promise<void> {
    const values = { kind, settings: JSON.stringify(settings), secrets: sealed, projection };
    await tx
      .insertInto("wf_channels")
      .values({ notification_id: id, ...values })
      .onConflict((conflict) => conflict.column("notification_id").doUpdateSet(values))
      .execute();
  },
  async putOptions(tx: Queries, id: number, stored: StoredOptions): Promise<void> {
    const options = JSON.stringify(stored);
    await tx
      .insertInto("wf_notification_options")
      .values({ notification_id: id, options })
      .onConflict((conflict) => conflict.column("notification_id").doUpdateSet({ options }))
      .execute();
  },
  /** Removes what is left of channels that somebody else deleted. */
  async sweep(tx: Queries): Promise<void> {
    for (const table of ["wf_channels", "wf_notification_options"] as const)
      await tx
        .deleteFrom(table)
        .where("notification_id", "not in", (rows) => rows.selectFrom("notifications").select("id"))
        .execute();
  },
};

/** SQL of channel groups (spec 41 section 10.3). */
export const channelGroupStore = createGroupStore({
  groups: "notification_groups",
  members: "notification_group_notifications",
  groupColumn: "notification_group_id",
  memberColumn: "notification_id",
});

export const channelGroupKind = groupKind("notification-group", channelGroupStore);
