import type { Changes, Queries } from "#platform/database";
import type { Ledger } from "./ledger.ts";
import type { Incident } from "./model.ts";
import { incidentStore } from "./store.ts";

export interface ServiceHealthDeps {
  readonly ledger: Pick<Ledger, "open" | "recover" | "abandon" | "reword" | "holdChange">;
  readonly holdOf: (incident: Incident) => string | undefined;
  readonly now: () => number;
}

/** What a service is like now. Its messages are the services' own: an incident of a service tells nobody. */
export interface BookedHealth extends Pick<Incident, "ownerId" | "severity" | "text"> {
  readonly id: number;
  readonly name: string;
  readonly health: "good" | "failing" | "unknown";
}

export interface Booking {
  readonly mayTell: boolean;
  readonly incident: Incident | undefined;
}

/** Keeps incidents of services: one lasts from when it leaves Good until it is Good again. */
export function createServiceHealth({ ledger, holdOf, now }: ServiceHealthDeps) {
  return {
    /** Whether people may be told: not while something holds it, and not of the end of what was never told. */
    async book(tx: Queries, changes: Changes, { id, name, health, ...service }: BookedHealth): Promise<Booking> {
      const pair = { source: "service", sourceId: id, serverId: 0 } as const;
      if (health === "unknown") return { mayTell: true, incident: await incidentStore.openOf(tx, pair) };
      if (health === "good") {
        const ended = await ledger.recover(tx, changes, pair, "");
        return { mayTell: ended === undefined || (await isKnownOf(tx, ended)), incident: ended };
      }
      const fresh = { ...pair, ...service, groupId: 0, reminds: false, title: name, serverName: "", value: "", limit: "", openedAt: now() };
      const known = await incidentStore.openOf(tx, pair);
      // What was told and is another by now is told when nothing holds it any more, and what was held as it is then.
      const hold = known && holdOf(known);
      const isHeldNow = known?.held === "" && hold !== undefined && known.severity !== service.severity;
      if (known && isHeldNow) await ledger.holdChange(tx, changes, known, hold);
      if (known && (known.held !== "" || isHeldNow)) await ledger.reword(tx, changes, known, service);
      const incident = known ?? (await ledger.open(tx, changes, fresh));
      return { mayTell: incident?.held === "" && holdOf(incident) === undefined, incident };
    },
    /** Services that are deleted. */
    async forget(tx: Queries, ids: readonly number[], changes: Changes): Promise<void> {
      for (const id of ids)
        await ledger.abandon(tx, changes, await incidentStore.openWhere(tx, { source: "service", sourceId: id }), "deleted");
    },
  };
}

/** Whether people heard of one, before something held what it became. */
async function isKnownOf(tx: Queries, { id, held }: Incident): Promise<boolean> {
  return held === "" || (await incidentStore.wasTold(tx, id));
}
