import type { Selectable } from "kysely";
import { readFlag, readNumber, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { Kept, NatsTable, Queries } from "#platform/database";
import type { NatProfile, NatSettings } from "./model.ts";

function fromRow(row: Selectable<NatsTable>): NatProfile {
  return {
    id: row.id,
    ownerId: readNumber(row.user_id),
    enabled: readFlag(row.enabled),
    name: readText(row.name),
    serverId: readNumber(row.server_id),
    host: readText(row.host),
    domain: readText(row.domain),
    createdAt: readTime(row.created_at).rfc3339,
    updatedAt: readTime(row.updated_at).rfc3339,
  };
}

function columns(settings: NatSettings) {
  const { name, host, domain } = settings;
  return { enabled: writeFlag(settings.enabled), name, server_id: settings.serverId, host, domain };
}

/** All tunnels in memory, by id. */
export type NatRecords = Kept<number, NatProfile, (typeof natKind)["indexes"]>;

export const natKind = {
  name: "nat",
  keyOf: (profile: NatProfile): number => profile.id,
  order: (a: NatProfile, b: NatProfile): number => a.id - b.id,
  indexes: { owner: (profile: NatProfile): number => profile.ownerId },
  load: async (queries: Queries, ids?: readonly number[]): Promise<NatProfile[]> => {
    const query = queries.selectFrom("nats").selectAll().orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** SQL of table `nats` (spec 41 section 10.9). `at` is Unix milliseconds. */
export const natStore = {
  async find(queries: Queries, id: number): Promise<NatProfile | undefined> {
    return (await natKind.load(queries, [id]))[0];
  },
  async insert(tx: Queries, ownerId: number, settings: NatSettings, at: number): Promise<number> {
    const time = writeTime(at);
    const { id } = await tx
      .insertInto("nats")
      .values({ created_at: time, updated_at: time, user_id: ownerId, ...columns(settings) })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  async update(tx: Queries, id: number, settings: NatSettings, at: number): Promise<void> {
    await tx
      .updateTable("nats")
      .set({ updated_at: writeTime(at), ...columns(settings) })
      .where("id", "=", id)
      .execute();
  },
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("nats").where("id", "in", ids).execute();
  },
};
