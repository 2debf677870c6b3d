import type { Selectable } from "kysely";
import { readFlag, readNumber, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { Database, NatsTable, Queries } from "#platform/database";
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

/** SQL of table `nats` (spec 41 section 10.9). `at` is Unix milliseconds. */
export function createNatStore(database: Database) {
  return {
    async all(): Promise<NatProfile[]> {
      const rows = await database.kysely.selectFrom("nats").selectAll().orderBy("id").execute();
      return rows.map(fromRow);
    },
    async insert(ownerId: number, settings: NatSettings, at: number): Promise<number> {
      const time = writeTime(at);
      const { id } = await database.kysely
        .insertInto("nats")
        .values({ created_at: time, updated_at: time, user_id: ownerId, ...columns(settings) })
        .returning("id")
        .executeTakeFirstOrThrow();
      return id;
    },
    async update(id: number, settings: NatSettings, at: number): Promise<void> {
      await database.kysely
        .updateTable("nats")
        .set({ updated_at: writeTime(at), ...columns(settings) })
        .where("id", "=", id)
        .execute();
    },
    async delete(ids: readonly number[]): Promise<void> {
      await database.kysely.deleteFrom("nats").where("id", "in", ids).execute();
    },
    async deleteOfServers(queries: Queries, serverIds: readonly number[]): Promise<void> {
      await queries.deleteFrom("nats").where("server_id", "in", serverIds).execute();
    },
    async deleteOfUsers(queries: Queries, userIds: readonly number[]): Promise<void> {
      await queries.deleteFrom("nats").where("user_id", "in", userIds).execute();
    },
  };
}

export type NatStore = ReturnType<typeof createNatStore>;
