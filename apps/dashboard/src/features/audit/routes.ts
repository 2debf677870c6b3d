import {
  AUDIT_FORMATS,
  AuditExportQuery,
  AuditKinds,
  AuditLine,
  AuditPage,
  AuditQuery,
  AuditRetention,
  AuditRetentionForm,
  Nothing,
} from "@windfire/api";
import type { AuditFilter as AuditFilterJson } from "@windfire/api";
import { adminOnly, formatInstant, refuseText } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditFilter, AuditLog, AuditSearch } from "#platform/audit";
import type { Database } from "#platform/database";
import { FileParts, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import { AUDIT_FILES } from "./export.ts";
import type { AuditFormat } from "./export.ts";
import { shownLine } from "./model.ts";
import { createPlaces } from "./places.ts";
import { retentionStore } from "./retention.ts";

export interface AuditRouteDeps {
  readonly database: Pick<Database, "kysely" | "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly search: AuditSearch;
}

const tag = "audit";
/** Lines of a file that are made at once. */
const PIECE = 200;
/** Files that are read at once. */
const MOST_EXPORTS = 4;

function filterOf({ user, token, since, until, actor, kind, key, action, text }: AuditFilterJson): AuditFilter {
  return {
    ...(actor === undefined ? {} : { actor }),
    ...(user === undefined ? {} : { userId: user }),
    ...(token === undefined ? {} : { tokenId: token }),
    ...(kind === undefined ? {} : { kind }),
    ...(key === undefined ? {} : { key }),
    ...(action === undefined ? {} : { action }),
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
    ...(text === undefined || text === "" ? {} : { text }),
  };
}

/** Who did what, for administrators. Ours: the reference keeps none. */
export function auditRoutes({ database, audit, search }: AuditRouteDeps): AnyRoute[] {
  const places = createPlaces(MOST_EXPORTS);
  const written = async function* (filter: AuditFilter, format: AuditFormat): AsyncGenerator<string> {
    if (format.head !== "") yield format.head;
    for (let before: number | undefined; ;) {
      const { lines, next } = await search.page(filter, before, PIECE);
      if (lines.length > 0) yield lines.map((line) => format.line(shownLine(line))).join("");
      if (next === undefined) return;
      before = next;
    }
  };
  return [
    route({
      method: "GET",
      path: "/audit",
      access: adminOnly(),
      summary: "Who did what, newest first",
      tag,
      query: AuditQuery,
      data: AuditPage,
      async run({ query: { before, limit, ...filter } }) {
        const { lines, next } = await search.page(filterOf(filter), before, limit);
        return { lines: lines.map(shownLine), ...(next === undefined ? {} : { next }) };
      },
    }),
    route({
      method: "GET",
      path: "/audit/kinds",
      access: adminOnly(),
      summary: "Actions and kinds of rows that occur in the audit log",
      tag,
      data: AuditKinds,
      run: async () => ({ actions: await search.distinct("action"), kinds: await search.distinct("kind") }),
    }),
    route({
      method: "GET",
      path: "/audit/export",
      access: adminOnly(),
      summary: "The audit log as a file, newest first: CSV, or a line of JSON for each",
      tag,
      query: AuditExportQuery,
      data: AuditLine,
      file: AUDIT_FORMATS.map((format) => AUDIT_FILES[format].contentType.split(";")[0] ?? ""),
      run({ query: { format, ...filter } }) {
        if (places.areTaken) throw refuseText("too many exports at once", 503, { "retry-after": "5" });
        const { contentType } = AUDIT_FILES[format];
        return new FileParts({ name: `audit.${format}`, contentType, parts: places.take(written(filterOf(filter), AUDIT_FILES[format])) });
      },
    }),
    ...retentionRoutes({ database, audit }),
  ];
}

function retentionRoutes({ database, audit }: Pick<AuditRouteDeps, "database" | "audit">): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/audit/retention",
      access: adminOnly(),
      summary: "How much of the audit log is kept",
      tag,
      data: AuditRetention,
      async run() {
        const { kysely } = database;
        const ends = kysely.selectFrom("wf_audit").select(["id", "at"]).limit(1);
        const oldest = await ends.orderBy("id").executeTakeFirst();
        const newest = await ends.orderBy("id", "desc").executeTakeFirst();
        const kept = oldest === undefined || newest === undefined ? 0 : newest.id - oldest.id + 1;
        return {
          ...(await retentionStore.read(kysely)),
          kept_lines: kept,
          ...(oldest === undefined ? {} : { oldest_at: formatInstant(oldest.at) }),
        };
      },
    }),
    route({
      method: "PATCH",
      path: "/audit/retention",
      access: adminOnly(),
      summary: "Change how much of the audit log is kept; whatever is reached first, the oldest lines go",
      tag,
      body: AuditRetentionForm,
      data: Nothing,
      async run({ caller, body }) {
        await database.change(async (tx) => {
          const from = await retentionStore.read(tx);
          const { days = from.days, lines = from.lines, megabytes = from.megabytes } = body;
          const to = { days, lines, megabytes };
          await retentionStore.write(tx, to);
          await audit.write(tx, { actor: actorOf(caller), action: "audit.retention", kind: "audit", key: "retention", from, to });
        });
        return null;
      },
    }),
  ];
}
