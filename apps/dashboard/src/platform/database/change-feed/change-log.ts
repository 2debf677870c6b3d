import { sql } from "kysely";
import { StoredKey } from "../engine/index.ts";
import type { Queries } from "../queries.ts";
import type { RecordKey } from "./record-cache.ts";

/** What became of a row: it is there and may have changed, or it is gone. */
export type What = "put" | "gone";

/** One line of the change log. */
export interface ChangeLine {
  readonly kind: string;
  readonly key: RecordKey;
  readonly what: What;
}

/** A line with its place in the order of all changes. */
export interface LoggedChange extends ChangeLine {
  readonly sequence: number;
}

/** Lines one statement writes, below SQLite's limit on parameters. */
const LINES_AT_ONCE = 500;

/** SQL of the table `wf_changes`: what changed, in order, written in the transaction that changed it. */
export interface ChangeLog {
  /** In the caller's transaction; the sequence of the last line, `undefined` when there are none. */
  append(tx: Queries, lines: readonly ChangeLine[]): Promise<number | undefined>;
  /** At most `limit` lines after a sequence, in order. */
  after(sequence: number, limit: number): Promise<readonly LoggedChange[]>;
  /** First and last sequence that are kept; the last is 0 when nothing was ever written. */
  span(): Promise<{ readonly first: number; readonly last: number }>;
  /** Keeps the newest `kept` lines. */
  prune(kept: number): Promise<void>;
}

/** See {@link ChangeLog}. */
export function createChangeLog(kysely: Queries): ChangeLog {
  const span = async (): Promise<{ first: number; last: number }> => {
    const row = await kysely
      .selectFrom("wf_changes")
      .select(({ fn }) => [fn.min("sequence").as("first"), fn.max("sequence").as("last")])
      .executeTakeFirst();
    return { first: row?.first ?? 0, last: row?.last ?? 0 };
  };
  return {
    async append(tx, lines) {
      let last: number | undefined;
      for (let from = 0; from < lines.length; from += LINES_AT_ONCE) {
        const values = lines.slice(from, from + LINES_AT_ONCE).map(({ kind, key, what }) => ({ kind, key: new StoredKey(key), what }));
        const given = await tx.insertInto("wf_changes").values(values).returning("sequence").execute();
        last = given.reduce((highest, { sequence }) => Math.max(highest, sequence), last ?? 0);
      }
      return last;
    },
    async after(sequence, limit) {
      const rows = await kysely
        .selectFrom("wf_changes")
        .selectAll()
        .where("sequence", ">", sequence)
        .orderBy("sequence")
        .limit(limit)
        .execute();
      return rows.map(({ sequence: at, kind, key, what }) => ({ sequence: at, kind, key, what: what === "gone" ? "gone" : "put" }));
    },
    span,
    async prune(kept) {
      await kysely
        .deleteFrom("wf_changes")
        .where("sequence", "<=", sql<number>`(SELECT max(sequence) FROM wf_changes) - ${kept}`)
        .execute();
    },
  };
}
