import type { Selectable } from "kysely";
import type { EnrolmentCodesTable, EnrolmentsTable, Kept, Queries } from "#platform/database";
import { KEPT_REVOKED } from "./model.ts";
import type { Enrolment, EnrolmentCode } from "./model.ts";

function codeOf(row: Selectable<EnrolmentCodesTable>): EnrolmentCode {
  return {
    id: row.id,
    ownerId: row.owner_id,
    createdBy: row.created_by,
    name: row.name,
    groupId: row.group_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}

function enrolmentOf(row: Selectable<EnrolmentsTable>): Enrolment {
  return {
    id: row.id,
    serverId: row.server_id,
    uuid: row.uuid,
    ownerId: row.owner_id,
    hash: row.hash,
    address: row.address,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}

/** All credentials in memory, the newest of the revoked ones among them. */
export type Enrolments = Kept<number, Enrolment, (typeof enrolmentKind)["indexes"]>;

export const enrolmentKind = {
  name: "enrolment",
  keyOf: (enrolment: Enrolment): number => enrolment.id,
  order: (a: Enrolment, b: Enrolment): number => a.id - b.id,
  indexes: { hash: (enrolment: Enrolment): string => enrolment.hash },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Enrolment[]> => {
    const query = queries.selectFrom("wf_enrolments").selectAll().orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(enrolmentOf);
  },
};

/** SQL of table `wf_enrolments`. `at` is Unix milliseconds. */
export const enrolmentStore = {
  async find(tx: Queries, id: number): Promise<Enrolment | undefined> {
    return (await enrolmentKind.load(tx, [id]))[0];
  },
  async insert(tx: Queries, enrolment: Omit<Enrolment, "id" | "createdAt" | "revokedAt">, at: number): Promise<number> {
    const { serverId, uuid, ownerId, hash, address } = enrolment;
    const { id } = await tx
      .insertInto("wf_enrolments")
      .values({ server_id: serverId, uuid, owner_id: ownerId, hash, address, created_at: at, revoked_at: 0 })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  /** Ends the credentials of these servers; those that were good. */
  async revoke(tx: Queries, serverIds: readonly number[], at: number): Promise<Enrolment[]> {
    if (serverIds.length === 0) return [];
    const rows = await tx
      .updateTable("wf_enrolments")
      .set({ revoked_at: at })
      .where("server_id", "in", serverIds)
      .where("revoked_at", "=", 0)
      .returningAll()
      .execute();
    return rows.map(enrolmentOf);
  },
  /** Ids of revoked ones that were too many. */
  async prune(tx: Queries): Promise<number[]> {
    const surplus = tx
      .selectFrom("wf_enrolments")
      .select("id")
      .where("revoked_at", ">", 0)
      .orderBy("revoked_at", "desc")
      .orderBy("id", "desc")
      .limit(Number.MAX_SAFE_INTEGER)
      .offset(KEPT_REVOKED);
    const rows = await tx.deleteFrom("wf_enrolments").where("id", "in", surplus).returning("id").execute();
    return rows.map(({ id }) => id);
  },
};

/** SQL of table `wf_enrolment_codes`. */
export const codeStore = {
  /** Those that have not expired. */
  async open(queries: Queries, now: number): Promise<EnrolmentCode[]> {
    const rows = await queries.selectFrom("wf_enrolment_codes").selectAll().where("expires_at", ">", now).orderBy("id").execute();
    return rows.map(codeOf);
  },
  async insert(tx: Queries, code: Omit<EnrolmentCode, "id">, hash: string): Promise<EnrolmentCode> {
    const row = await tx
      .insertInto("wf_enrolment_codes")
      .values({
        hash,
        owner_id: code.ownerId,
        created_by: code.createdBy,
        name: code.name,
        group_id: code.groupId,
        created_at: code.createdAt,
        expires_at: code.expiresAt,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return codeOf(row);
  },
  /** Uses a code up; undefined when there is none, or none any more. */
  async take(tx: Queries, hash: string, now: number): Promise<EnrolmentCode | undefined> {
    const row = await tx.deleteFrom("wf_enrolment_codes").where("hash", "=", hash).returningAll().executeTakeFirst();
    return row !== undefined && row.expires_at > now ? codeOf(row) : undefined;
  },
  async dropExpired(tx: Queries, now: number): Promise<void> {
    await tx.deleteFrom("wf_enrolment_codes").where("expires_at", "<=", now).execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_enrolment_codes").where("id", "in", ids).execute();
  },
  /** Codes for and of these users. */
  async deleteOfUsers(tx: Queries, userIds: readonly number[]): Promise<void> {
    await tx
      .deleteFrom("wf_enrolment_codes")
      .where((row) => row.or([row("owner_id", "in", userIds), row("created_by", "in", userIds)]))
      .execute();
  },
};
