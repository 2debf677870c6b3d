import type { Selectable } from "kysely";
import type { DdnsRecordsTable, Queries } from "#platform/database";
import { FAMILIES, RECORD_STATES } from "./model.ts";
import type { DdnsRecord, WantedRecord } from "./model.ts";

function fromRow(row: Selectable<DdnsRecordsTable>): DdnsRecord {
  return {
    profileId: row.profile_id,
    domain: row.domain,
    family: FAMILIES.find((family) => family === row.family) ?? "ipv4",
    serverId: row.server_id,
    address: row.address,
    published: row.published,
    publishedAt: row.published_at,
    state: RECORD_STATES.find((state) => state === row.state) ?? "failed",
    attempts: row.attempts,
    triedAt: row.tried_at,
    error: row.error,
  };
}

/** SQL of table `wf_ddns_records`: what became of records. Read where it is needed, by no hot path. */
export const recordStore = {
  /** By domain and family. */
  async ofProfile(queries: Queries, profileId: number): Promise<DdnsRecord[]> {
    const query = queries.selectFrom("wf_ddns_records").selectAll().where("profile_id", "=", profileId);
    return (await query.orderBy("domain").orderBy("family").execute()).map(fromRow);
  },
  async all(queries: Queries): Promise<DdnsRecord[]> {
    return (await queries.selectFrom("wf_ddns_records").selectAll().execute()).map(fromRow);
  },
  async find(queries: Queries, { profileId, domain, family }: WantedRecord): Promise<DdnsRecord | undefined> {
    const query = queries.selectFrom("wf_ddns_records").selectAll().where("profile_id", "=", profileId);
    const row = await query.where("domain", "=", domain).where("family", "=", family).executeTakeFirst();
    return row && fromRow(row);
  },
  async save(tx: Queries, record: DdnsRecord): Promise<void> {
    const values = {
      server_id: record.serverId,
      address: record.address,
      published: record.published,
      published_at: record.publishedAt,
      state: record.state,
      attempts: record.attempts,
      tried_at: record.triedAt,
      error: record.error,
    };
    await tx
      .insertInto("wf_ddns_records")
      .values({ profile_id: record.profileId, domain: record.domain, family: record.family, ...values })
      .onConflict((conflict) => conflict.columns(["profile_id", "domain", "family"]).doUpdateSet(values))
      .execute();
  },
  async delete(tx: Queries, { profileId, domain, family }: WantedRecord): Promise<void> {
    const query = tx.deleteFrom("wf_ddns_records").where("profile_id", "=", profileId);
    await query.where("domain", "=", domain).where("family", "=", family).execute();
  },
  async deleteOfProfiles(tx: Queries, profileIds: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_ddns_records").where("profile_id", "in", profileIds).execute();
  },
  async deleteOfServers(tx: Queries, serverIds: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_ddns_records").where("server_id", "in", serverIds).execute();
  },
};
