import type { Selectable } from "kysely";
import { readFlag, readIdList, readIdTextLists, readNumber, readText, readTime, writeFlag, writeTime } from "#platform/database";
import type { Kept, Queries, ServersTable } from "#platform/database";
import { byDisplayOrder } from "./model.ts";
import type { Server } from "./model.ts";
import { serverOptionsStore, readOptions } from "./options-store.ts";
import type { GivenOptions } from "./options-store.ts";

/** Fields of a server that `PATCH /server/{id}` replaces. */
export type ServerSettings = Pick<
  Server,
  "name" | "note" | "publicNote" | "displayIndex" | "hideForGuest" | "enableDdns" | "ddnsProfiles" | "overrideDdnsDomains"
> &
  GivenOptions;

/** A row with its options; they are null where nothing was said. */
type Row = Selectable<ServersTable> & { readonly options: string | null };

function fromRow(row: Row): Server {
  return {
    id: row.id,
    uuid: readText(row.uuid),
    ownerId: readNumber(row.user_id),
    name: readText(row.name),
    note: readText(row.note),
    publicNote: readText(row.public_note),
    displayIndex: readNumber(row.display_index),
    hideForGuest: readFlag(row.hide_for_guest),
    enableDdns: readFlag(row.enable_d_dns),
    ddnsProfiles: readIdList(row.ddns_profiles_raw) ?? [],
    overrideDdnsDomains: Object.fromEntries(readIdTextLists(row.override_ddns_domains_raw) ?? []),
    tags: [],
    ...readOptions(row.options),
    createdAt: readTime(row.created_at).rfc3339,
    updatedAt: readTime(row.updated_at).rfc3339,
  };
}

function rows(queries: Queries) {
  return queries
    .selectFrom("servers")
    .leftJoin("wf_server_options as ours", "ours.server_id", "servers.id")
    .selectAll("servers")
    .select("ours.options");
}

/** All servers' settings in memory, in display order. */
export type ServerRecords = Kept<number, Server, (typeof serverKind)["indexes"]>;

export const serverKind = {
  name: "server",
  keyOf: (server: Server): number => server.id,
  order: byDisplayOrder,
  indexes: {},
  load: async (queries: Queries, ids?: readonly number[]): Promise<Server[]> => {
    const query = rows(queries).orderBy("servers.id");
    return (await (ids ? query.where("servers.id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** SQL of table `servers` (spec 41 section 10.1). `at` is Unix milliseconds. */
export const serverStore = {
  async find(queries: Queries, id: number): Promise<Server | undefined> {
    return (await serverKind.load(queries, [id]))[0];
  },
  async withUuids(queries: Queries, uuids: readonly string[]): Promise<Server[]> {
    return (await rows(queries).where("uuid", "in", uuids).execute()).map(fromRow);
  },
  async idsOwnedBy(queries: Queries, userIds: readonly number[]): Promise<number[]> {
    return (await queries.selectFrom("servers").select("id").where("user_id", "in", userIds).execute()).map(({ id }) => id);
  },
  async countOf(queries: Queries, userId: number): Promise<number> {
    const row = await queries
      .selectFrom("servers")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("user_id", "=", userId)
      .executeTakeFirst();
    return row?.count ?? 0;
  },
  /** The id of the new row. */
  async insert(tx: Queries, server: { uuid: string; ownerId: number; name: string }, at: number): Promise<number> {
    const time = writeTime(at);
    const { id } = await tx
      .insertInto("servers")
      .values({
        created_at: time,
        updated_at: time,
        user_id: server.ownerId,
        name: server.name,
        uuid: server.uuid,
        note: "",
        public_note: "",
        display_index: 0,
        hide_for_guest: 0,
        enable_d_dns: 0,
        ddns_profiles_raw: "[]",
        override_ddns_domains_raw: "{}",
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    return id;
  },
  /** What another program knew of a server that was just made. */
  async describe(
    tx: Queries,
    id: number,
    known: { readonly note: string; readonly publicNote: string; readonly displayIndex: number; readonly hideForGuest: boolean },
  ): Promise<void> {
    const hidden = writeFlag(known.hideForGuest);
    await tx
      .updateTable("servers")
      .set({ note: known.note, public_note: known.publicNote, display_index: known.displayIndex, hide_for_guest: hidden })
      .where("id", "=", id)
      .execute();
  },
  /** Only the edited columns. Fails when there is no such row. */
  async update(tx: Queries, id: number, settings: ServerSettings, at: number): Promise<Server> {
    await tx
      .updateTable("servers")
      .set({
        updated_at: writeTime(at),
        name: settings.name,
        note: settings.note,
        public_note: settings.publicNote,
        display_index: settings.displayIndex,
        hide_for_guest: writeFlag(settings.hideForGuest),
        enable_d_dns: writeFlag(settings.enableDdns),
        ddns_profiles_raw: JSON.stringify(settings.ddnsProfiles),
        override_ddns_domains_raw: JSON.stringify(settings.overrideDdnsDomains),
      })
      .where("id", "=", id)
      .execute();
    await serverOptionsStore.set(tx, id, settings);
    const [server] = await serverKind.load(tx, [id]);
    if (!server) throw new Error(`server ${id} was written and is not there`);
    return server;
  },
  async setHidden(tx: Queries, id: number, hidden: boolean, at: number): Promise<void> {
    await tx
      .updateTable("servers")
      .set({ updated_at: writeTime(at), hide_for_guest: writeFlag(hidden) })
      .where("id", "=", id)
      .execute();
  },
  /** `false` when there is no such row. */
  async setOwner(tx: Queries, id: number, ownerId: number, at: number): Promise<boolean> {
    const { numUpdatedRows } = await tx
      .updateTable("servers")
      .set({ user_id: ownerId, updated_at: writeTime(at) })
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
    // What it is reached through is not the new owner's.
    await serverOptionsStore.set(tx, id, { reachedThrough: null });
    return numUpdatedRows === 1n;
  },
  /** Rows, memberships and traffic go together (spec 11 section 1.4). */
  async delete(tx: Queries, ids: readonly number[]): Promise<void> {
    await tx.deleteFrom("server_group_servers").where("server_id", "in", ids).execute();
    await tx.deleteFrom("transfers").where("server_id", "in", ids).execute();
    await tx.deleteFrom("wf_traffic").where("server_id", "in", ids).execute();
    await tx.deleteFrom("wf_traffic_hours").where("server_id", "in", ids).execute();
    await serverOptionsStore.delete(tx, ids);
    await tx.deleteFrom("servers").where("id", "in", ids).execute();
  },
  /** Writes what a deletion elsewhere left of a server's references; it is no edit, so the time of the last one stays. */
  async setProfiles(tx: Queries, server: Pick<Server, "id" | "ddnsProfiles" | "overrideDdnsDomains">): Promise<void> {
    const columns = {
      ddns_profiles_raw: JSON.stringify(server.ddnsProfiles),
      override_ddns_domains_raw: JSON.stringify(server.overrideDdnsDomains),
    };
    await tx.updateTable("servers").set(columns).where("id", "=", server.id).execute();
  },
};
