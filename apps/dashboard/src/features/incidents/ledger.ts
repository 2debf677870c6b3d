import type { Deliveries, Notice } from "#features/notifications";
import type { HeldHealth } from "#features/services";
import type { Changes, Queries } from "#platform/database";
import { eventOf, muteOf, pairOf } from "./model.ts";
import type { Incident, NewIncident, Outcome } from "./model.ts";
import { incidentStore, openIncidentKind } from "./store.ts";

const KIND = openIncidentKind.name;

export interface LedgerDeps {
  readonly deliveries: Pick<Deliveries, "raise" | "clear" | "remind" | "move" | "dropEvents">;
  /** Why nobody is told of an incident for now; `undefined`: they are. */
  readonly holdOf: (incident: Incident) => string | undefined;
  readonly now: () => number;
  /** Says what a service is like; its messages are the services' own. */
  readonly tellHeldService: (tx: Queries, changes: Changes, serviceId: number, held: HeldHealth) => Promise<void>;
}

/** Beginnings and ends of incidents, with who is told, in the transaction of whoever found out (spec 30 section 2.5). */
export interface Ledger {
  /** `undefined` when the pair has one already. */
  open(tx: Queries, changes: Changes, incident: NewIncident): Promise<Incident | undefined>;
  /** Ends the one of a pair, and tells who was told of its beginning; `undefined` when there is none. */
  recover(
    tx: Queries,
    changes: Changes,
    pair: Pick<Incident, "source" | "sourceId" | "serverId">,
    text: string,
    value?: string,
  ): Promise<Incident | undefined>;
  /** Nobody looks at these any more: those that last end, and what waits to be told of any is not told. */
  abandon(tx: Queries, changes: Changes, incidents: readonly Incident[], outcome: Outcome): Promise<void>;
  /** People know of it, and something keeps them from being told what it became. */
  holdChange(tx: Queries, changes: Changes, incident: Incident, reason: string): Promise<void>;
  /** What was held is told now. */
  release(tx: Queries, changes: Changes, incident: Incident): Promise<void>;
  /** Another group is told of one that lasts. */
  move(tx: Queries, changes: Changes, incident: Incident, groupId: number): Promise<void>;
  /** What is said of one that nobody was told of yet is another by now. */
  reword(tx: Queries, changes: Changes, incident: Incident, words: Pick<Incident, "severity" | "text">): Promise<void>;
  /** Tells who knows of it that it lasts. */
  remind(tx: Queries, changes: Changes, incident: Incident): Promise<void>;
}

/** See {@link Ledger}. */
export function createLedger({ deliveries, holdOf, now, tellHeldService }: LedgerDeps): Ledger {
  const about = (incident: Incident) => ({ groupId: incident.groupId, pair: pairOf(incident), event: eventOf(incident) });
  const notice = (incident: Incident, text: string): Notice => ({
    text,
    ownerId: incident.ownerId,
    ...(incident.serverId === 0 ? {} : { serverId: incident.serverId }),
    severity: incident.severity,
    facts: {
      subject: incident.serverName,
      rule: incident.title,
      ...(incident.value === "" ? {} : { value: incident.value }),
      ...(incident.limit === "" ? {} : { limit: incident.limit }),
      since: incident.openedAt,
      path: `/dashboard/incident/${incident.id}`,
    },
  });
  const muted = (incident: Incident): Notice => ({ ...notice(incident, incident.text), mute: muteOf(incident) });
  const raise = (tx: Queries, changes: Changes, incident: Incident): Promise<void> =>
    deliveries.raise(tx, changes, about(incident), muted(incident));
  const end = async (tx: Queries, changes: Changes, incident: Incident, outcome: Outcome): Promise<void> => {
    await incidentStore.end(tx, incident.id, outcome, now());
    await incidentStore.addEntry(tx, incident.id, now(), "ended", { outcome });
    changes.put(KIND, incident.id);
  };
  return {
    async open(tx, changes, fresh) {
      if (await incidentStore.openOf(tx, fresh)) return undefined;
      const incident = await incidentStore.insert(tx, fresh);
      changes.put(KIND, incident.id);
      await incidentStore.addEntry(tx, incident.id, now(), "opened");
      const held = holdOf(incident);
      if (held === undefined) {
        await raise(tx, changes, incident);
        return incident;
      }
      await incidentStore.hold(tx, incident.id, held);
      await incidentStore.addEntry(tx, incident.id, now(), "held", { reason: held });
      return { ...incident, held };
    },
    async recover(tx, changes, pair, text, value = "") {
      const incident = await incidentStore.openOf(tx, pair);
      if (incident === undefined) return undefined;
      await end(tx, changes, incident, "recovered");
      await deliveries.clear(tx, changes, about(incident), notice({ ...incident, value }, text));
      return incident;
    },
    async abandon(tx, changes, incidents, outcome) {
      for (const incident of incidents) if (incident.endedAt === 0) await end(tx, changes, incident, outcome);
      await deliveries.dropEvents(tx, changes, incidents.map(eventOf), `nobody looks any more: ${outcome}`);
    },
    async holdChange(tx, changes, incident, reason) {
      await incidentStore.hold(tx, incident.id, reason);
      await incidentStore.addEntry(tx, incident.id, now(), "held", { reason, known: true });
      changes.put(KIND, incident.id);
    },
    async release(tx, changes, incident) {
      await incidentStore.hold(tx, incident.id, "");
      await incidentStore.addEntry(tx, incident.id, now(), "told", { after: incident.held });
      changes.put(KIND, incident.id);
      if (incident.source === "service") await tellHeldService(tx, changes, incident.sourceId, { text: incident.text, incident });
      else await raise(tx, changes, incident);
    },
    async move(tx, changes, before, groupId) {
      const incident = { ...before, groupId };
      await incidentStore.move(tx, incident.id, groupId);
      changes.put(KIND, incident.id);
      if (incident.held === "") await deliveries.move(tx, changes, about(incident), muted(incident));
    },
    async reword(tx, changes, incident, { severity, text }) {
      if (incident.severity === severity && incident.text === text) return;
      await incidentStore.reword(tx, incident.id, { severity, text });
      changes.put(KIND, incident.id);
    },
    async remind(tx, changes, incident) {
      await deliveries.remind(tx, changes, about(incident), muted(incident));
    },
  };
}
