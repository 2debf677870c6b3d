import { sql } from "kysely";
import type { Selectable, SqlBool } from "kysely";
import type { Kept, Queries } from "#platform/database";
import type { IncidentEntriesTable, IncidentsTable } from "#platform/database";
import { ENTRY_KINDS, OUTCOMES, pairOf, readSeverity } from "./model.ts";
import type { Entry, EntryKind, Incident, NewIncident, Outcome } from "./model.ts";

function fromRow(row: Selectable<IncidentsTable>): Incident {
  return {
    id: row.id,
    source: row.source === "service" ? "service" : "alert",
    sourceId: row.source_id,
    serverId: row.server_id,
    ownerId: row.owner_id,
    groupId: row.group_id,
    reminds: row.reminds !== 0,
    severity: readSeverity(row.severity),
    title: row.title,
    serverName: row.server_name,
    text: row.text,
    value: row.value_text,
    limit: row.limit_text,
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    outcome: OUTCOMES.find((outcome) => outcome === row.outcome) ?? "",
    held: row.held,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    note: row.note,
  };
}

function entryOf(row: Selectable<IncidentEntriesTable>): Entry {
  return { at: row.at, kind: ENTRY_KINDS.find((kind) => kind === row.kind) ?? "held", detail: JSON.parse(row.detail) as unknown };
}

/** Incidents that last; those that ended are in the table alone. */
export type OpenIncidents = Kept<number, Incident, (typeof openIncidentKind)["indexes"]>;

export const openIncidentKind = {
  name: "incident",
  keyOf: (incident: Incident): number => incident.id,
  order: (a: Incident, b: Incident): number => a.id - b.id,
  indexes: {
    pair: pairOf,
    server: (incident: Incident): number => incident.serverId,
    source: (incident: Incident): string => `${incident.source} ${incident.sourceId}`,
  },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Incident[]> => {
    const query = queries.selectFrom("wf_incidents").selectAll().where("ended_at", "=", 0).orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(fromRow);
  },
};

/** Which incidents are listed. Times in Unix milliseconds. */
export interface IncidentFilter {
  readonly open?: boolean;
  readonly source?: Incident["source"];
  readonly sourceId?: number;
  readonly serverId?: number;
  readonly severity?: Incident["severity"];
  /** Opened before, or at the same time with a smaller id: where an earlier page ended. */
  readonly beforeId?: number;
  readonly since?: number;
  /** Only of this owner. */
  readonly ownerId?: number;
  /** Only of these servers, and of no service. */
  readonly serverIds?: readonly number[];
}

/** A message waits for a day, and for another when its channel is edited (spec 30 section 3.7). */
const TELLABLE_MS = 3 * 86_400_000;

/** A rule or service, servers, or rules of owners. */
export type IncidentSubject =
  | Pick<Incident, "source" | "sourceId">
  | { readonly serverIds: readonly number[] }
  | { readonly ownerIds: readonly number[] };

function ofSubject(tx: Queries, where: IncidentSubject) {
  const query = tx.selectFrom("wf_incidents").selectAll();
  if ("serverIds" in where) return query.where("server_id", "in", where.serverIds);
  if ("ownerIds" in where) return query.where("owner_id", "in", where.ownerIds);
  return query.where("source", "=", where.source).where("source_id", "=", where.sourceId);
}

/** SQL of the tables `wf_incidents` and `wf_incident_entries`. */
export const incidentStore = {
  async find(queries: Queries, id: number): Promise<Incident | undefined> {
    const row = await queries.selectFrom("wf_incidents").selectAll().where("id", "=", id).executeTakeFirst();
    return row && fromRow(row);
  },
  /** The one of a pair that lasts. */
  async openOf(tx: Queries, pair: Pick<Incident, "source" | "sourceId" | "serverId">): Promise<Incident | undefined> {
    const row = await tx
      .selectFrom("wf_incidents")
      .selectAll()
      .where("source", "=", pair.source)
      .where("source_id", "=", pair.sourceId)
      .where("server_id", "=", pair.serverId)
      .where("ended_at", "=", 0)
      .executeTakeFirst();
    return row && fromRow(row);
  },
  /** All that last. */
  async openWhere(tx: Queries, where: IncidentSubject): Promise<Incident[]> {
    return (await ofSubject(tx, where).where("ended_at", "=", 0).execute()).map(fromRow);
  },
  /** The same, and those of which something may still wait to be told at a time, Unix milliseconds. */
  async tellableWhere(tx: Queries, where: IncidentSubject, now: number): Promise<Incident[]> {
    const isTellable = sql<SqlBool>`(ended_at = 0 OR ended_at > ${now - TELLABLE_MS})`;
    return (await ofSubject(tx, where).where(isTellable).execute()).map(fromRow);
  },
  async insert(tx: Queries, incident: NewIncident): Promise<Incident> {
    const row = await tx
      .insertInto("wf_incidents")
      .values({
        source: incident.source,
        source_id: incident.sourceId,
        server_id: incident.serverId,
        owner_id: incident.ownerId,
        group_id: incident.groupId,
        reminds: incident.reminds ? 1 : 0,
        severity: incident.severity,
        title: incident.title,
        server_name: incident.serverName,
        text: incident.text,
        value_text: incident.value,
        limit_text: incident.limit,
        opened_at: incident.openedAt,
        ended_at: 0,
        outcome: "",
        held: "",
        acknowledged_at: 0,
        acknowledged_by: "",
        note: "",
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return fromRow(row);
  },
  async end(tx: Queries, id: number, outcome: Outcome, at: number): Promise<void> {
    await tx.updateTable("wf_incidents").set({ ended_at: at, outcome }).where("id", "=", id).execute();
  },
  async hold(tx: Queries, id: number, held: string): Promise<void> {
    await tx.updateTable("wf_incidents").set({ held }).where("id", "=", id).execute();
  },
  async move(tx: Queries, id: number, groupId: number): Promise<void> {
    await tx.updateTable("wf_incidents").set({ group_id: groupId }).where("id", "=", id).execute();
  },
  async reword(tx: Queries, id: number, words: Pick<Incident, "severity" | "text">): Promise<void> {
    await tx.updateTable("wf_incidents").set(words).where("id", "=", id).execute();
  },
  async acknowledge(tx: Queries, id: number, { at, by, note }: { at: number; by: string; note: string }): Promise<void> {
    await tx.updateTable("wf_incidents").set({ acknowledged_at: at, acknowledged_by: by, note }).where("id", "=", id).execute();
  },
  async addEntry(tx: Queries, incidentId: number, at: number, kind: EntryKind, detail: unknown = null): Promise<void> {
    await tx
      .insertInto("wf_incident_entries")
      .values({ incident_id: incidentId, at, kind, detail: JSON.stringify(detail) })
      .execute();
  },
  /** Whether people heard of one that something holds now. */
  async wasTold(queries: Queries, incidentId: number): Promise<boolean> {
    const told = queries
      .selectFrom("wf_incident_entries")
      .select("id")
      .where("incident_id", "=", incidentId)
      .where(({ eb, or, and }) => or([eb("kind", "=", "told"), and([eb("kind", "=", "held"), eb("detail", "like", '%"known":true%')])]));
    return (await told.executeTakeFirst()) !== undefined;
  },
  /** The newest `limit` lines, oldest first. */
  async entries(queries: Queries, incidentId: number, limit: number): Promise<Entry[]> {
    const rows = await queries
      .selectFrom("wf_incident_entries")
      .selectAll()
      .where("incident_id", "=", incidentId)
      .orderBy("id", "desc")
      .limit(limit)
      .execute();
    return rows.toReversed().map(entryOf);
  },
  /** Newest first. */
  async list(queries: Queries, filter: IncidentFilter, limit: number): Promise<Incident[]> {
    let query = queries.selectFrom("wf_incidents").selectAll().orderBy("id", "desc").limit(limit);
    if (filter.open !== undefined) query = query.where("ended_at", filter.open ? "=" : ">", 0);
    if (filter.source !== undefined) query = query.where("source", "=", filter.source);
    if (filter.sourceId !== undefined) query = query.where("source_id", "=", filter.sourceId);
    if (filter.serverId !== undefined) query = query.where("server_id", "=", filter.serverId);
    if (filter.severity !== undefined) query = query.where("severity", "=", filter.severity);
    if (filter.beforeId !== undefined) query = query.where("id", "<", filter.beforeId);
    if (filter.since !== undefined) query = query.where("opened_at", ">=", filter.since);
    if (filter.ownerId !== undefined) query = query.where("owner_id", "=", filter.ownerId);
    if (filter.serverIds !== undefined) query = query.where("server_id", "in", filter.serverIds);
    return (await query.execute()).map(fromRow);
  },
  /** Deletes at most `limit` that ended before `before`, or are older than the newest `kept`; how many they were. */
  async prune(tx: Queries, { before, kept, limit }: { before: number; kept: number; limit: number }): Promise<number> {
    const ended = tx.selectFrom("wf_incidents").select("id").where("ended_at", ">", 0).limit(limit);
    const newest = tx.selectFrom("wf_incidents").select("id").orderBy("id", "desc").limit(1).offset(kept);
    // Two questions: SQLite would answer them as one by looking at all rows.
    const old = await ended.where("ended_at", "<", before).orderBy("ended_at").execute();
    const tooMany = await ended.where("id", "<=", newest).orderBy("id").execute();
    const ids = [...new Set([...old, ...tooMany].map(({ id }) => id))].slice(0, limit);
    if (ids.length === 0) return 0;
    await tx.deleteFrom("wf_incident_entries").where("incident_id", "in", ids).execute();
    await tx.deleteFrom("wf_incidents").where("id", "in", ids).execute();
    return ids.length;
  },
};
