import type { Selectable } from "kysely";
import { readNumber, readOptionalFlag, readText, readTextList, readTime, writeFlag, writeTime } from "#platform/database";
import type { DdnsTable, Kept, Queries } from "#platform/database";
import type { DdnsProfile, DdnsSettings } from "./model.ts";

function fromRow(row: Selectable<DdnsTable>): DdnsProfile {
  return {
    id: row.id,
    ownerId: readNumber(row.user_id),
    name: readText(row.name),
    provider: readText(row.provider),
    enableIpv4: readOptionalFlag(row.enable_ipv4),
    enableIpv6: readOptionalFlag(row.enable_ipv6),
    maxRetries: readNumber(row.max_retries),
    domains: readTextList(row.domains_raw),
    accessId: readText(row.access_id),
    accessSecret: readText(row.access_secret),
    webhookUrl: readText(row.webhook_url),
    webhookMethod: readNumber(row.webhook_method),
    webhookRequestType: readNumber(row.webhook_request_type),
    webhookRequestBody: readText(row.webhook_request_body),
    webhookHeaders: readText(row.webhook_headers),
    createdAt: readTime(row.created_at).rfc3339,
    updatedAt: readTime(row.updated_at).rfc3339,
  };
}

function columns(settings: DdnsSettings) {
  return {
    name: settings.name,
    provider: settings.provider,
    enable_ipv4: writeFlag(settings.enableIpv4 ?? false),
    enable_ipv6: writeFlag(settings.enableIpv6 ?? false),
    max_retries: settings.maxRetries,
    domains_raw: JSON.stringify(settings.domains),
    access_id: settings.accessId,
    access_secret: settings.accessSecret,
    webhook_url: settings.webhookUrl,
    webhook_method: settings.webhookMethod,
    webhook_request_type: settings.webhookRequestType,
    webhook_request_body: settings.webhookRequestBody,
    webhook_headers: settings.webhookHeaders,
  };
}

/** All profiles in memory, in the order of their ids. */
export type Profiles = Kept<number, DdnsProfile, (typeof ddnsKind)["indexes"]>;

export const ddnsKind = {
  name: "ddns",
  keyOf: (profile: DdnsProfile): number => profile.id,
  order: (a: DdnsProfile, b: DdnsProfile): number => a.id - b.id,
  indexes: { owner: (profile: DdnsProfile): number => profile.ownerId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<DdnsProfile[]> => {
    const query = queries.selectFrom("ddns").selectAll().orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** SQL of table `ddns` (spec 41 section 10.10). `at` is Unix milliseconds. */
export const ddnsStore = {
  async find(queries: Queries, id: number): Promise<DdnsProfile | undefined> {
    return (await ddnsKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, ownerId: number, settings: DdnsSettings, at: number): Promise<number> {
    const time = writeTime(at);
    const { id } = await tx
      .insertInto("ddns")
      .values({ created_at: time, updated_at: time, user_id: ownerId, ...columns(settings) })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  async update(tx: Queries, id: number, settings: DdnsSettings, at: number): Promise<void> {
    await tx
      .updateTable("ddns")
      .set({ updated_at: writeTime(at), ...columns(settings) })
      .where("id", "=", id)
      .execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("ddns").where("id", "in", ids).execute();
  },
};
