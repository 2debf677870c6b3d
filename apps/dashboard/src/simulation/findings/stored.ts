import type { Selectable } from "kysely";
import type { Database, Schema } from "#platform/database";

/** What the last process left in its database. */
export interface Stored {
  readonly incidents: readonly Selectable<Schema["wf_incidents"]>[];
  /** Incidents of which it is written why nobody was told of them for a while. */
  readonly held: ReadonlySet<number>;
  readonly messages: readonly StoredMessage[];
  readonly runs: readonly StoredRun[];
  readonly results: readonly Selectable<Schema["wf_cron_results"]>[];
  readonly records: readonly Selectable<Schema["wf_ddns_records"]>[];
}

/** Messages to people, in the order in which they were written. */
export interface StoredMessage extends Selectable<Schema["wf_outbox"]> {
  readonly channelId: number;
  readonly text: string;
  /** It says that a state is over. */
  readonly ends: boolean;
}

export interface StoredRun extends Omit<Selectable<Schema["wf_cron_runs"]>, "missed"> {
  readonly missed: { readonly first: number; readonly last: number } | undefined;
}

export async function readStored({ kysely }: Database): Promise<Stored> {
  const messages = await kysely.selectFrom("wf_outbox").selectAll().where("topic", "=", "notification").orderBy("id").execute();
  const held = await kysely.selectFrom("wf_incident_entries").select("incident_id").where("kind", "=", "held").execute();
  const runs = await kysely.selectFrom("wf_cron_runs").selectAll().orderBy("id").execute();
  return {
    incidents: await kysely.selectFrom("wf_incidents").selectAll().orderBy("id").execute(),
    held: new Set(held.map(({ incident_id: id }) => id)),
    messages: messages.map((row) => {
      // The dashboard wrote the payload itself.
      const { text, ends = false } = JSON.parse(row.payload) as { text: string; ends?: boolean };
      return { ...row, channelId: Number(row.target), text, ends };
    }),
    runs: runs.map((row) => ({
      ...row,
      missed: row.missed === "" ? undefined : (JSON.parse(row.missed) as { first: number; last: number }),
    })),
    results: await kysely.selectFrom("wf_cron_results").selectAll().execute(),
    records: await kysely.selectFrom("wf_ddns_records").selectAll().execute(),
  };
}
