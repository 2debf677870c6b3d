import { channelsOf } from "../cast.ts";
import { MOVED_SERVER } from "../moves.ts";
import type { Played } from "../played.ts";
import { BEHIND, WEB_OF_BOB } from "../set-up.ts";
import type { Stored, StoredMessage } from "./stored.ts";

type StoredIncident = Stored["incidents"][number];

const GOOD = 2;
const PARENT_OF_BEHIND = 1;

/** Every incident has ended, and everybody of its group was told, unless it is written why not; nobody was of what a parent explains. */
export function judgeIncidents(scene: Played, stored: Stored): string[] {
  const findings = stored.incidents.flatMap((incident) => judgeOne(scene, stored, incident));
  const { services } = scene.now;
  for (const { id, name } of services?.services.list() ?? [])
    if (services?.stateOf(id)?.health !== GOOD) findings.push(`service ${name} is not good in the end`);
  if (scene.now.alerts.stats().dropped > 0) findings.push("a change was dropped");
  return findings;
}

function judgeOne(scene: Played, { held, messages }: Stored, incident: StoredIncident): string[] {
  const { id, title, ended_at: endedAt } = incident;
  const findings: string[] = [];
  if (endedAt === 0) findings.push(`incident ${id} of ${title} never ended`);
  const told = messages.filter((message) => isAbout(message, incident));
  const group = incident.source === "service" ? (incident.source_id === WEB_OF_BOB ? 2 : 1) : incident.group_id;
  for (const channelId of channelsOf(scene.cast, group)) {
    const heard = told.filter((message) => message.channelId === channelId);
    if (!heard.some(({ kind, ends }) => kind !== "recovery" && !ends) && !held.has(id))
      findings.push(`incident ${id} of ${title} has neither a message for channel ${channelId} nor a reason`);
    if (incident.source === "service" && heard.some(({ ends }) => !ends) && endedAt > 0 && !heard.some(({ ends }) => ends))
      findings.push(`the end of incident ${id} of ${title} is not told to channel ${channelId}`);
  }
  for (const parent of parentsOf(scene, incident)) {
    const early = told.find(
      ({ ends, kind, created_at: at }) => (kind === "incident" || kind === "state") && !ends && scene.outage.isAway(parent, at),
    );
    if (early) findings.push(`incident ${id} of ${title} is told although server ${parent} explains it`);
  }
  return findings;
}

/** Whether something is said of an incident. */
export function isAbout(message: StoredMessage, { id, source }: Pick<StoredIncident, "id" | "source">): boolean {
  return source === "alert" ? message.event === `incident ${id}` : message.kind === "state" && message.incident === id;
}

function parentsOf(
  { cast, move }: Played,
  { ended_at: endedAt, source, source_id: sourceId, server_id: serverId }: StoredIncident,
): number[] {
  // What it was reached through is not the new owner's.
  if (serverId === MOVED_SERVER && endedAt >= move.begun) return [];
  const isBehind = source === "service" && sourceId === BEHIND;
  const parents: number[] = isBehind ? [PARENT_OF_BEHIND] : [];
  for (let next = cast.through.get(isBehind ? PARENT_OF_BEHIND : serverId); next !== undefined; next = cast.through.get(next))
    parents.push(next);
  return parents;
}
