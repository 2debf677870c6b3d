import { setImmediate as yieldToOthers } from "node:timers/promises";
import { sql } from "kysely";
import { StoredKey } from "#platform/database";
import type { Database } from "#platform/database";
import type { Actor } from "./actor.ts";
import { lineOf } from "./lines.ts";
import type { AuditLine } from "./lines.ts";

/** Which lines are wanted; times in Unix milliseconds, `until` is outside. */
export interface AuditFilter {
  readonly actor?: Actor["kind"];
  readonly userId?: number;
  readonly tokenId?: number;
  readonly kind?: string;
  readonly key?: string;
  /** `server.update`, or `server.*`. */
  readonly action?: string;
  readonly since?: number;
  readonly until?: number;
  /** Anywhere in names, address, action, key or fields; ASCII letters in any case. */
  readonly text?: string;
}

export interface AuditPage {
  /** Newest first. */
  readonly lines: readonly AuditLine[];
  /** Older lines begin below this id; absent: there are none. */
  readonly next?: number;
}

export interface AuditSearch {
  /** Lines with ids below `before`, at most `limit`. A page may be short and have a next one: there is a bound to what is looked at for one. */
  page(filter: AuditFilter, before: number | undefined, limit: number): Promise<AuditPage>;
  /** What occurs in the log, in order. */
  distinct(column: "action" | "kind"): Promise<string[]>;
}

/** Lines looked at in one statement, so that nobody waits long behind it; where texts are searched, fewer. */
const SLICE = 4_000;
const TEXT_SLICE = 1_000;
/** Lines looked at for one page where texts are searched. */
const MOST_TEXTS = 50_000;
const MOST_DISTINCT = 1_000;

/** Searches table `wf_audit` from the newest line back, slice by slice. */
export function createAuditSearch({ kysely }: Pick<Database, "kysely">): AuditSearch {
  const end = async (direction: "asc" | "desc"): Promise<number> =>
    (await kysely.selectFrom("wf_audit").select("id").orderBy("id", direction).limit(1).executeTakeFirst())?.id ?? 0;

  const slice = async (filter: AuditFilter, from: number, to: number, limit: number): Promise<AuditLine[]> => {
    const { actor, userId, tokenId, kind, key, action, since, until, text } = filter;
    let query = kysely.selectFrom("wf_audit").selectAll().where("id", ">=", from).where("id", "<", to);
    if (actor !== undefined) query = query.where("actor", "=", actor);
    if (userId !== undefined) query = query.where("user_id", "=", userId);
    if (tokenId !== undefined) query = query.where("token_id", "=", tokenId);
    if (kind !== undefined) query = query.where("kind", "=", kind);
    if (key !== undefined) query = query.where(sql<boolean>`key IN (${sql.join(storedKeys(key))})`);
    if (action?.endsWith("*"))
      query = query.where("action", ">=", action.slice(0, -1)).where("action", "<", `${action.slice(0, -1)}\uFFFF`);
    else if (action !== undefined) query = query.where("action", "=", action);
    if (since !== undefined) query = query.where("at", ">=", since);
    if (until !== undefined) query = query.where("at", "<", until);
    if (text !== undefined) query = query.where(holds(text));
    return (await query.orderBy("id", "desc").limit(limit).execute()).map(lineOf);
  };

  return {
    async page(filter, before, limit) {
      const hasText = filter.text !== undefined;
      const step = hasText ? TEXT_SLICE : SLICE;
      const oldest = await end("asc");
      let upper = before ?? (await end("desc")) + 1;
      const stop = hasText ? upper - MOST_TEXTS : oldest;
      const lines: AuditLine[] = [];
      while (upper > oldest && upper > stop && oldest > 0) {
        const lower = Math.max(upper - step, oldest, stop);
        lines.push(...(await slice(filter, lower, upper, limit - lines.length)));
        const last = lines.at(-1);
        if (lines.length >= limit && last !== undefined) return { lines, ...(last.id > oldest ? { next: last.id } : {}) };
        upper = lower;
        await yieldToOthers();
      }
      return { lines, ...(upper > oldest && oldest > 0 ? { next: upper } : {}) };
    },
    async distinct(column) {
      const found: string[] = [];
      // One look into the index for each value, however many lines have it.
      while (found.length < MOST_DISTINCT) {
        const query = kysely.selectFrom("wf_audit").select(column).orderBy(column).limit(1);
        const row = await (found.length === 0 ? query : query.where(column, ">", found.at(-1) ?? "")).executeTakeFirst();
        if (row === undefined) break;
        found.push(row[column] ?? "");
      }
      return found;
    },
  };
}

/** A key as it may have been written. */
function storedKeys(key: string): StoredKey[] {
  return (/^\d{1,15}$/.test(key) ? [key, Number(key)] : [key]).map((each) => new StoredKey(each));
}

/** Fields are JSON, so what is looked for in them is spelled like that. */
function holds(text: string) {
  const pattern = (wanted: string): string => `%${wanted.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const [plain, spelled] = [pattern(text), pattern(JSON.stringify(text).slice(1, -1))];
  // Said in a way that every engine takes alike: not all of them leave the case of letters alone, nor have texts in `key`.
  const like = (column: string, value: string) =>
    sql<boolean>`lower(CAST(${sql.ref(column)} AS TEXT)) LIKE ${value.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())} ESCAPE '\\'`;
  const columns = ["username", "token_name", "address", "action", "kind", "key"];
  return sql<boolean>`(${sql.join([...columns.map((column) => like(column, plain)), like("fields", spelled)], sql` OR `)})`;
}
