import { alice, bob } from "../cast.ts";
import { MOVED_AS, MOVED_SERVER } from "../moves.ts";
import type { Played } from "../played.ts";
import { MEND, MENDED, TICK } from "../set-up.ts";
import { isAbout } from "./incidents.ts";
import type { Stored } from "./stored.ts";

const CRONS_OF_ALICE = new Set([MEND, MENDED, TICK.id]);
const CHANNELS_OF_ALICE = new Set([1, 4]);
/** What is said of her own services names the server that saw it, as it was called then. */
const OF_SERVICE = "Reporter:";

/** A server that changed hands is judged by its new owner's rules, and by nothing of the former owner's. */
export function judgeMoves(scene: Played, stored: Stored): string[] {
  const { agents, move } = scene;
  if (move.done === Number.POSITIVE_INFINITY) return [];
  const ofServer = stored.incidents.filter(({ server_id: id, source }) => id === MOVED_SERVER && source === "alert");
  const findings: string[] = [];
  for (const incident of ofServer.filter(({ owner_id: owner }) => owner === alice.id)) {
    const { id, opened_at: openedAt, ended_at: endedAt, outcome, title } = incident;
    if (openedAt > move.done) findings.push(`${title} judged server ${MOVED_SERVER} after it was handed over`);
    if (endedAt > move.done && outcome === "recovered") findings.push(`incident ${id} of ${title} recovered on a server of somebody else`);
    const late = stored.messages.find((message) => isAbout(message, incident) && message.created_at > move.done);
    if (late) findings.push(`${title} wrote of server ${MOVED_SERVER} after it was handed over, message ${late.id}`);
  }
  for (const { at, channelId, text } of scene.channels.taken)
    if (at > move.done && CHANNELS_OF_ALICE.has(channelId) && text.includes(MOVED_AS) && !text.includes(OF_SERVICE))
      findings.push(`channel ${channelId} of alice took "${text}" after the server was handed over`);
  for (const { at, cronId, serverId } of agents.commands)
    if (serverId === MOVED_SERVER && at > move.done && CRONS_OF_ALICE.has(cronId))
      findings.push(`cron ${cronId} of alice ran on server ${MOVED_SERVER} after it was handed over`);
  if (!ofServer.some(({ owner_id: owner, opened_at: at }) => owner === bob.id && at > move.done))
    findings.push(`bob's rule never judged server ${MOVED_SERVER}`);
  return findings;
}
