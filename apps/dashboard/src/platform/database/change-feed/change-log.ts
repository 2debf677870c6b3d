import { sql } from "kysely";
import type { Selectable } from "kysely";
import { StoredKey } from "../engine/index.ts";
import type { Queries } from "../queries.ts";
import type { Schema } from "../schema.ts";
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
  /** At most `limit` lines from a sequence on, in order; the line of that sequence is among them when it is kept. */
  from(sequence: number, limit: number): Promise<readonly LoggedChange[]>;
  /** The last line; `undefined` when nothing was ever written. */
  newest(): Promise<LoggedChange | undefined>;
  /** Keeps the newest `kept` lines. */
  prune(kept: number): Promise<void>;
}

/** See {@link ChangeLog}. */
export function createChangeLog(kysely: Queries): ChangeLog {
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
    async from(sequence, limit) {
      const rows = await kysely
        .selectFrom("wf_changes")
        .selectAll()
        .where("sequence", ">=", sequence)
        .orderBy("sequence")
        .limit(limit)
        .execute();
      return rows.map(toLine);
    },
    async newest() {
      const row = await kysely.selectFrom("wf_changes").selectAll().orderBy("sequence", "desc").limit(1).executeTakeFirst();
      return row && toLine(row);
    },
    async prune(kept) {
      await kysely
        .deleteFrom("wf_changes")
        .where("sequence", "<=", sql<number>`(SELECT max(sequence) FROM wf_changes) - ${kept}`)
        .execute();
    },
  };
}

const toLine = ({ sequence, kind, key, what }: Selectable<Schema["wf_changes"]>): LoggedChange => ({
  sequence,
  kind,
  key,
  what: what === "gone" ? "gone" : "put",
});
