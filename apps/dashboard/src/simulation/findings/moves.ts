import { alice, bob } from "../cast.ts";
import { MOVED_SERVER } from "../moves.ts";
import type { Scene } from "../scene.ts";
import { MEND, MENDED, TICK } from "../set-up.ts";
import { isAbout } from "./incidents.ts";
import type { Stored } from "./stored.ts";

const CRONS_OF_ALICE = new Set([MEND, MENDED, TICK.id]);
/** What waited of the former owner's is given up so soon, unless something disturbs. */
const GIVEN_UP_MS = 60_000;

/** A server that changed hands is judged by its new owner's rules, and by nothing of the former owner's. */
export function judgeMoves(scene: Scene, stored: Stored): string[] {
  const { agents, move } = scene;
  if (move.done === Number.POSITIVE_INFINITY) return [];
  const ofServer = stored.incidents.filter(({ server_id: id, source }) => id === MOVED_SERVER && source === "alert");
  const findings: string[] = [];
  for (const incident of ofServer.filter(({ owner_id: owner }) => owner === alice.id)) {
    const { id, opened_at: openedAt, ended_at: endedAt, outcome, title } = incident;
    if (openedAt > move.done) findings.push(`${title} judged server ${MOVED_SERVER} after it was handed over`);
    if (endedAt > move.done && outcome === "recovered") findings.push(`incident ${id} of ${title} recovered on a server of somebody else`);
    const late = stored.messages.find(
      (message) =>
        isAbout(message, incident) &&
        (message.created_at > move.done ||
          // The end of what was over before is told to who was told of its beginning.
          (message.state === "sent" &&
            endedAt >= move.begun &&
            message.settled_at > move.done + GIVEN_UP_MS &&
            !scene.fate.wasDisturbed(move.done, message.settled_at))),
    );
    if (late) findings.push(`${title} told of server ${MOVED_SERVER} after it was handed over, by message ${late.id}`);
  }
  for (const { at, cronId, serverId } of agents.commands)
    if (serverId === MOVED_SERVER && at > move.done && CRONS_OF_ALICE.has(cronId))
      findings.push(`cron ${cronId} of alice ran on server ${MOVED_SERVER} after it was handed over`);
  if (!ofServer.some(({ owner_id: owner, opened_at: at }) => owner === bob.id && at > move.done))
    findings.push(`bob's rule never judged server ${MOVED_SERVER}`);
  return findings;
}
