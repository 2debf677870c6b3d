import { readNumber, readOptionalTime, readTime, writeTime } from "#platform/database";
import type { Changes, Queries } from "#platform/database";

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

/** As the change log names them. */
export const seenHostKind = {
  name: "seen-host",
  keyOf: ({ host }: SeenHost): string => host,
  load: async (queries: Queries, hosts?: readonly string[]): Promise<SeenHost[]> => {
    const query = queries.selectFrom("wf_seen_hosts").selectAll();
    const rows = await (hosts === undefined ? query : query.where("host", "in", hosts)).execute();
    return rows.map((row) => ({
      host: row.host,
      firstAt: readTime(row.first_at).epochMs,
      sessionAt: readOptionalTime(row.session_at)?.epochMs,
      agentAt: readOptionalTime(row.agent_at)?.epochMs,
      userId: readNumber(row.user_id),
    }));
  },
};

/** SQL of table `wf_seen_hosts` (spec 41 section 10.9). */
export const seenHostStore = {
  async save(tx: Queries, changes: Changes, { host, firstAt, sessionAt, agentAt, userId }: SeenHost): Promise<void> {
    const columns = {
      first_at: writeTime(firstAt),
      session_at: sessionAt === undefined ? null : writeTime(sessionAt),
      agent_at: agentAt === undefined ? null : writeTime(agentAt),
      user_id: userId,
    };
    await tx
      .insertInto("wf_seen_hosts")
      .values({ host, ...columns })
      .onConflict((conflict) => conflict.column("host").doUpdateSet(columns))
      .execute();
    changes.put(seenHostKind.name, host);
  },
  async delete(tx: Queries, changes: Changes, hosts: readonly string[]): Promise<void> {
    await tx.deleteFrom("wf_seen_hosts").where("host", "in", hosts).execute();
    changes.gone(seenHostKind.name, hosts);
  },
};
