import type { Clock } from "@windfire/kit";
import type { Deliveries } from "#features/notifications";
import { DatabaseError } from "#platform/database";
import type { Database } from "#platform/database";
import type { Ledger } from "./ledger.ts";
import { muteOf } from "./model.ts";
import type { Incident } from "./model.ts";
import { incidentStore } from "./store.ts";
import type { OpenIncidents } from "./store.ts";

/** Of what memory does not know, the database is asked so often. */
const ASK_MS = 15 * 60_000;
/** Incidents looked at in one transaction. */
const AT_ONCE = 100;

export interface WatchDeps {
  readonly clock: Pick<Clock, "monotonic">;
  readonly database: Pick<Database, "change">;
  readonly incidents: Pick<OpenIncidents, "list" | "get">;
  readonly ledger: Pick<Ledger, "release" | "remind">;
  readonly deliveries: Pick<Deliveries, "isReminderDue">;
  readonly holdOf: (incident: Incident) => string | undefined;
  /** Looks at what incidents may lie behind. */
  readonly lookAtParents: () => void;
}

/** Follows incidents that last: tells what was held once nothing holds it, and reminds. */
export function createIncidentWatch({ clock, database, incidents, ledger, deliveries, holdOf, lookAtParents }: WatchDeps) {
  /** When the database was asked last whether somebody is to be reminded, by incident. */
  const asked = new Map<number, number>();

  const needsReminder = (incident: Incident): boolean => {
    if (!incident.reminds || incident.held !== "" || incident.acknowledgedAt > 0 || incident.groupId === 0) return false;
    const due = deliveries.isReminderDue(incident.groupId, { text: incident.text, mute: muteOf(incident) });
    if (due !== undefined) return due && holdOf(incident) === undefined;
    const now = clock.monotonic();
    const last = asked.get(incident.id);
    if (last === undefined || now - last >= ASK_MS) asked.set(incident.id, now);
    return last !== undefined && now - last >= ASK_MS && holdOf(incident) === undefined;
  };
  const act = async (ids: readonly number[]): Promise<void> => {
    await database.change(async (tx, changes) => {
      for (const id of ids) {
        const incident = await incidentStore.find(tx, id);
        if (incident === undefined || incident.endedAt > 0) continue;
        if (incident.held === "") await ledger.remind(tx, changes, incident);
        else if (holdOf(incident) === undefined) await ledger.release(tx, changes, incident);
      }
    });
  };
  /** What cannot be written for its own sake keeps no other from being written; errors of those that could not be. */
  const actOn = async (ids: readonly number[]): Promise<unknown[]> => {
    try {
      await act(ids);
      return [];
    } catch (error) {
      // The database is not ready: the next look tries again.
      if (error instanceof DatabaseError && error.isRetryable) throw error;
      if (ids.length === 1) return [error];
    }
    const errors: unknown[] = [];
    for (const id of ids) errors.push(...(await actOn([id])));
    return errors;
  };
  return async (): Promise<void> => {
    lookAtParents();
    for (const id of asked.keys()) if (incidents.get(id) === undefined) asked.delete(id);
    const due = incidents
      .list()
      .filter((incident) => (incident.held === "" ? needsReminder(incident) : holdOf(incident) === undefined))
      .map(({ id }) => id);
    const errors: unknown[] = [];
    for (let from = 0; from < due.length; from += AT_ONCE) errors.push(...(await actOn(due.slice(from, from + AT_ONCE))));
    if (errors.length > 0) throw new AggregateError(errors, "some incidents could not be told or reminded of");
  };
}
