import { setImmediate as yieldToOthers } from "node:timers/promises";
import { sql } from "kysely";
import type { Expression, SqlBool } from "kysely";
import { writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Looked at in one go. */
const SLICE_MS = 6 * HOUR_MS;
/** Texts of two instants compare like the instants only within one offset; this is more than any two offsets differ. */
const OFFSET_MARGIN_MS = 27 * HOUR_MS;

/** Unix milliseconds; `to` is outside. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Results of a service in a span, from the windows stored of it as a whole. */
export interface WindowSums {
  readonly serviceId: number;
  readonly up: number;
  readonly down: number;
  /** Plain mean of the windows' mean delays, milliseconds. */
  readonly delay: number;
}

/** Rows of a service as its servers saw it, or of a server. */
export type PointsOf = { readonly serviceId: number } | { readonly serverId: number };

/** One row, or several of one bucket together. */
export interface StoredPoint {
  readonly serviceId: number;
  readonly serverId: number;
  /** Unix seconds of the row or of the bucket's beginning. */
  readonly at: number;
  readonly rows: number;
  /** Rows that are no failure, and the sum of their delays in milliseconds. */
  readonly goodRows: number;
  readonly delaySum: number;
  readonly up: number;
  readonly down: number;
}

/** A row as one server saw a service. */
export interface ServerRow {
  readonly id: number;
  readonly serviceId: number;
  readonly serverId: number;
  /** Unix seconds; NULL where the text is no time. */
  readonly at: number | null;
  readonly delay: number;
  readonly up: number;
  readonly down: number;
}

/** SQL of table `service_histories` (spec 41 section 10.17). */
export interface HistoryTable {
  windowSums(span: Span): Promise<WindowSums[]>;
  /** Rows, and how many pairs of service and server they are about. */
  countPoints(of: PointsOf, span: Span): Promise<{ readonly rows: number; readonly pairs: number }>;
  /** Ascending by time: a point for each row, or for each bucket. */
  points(of: PointsOf, span: Span, bucketSeconds?: number): Promise<StoredPoint[]>;
  /** Rows of servers behind a row, ascending by id. */
  serverRows(after: number, limit: number): Promise<ServerRow[]>;
  /** The lowest id of rows that were made at or after a time, whatever their order, and the highest of all; 0 without any. */
  firstIdSince(since: number, now: number): Promise<number>;
  lastId(): Promise<number>;
  deleteSince(tx: Queries, serviceIds: readonly number[], since: number): Promise<void>;
}

/** The table, `undefined` in installations that have none. */
export async function openHistoryTable({ kysely }: Database): Promise<HistoryTable | undefined> {
  const tables = await kysely.introspection.getTables();
  if (!tables.some((table) => table.name === "service_histories")) return undefined;
  return {
    windowSums: (span) =>
      kysely
        .selectFrom("service_histories")
        .where("server_id", "=", 0)
        .where((eb) => eb.and(within(span)))
        .groupBy("service_id")
        .select(["service_id as serviceId", sql<number>`sum(coalesce(up, 0))`.as("up"), sql<number>`sum(coalesce(down, 0))`.as("down")])
        .select(sql<number>`coalesce(avg(avg_delay), 0)`.as("delay"))
        .$castTo<WindowSums>()
        .execute(),
    async countPoints(of, span) {
      const other = sql.ref("serviceId" in of ? "server_id" : "service_id");
      return rowsOf(kysely, of, span)
        .select([sql<number>`count(*)`.as("rows"), sql<number>`count(DISTINCT ${other})`.as("pairs")])
        .executeTakeFirstOrThrow();
    },
    async points(of, span, bucketSeconds) {
      const points: StoredPoint[] = [];
      // A day at a time: a long span does not hold up everybody else.
      for (let from = span.from; from < span.to; from = nextDay(from)) {
        points.push(...(await readPoints(kysely, of, { from, to: Math.min(nextDay(from), span.to) }, bucketSeconds)));
        await yieldToOthers();
      }
      return points;
    },
    serverRows: (after, limit) =>
      kysely
        .selectFrom("service_histories")
        .where("id", ">", after)
        .where("server_id", "<>", 0)
        .select(["id", "service_id as serviceId", "server_id as serverId", sql<number | null>`unixepoch(created_at)`.as("at")])
        .select([sql<number>`coalesce(avg_delay, 0)`.as("delay"), sql<number>`coalesce(up, 0)`.as("up")])
        .select(sql<number>`coalesce(down, 0)`.as("down"))
        .orderBy("id")
        .limit(limit)
        .$castTo<ServerRow>()
        .execute(),
    async firstIdSince(since, now) {
      let first = Number.POSITIVE_INFINITY;
      let from = since - OFFSET_MARGIN_MS;
      // Some hours at a time, by the index alone: the table may hold millions of rows of these days.
      for (; from <= now; from += SLICE_MS) {
        first = Math.min(first, (await lowestId(kysely, from, from + SLICE_MS)) ?? first);
        await yieldToOthers();
      }
      first = Math.min(first, (await lowestId(kysely, from)) ?? first);
      return Number.isFinite(first) ? first : 0;
    },
    async lastId() {
      return (await kysely.selectFrom("service_histories").select("id").orderBy("id", "desc").limit(1).executeTakeFirst())?.id ?? 0;
    },
    async deleteSince(tx, serviceIds, since) {
      await tx
        .deleteFrom("service_histories")
        .where("created_at", ">=", writeTime(since - OFFSET_MARGIN_MS))
        .where("service_id", "in", serviceIds)
        .execute();
    },
  };
}

/** Compares instants (spec 41 section 10.17): the text comparison finds the rows by index, the other one decides. */
function within({ from, to }: Span): Expression<SqlBool>[] {
  return [
    sql<SqlBool>`created_at >= ${writeTime(from - OFFSET_MARGIN_MS)}`,
    sql<SqlBool>`created_at < ${writeTime(to + OFFSET_MARGIN_MS)}`,
    sql<SqlBool>`unixepoch(created_at) >= ${Math.floor(from / 1000)}`,
    sql<SqlBool>`unixepoch(created_at) < ${Math.floor(to / 1000)}`,
  ];
}

/** By text, as the reference does: rows written under another offset lie as far off as the offsets do (spec 41 section 9.2). */
function rowsOf(kysely: Queries, of: PointsOf, { from, to }: Span) {
  const rows = kysely.selectFrom("service_histories").where("created_at", ">=", writeTime(from)).where("created_at", "<", writeTime(to));
  return "serviceId" in of
    ? rows.where("service_id", "=", of.serviceId).where("server_id", "<>", 0)
    : rows.where("server_id", "=", of.serverId);
}

function readPoints(kysely: Queries, of: PointsOf, span: Span, bucketSeconds: number | undefined): Promise<StoredPoint[]> {
  // A literal: bound numbers are floats, and the division has to be one of integers.
  const bucket = sql.lit(bucketSeconds ?? 1);
  const at = sql<number>`unixepoch(created_at) / ${bucket} * ${bucket}`;
  const failed = sql`coalesce(down, 0) > 0 AND coalesce(up, 0) = 0`;
  return rowsOf(kysely, of, span)
    .select(["service_id as serviceId", "server_id as serverId", at.as("at")])
    .select([
      sql<number>`count(*)`.as("rows"),
      sql<number>`sum(CASE WHEN ${failed} THEN 0 ELSE 1 END)`.as("goodRows"),
      sql<number>`total(CASE WHEN ${failed} THEN 0 ELSE avg_delay END)`.as("delaySum"),
      sql<number>`sum(coalesce(up, 0))`.as("up"),
      sql<number>`sum(coalesce(down, 0))`.as("down"),
    ])
    .groupBy(bucketSeconds === undefined ? sql`id` : sql`service_id, server_id, ${at}`)
    .orderBy(sql`${at}, min(id)`)
    .$castTo<StoredPoint>()
    .execute();
}

/** `to` is outside; without it all that come later. */
async function lowestId(kysely: Queries, from: number, to?: number): Promise<number | null> {
  const since = kysely.selectFrom("service_histories").where("created_at", ">=", writeTime(from));
  const rows = to === undefined ? since : since.where("created_at", "<", writeTime(to));
  // The sign keeps the database from walking through the table in the order of the ids.
  const { id } = await rows.select(sql<number | null>`min(+id)`.as("id")).executeTakeFirstOrThrow();
  return id;
}

function nextDay(instant: number): number {
  return (Math.floor(instant / DAY_MS) + 1) * DAY_MS;
}
