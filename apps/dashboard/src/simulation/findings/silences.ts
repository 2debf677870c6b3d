import { channelsOf } from "../cast.ts";
import { MOVED_SERVER } from "../moves.ts";
import type { Played } from "../played.ts";
import { isAbout } from "./incidents.ts";
import type { Stored } from "./stored.ts";

type StoredIncident = Stored["incidents"][number];

const REASON = /^(?:snoozed|maintenance: work)$/;
/** What was held is told so soon after the silence, while nothing disturbs. */
const TOLD_WITHIN_MS = 90_000;
const STEP_MS = 1_000;
/** The longest pause after a call that was refused. */
const WRITTEN_WITHIN_MS = 31_000;

/** Nobody is told of what a snooze or a maintenance window holds, why is written, and it is told when it lasts longer. */
export function judgeSilences(scene: Played, stored: Stored): string[] {
  if (!scene.engines.silences) return [];
  return stored.incidents.flatMap((incident) => [...toldInside(scene, stored, incident), ...neverTold(scene, stored, incident)]);
}

function toldInside({ fate, silences }: Played, { held, messages }: Stored, incident: StoredIncident): string[] {
  const { id, opened_at: openedAt, source, title } = incident;
  // What is refused is written later, perhaps when nothing holds it any more.
  const isSilentFromTheStart = silences.certainlyHold(incident, openedAt) && !fate.wasDisturbed(openedAt - WRITTEN_WITHIN_MS, openedAt);
  const reasons = held.get(id) ?? [];
  const findings: string[] = [];
  if (isSilentFromTheStart && !reasons.some((reason) => REASON.test(reason)))
    findings.push(`incident ${id} of ${title} began in a silence, and the reason is not written`);
  const loud = messages.find(
    (message) =>
      isAbout(message, incident) &&
      !message.ends &&
      // What is said of a service that was told before goes on.
      (source === "alert" ? message.kind === "incident" || message.kind === "reminder" : isSilentFromTheStart) &&
      silences.certainlyHold(incident, message.created_at),
  );
  if (loud) findings.push(`incident ${id} of ${title} is told in a silence, by message ${loud.id}`);
  return findings;
}

/** It lasted long after everything that may have held it. */
function neverTold(scene: Played, { messages }: Stored, incident: StoredIncident): string[] {
  const { id, ended_at: endedAt, group_id: groupId, opened_at: openedAt, server_id: serverId, source, title } = incident;
  if (source !== "alert" || scene.cast.through.has(serverId) || serverId === MOVED_SERVER || endedAt === 0) return [];
  let free = openedAt;
  for (let at = openedAt; at < endedAt && at - free < TOLD_WITHIN_MS; at += STEP_MS)
    if (scene.silences.mayHold(incident, at) || scene.fate.wasDisturbed(at - STEP_MS, at)) free = at;
  if (endedAt - free < TOLD_WITHIN_MS) return [];
  return channelsOf(scene.cast, groupId)
    .filter((channelId) => !messages.some((message) => message.channelId === channelId && isAbout(message, incident) && !message.ends))
    .map((channelId) => `incident ${id} of ${title} is not told to channel ${channelId} after the silence`);
}
