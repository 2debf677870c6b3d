import { readNumber, readOptionalTime, readTime, writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";

/** A name under which people or agents reached this dashboard. Times in Unix milliseconds. */
export interface SeenHost {
  readonly host: string;
  readonly firstAt: number;
  /** When a session was last issued on it; undefined: never. */
  readonly sessionAt: number | undefined;
  /** When an agent was last let in on it; undefined: never. */
  readonly agentAt: number | undefined;
  /** The member who made the entry, by a session or an agent of theirs; 0: somebody who may make as many as there is room for. */
  readonly userId: number;
}

/** SQL of table `wf_seen_hosts` (spec 41 section 10.9). */
export function createSeenHostsStore({ kysely: db }: Pick<Database, "kysely">) {
  return {
    async all(): Promise<SeenHost[]> {
      const rows = await db.selectFrom("wf_seen_hosts").selectAll().execute();
      return rows.map((row) => ({
        host: row.host,
        firstAt: readTime(row.first_at).epochMs,
        sessionAt: readOptionalTime(row.session_at)?.epochMs,
        agentAt: readOptionalTime(row.agent_at)?.epochMs,
        userId: readNumber(row.user_id),
      }));
    },
    async save({ host, firstAt, sessionAt, agentAt, userId }: SeenHost): Promise<void> {
      const columns = {
        first_at: writeTime(firstAt),
        session_at: sessionAt === undefined ? null : writeTime(sessionAt),
        agent_at: agentAt === undefined ? null : writeTime(agentAt),
        user_id: userId,
      };
      await db
        .insertInto("wf_seen_hosts")
        .values({ host, ...columns })
        .onConflict((conflict) => conflict.column("host").doUpdateSet(columns))
        .execute();
    },
    async delete(queries: Queries, hosts: readonly string[]): Promise<void> {
      await queries.deleteFrom("wf_seen_hosts").where("host", "in", hosts).execute();
    },
  };
}
