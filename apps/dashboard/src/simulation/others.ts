import type { AgentMood } from "./agents.ts";
import { SERVER_OF_BOB, WEB } from "./cast.ts";
import { MOODS } from "./channels.ts";
import { pick } from "./random.ts";
import type { Random } from "./random.ts";
import type { Scene } from "./scene.ts";
import { BEHIND, WEB_OF_BOB } from "./set-up.ts";

/** A channel that takes what it is sent all the time, whatever others do: Bob's. */
export const STEADY_CHANNEL = 2;
const OTHER_CHANNELS = [3, 4];
/** A call of the database that is refused comes within so many. */
const CALLS = 60;

/** What changes around the dashboard in one step, besides the agents and the channel of every run. */
export function playOthers(scene: Scene, more: Random, moods: readonly AgentMood[]): void {
  const { agents, channels, engines, fate, names } = scene;
  if (engines.owners) {
    for (const id of OTHER_CHANNELS) if (more(8) === 0) channels.set(id, pick(more, MOODS));
    if (more(6) === 0) agents.moods.set(SERVER_OF_BOB, pick(more, moods));
  }
  if (engines.services) {
    for (const id of [WEB, BEHIND, WEB_OF_BOB]) if (more(9) === 0) flip(scene.downServices, id);
  }
  if (engines.names) {
    if (more(6) === 0) names.mood = pick(more, MOODS);
    for (const id of scene.cast.profiles.keys()) if (more(8) === 0) agents.addresses.set(id, addressOf(id, more));
  }
  if (engines.refusals && more(6) === 0) fate.refuseAfter(more(CALLS));
}

/** What is in the set is not any more, and the other way round. */
export function flip(set: Set<number>, id: number): void {
  if (!set.delete(id)) set.add(id);
}

/** Of the server's own range; one of the two families may be missing. */
function addressOf(serverId: number, more: Random): { ipv4: string; ipv6: string } {
  const missing = more(6);
  return {
    ipv4: missing === 0 ? "" : `203.0.113.${serverId * 50 + more(20)}`,
    ipv6: missing === 1 ? "" : `2001:db8:${serverId}::${more(20)}`,
  };
}

/** Everything is there and answers, and the hourly round has looked after names. */
export async function endOthers({ downServices, names, now }: Scene): Promise<void> {
  downServices.clear();
  names.mood = 200;
  await now.ddns?.round();
}
