import type { Kept, Queries } from "#platform/database";

/** Traffic that people enter beside what is recorded. Times in Unix milliseconds, traffic in bytes, less than 0 to take away. */
export interface Correction {
  readonly id: number;
  readonly serverId: number;
  /** When it counts for. */
  readonly at: number;
  readonly in: number;
  readonly out: number;
  readonly note: string;
  readonly createdAt: number;
  /** Name of the user, as it was then. */
  readonly createdBy: string;
}

/** All corrections in memory, by time. */
export type Corrections = Kept<number, Correction, (typeof correctionKind)["indexes"]>;

export const correctionKind = {
  name: "traffic-correction",
  keyOf: (correction: Correction): number => correction.id,
  order: (a: Correction, b: Correction): number => a.at - b.at || a.id - b.id,
  indexes: { server: (correction: Correction): number => correction.serverId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Correction[]> => {
    const query = queries.selectFrom("wf_traffic_corrections").selectAll();
    const rows = await (ids ? query.where("id", "in", ids) : query).execute();
    return rows.map((row) => ({
      id: row.id,
      serverId: row.server_id,
      at: row.at,
      in: row.bytes_in,
      out: row.bytes_out,
      note: row.note,
      createdAt: row.created_at,
      createdBy: row.created_by,
    }));
  },
};

/** SQL of table `wf_traffic_corrections`. */
export const correctionStore = {
  async countOf(queries: Queries, serverId: number): Promise<number> {
    const { count } = await queries
      .selectFrom("wf_traffic_corrections")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("server_id", "=", serverId)
      .executeTakeFirstOrThrow();
    return count;
  },
  async insert(tx: Queries, correction: Omit<Correction, "id">): Promise<number> {
    const { id } = await tx
      .insertInto("wf_traffic_corrections")
      .values({
        server_id: correction.serverId,
        at: correction.at,
        bytes_in: correction.in,
        bytes_out: correction.out,
        note: correction.note,
        created_at: correction.createdAt,
        created_by: correction.createdBy,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  async idsOf(queries: Queries, serverIds: readonly number[]): Promise<number[]> {
    const rows = await queries.selectFrom("wf_traffic_corrections").select("id").where("server_id", "in", serverIds).execute();
    return rows.map(({ id }) => id);
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("wf_traffic_corrections").where("id", "in", ids).execute();
  },
};
