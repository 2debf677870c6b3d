import type { Selectable } from "kysely";
import type { Database, Schema } from "#platform/database";

/** What the last process left in its database. */
export interface Stored {
  readonly incidents: readonly Selectable<Schema["wf_incidents"]>[];
  /** Why nobody was told of incidents for a while, as it is written. */
  readonly held: ReadonlyMap<number, readonly string[]>;
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
  /** The incident that a service's state belongs to. */
  readonly incident: number | undefined;
}

export interface StoredRun extends Omit<Selectable<Schema["wf_cron_runs"]>, "missed"> {
  readonly missed: { readonly first: number; readonly last: number } | undefined;
}

/** The dashboard wrote it itself. */
function reasonOf({ detail }: { readonly detail: string }): string {
  return (JSON.parse(detail) as { reason?: string }).reason ?? "";
}

export async function readStored({ kysely }: Database): Promise<Stored> {
  const messages = await kysely.selectFrom("wf_outbox").selectAll().where("topic", "=", "notification").orderBy("id").execute();
  const held = await kysely.selectFrom("wf_incident_entries").select(["incident_id", "detail"]).where("kind", "=", "held").execute();
  const runs = await kysely.selectFrom("wf_cron_runs").selectAll().orderBy("id").execute();
  return {
    incidents: await kysely.selectFrom("wf_incidents").selectAll().orderBy("id").execute(),
    held: new Map([...Map.groupBy(held, (entry) => entry.incident_id)].map(([id, entries]) => [id, entries.map(reasonOf)])),
    messages: messages.map((row) => {
      // The dashboard wrote the payload itself.
      const { text, ends = false, incident } = JSON.parse(row.payload) as { text: string; ends?: boolean; incident?: number };
      return { ...row, channelId: Number(row.target), text, ends, incident };
    }),
    runs: runs.map((row) => ({
      ...row,
      missed: row.missed === "" ? undefined : (JSON.parse(row.missed) as { first: number; last: number }),
    })),
    results: await kysely.selectFrom("wf_cron_results").selectAll().execute(),
    records: await kysely.selectFrom("wf_ddns_records").selectAll().execute(),
  };
}
