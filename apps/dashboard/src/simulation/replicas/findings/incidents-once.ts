import type { Stored } from "../../findings/stored.ts";
import type { World } from "../world.ts";

/** An incident of one rule, or service, on one server is over before the next one begins. */
export function judgeIncidentsOnce({ secondsAt }: World, { incidents }: Stored): string[] {
  const pairs = Map.groupBy(incidents, (incident) => `${incident.source} ${incident.source_id} ${incident.server_id}`);
  return [...pairs.values()].flatMap((ofPair) =>
    ofPair
      .filter(({ opened_at: openedAt }, index) => {
        const before = ofPair[index - 1];
        // What could not be written for a while ends when it is.
        return before !== undefined && (before.ended_at === 0 || openedAt < before.opened_at);
      })
      .map(
        ({ id, opened_at: openedAt, title }) =>
          `incident ${id} of ${title} begins at ${secondsAt(openedAt)} s, before the one before it ended`,
      ),
  );
}
