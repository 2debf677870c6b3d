import type { Stored } from "../../findings/stored.ts";
import type { World } from "../world.ts";

/** The second rule. */
const AWAY = 2;
/** What a rule looks at, and what replicas need to hear of each other, milliseconds. */
const LOOKED_AT_MS = 12_000;
const HEARD_AFTER_MS = 4_000;

/** Nobody is called away who reported to a replica that was well. */
export function judgeAbsence({ agents, secondsAt, troubles }: World, { incidents }: Stored): string[] {
  return incidents
    .filter(({ source, source_id: ruleId }) => source === "alert" && ruleId === AWAY)
    .flatMap(({ id, opened_at: openedAt, server_id: serverId }) => {
      const seen = agents.seen.find(
        ({ at, serverId: ofServer, replica }) =>
          ofServer === serverId &&
          at >= openedAt - LOOKED_AT_MS &&
          at <= openedAt - HEARD_AFTER_MS &&
          !troubles.were(at - HEARD_AFTER_MS, openedAt, { replica }),
      );
      return seen
        ? [
            `incident ${id}: server ${serverId} is away at ${secondsAt(openedAt)} s, and ${seen.replica} heard it at ${secondsAt(seen.at)} s`,
          ]
        : [];
    });
}
