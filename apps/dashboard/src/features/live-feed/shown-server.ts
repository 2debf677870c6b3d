import { canViewServer, seesServerInFull } from "#access/policy";
import type { LiveServer } from "#features/servers";
import type { Caller } from "#kernel";

/** What one class of viewers sees of a server. Classes that see the same share the object, and it stays the same until something changed. */
export interface ShownServer {
  readonly id: number;
  /** Everything but `id` and `state`, each as `"key":value`. */
  readonly members: readonly string[];
  readonly state: readonly string[];
}

export type MembersOf = (server: LiveServer) => readonly string[];

interface Kept {
  readonly revision: number;
  readonly condition: string;
  readonly shown: ShownServer;
}

/** Renders each server once for each change and each of the two ways in which it is seen. */
export function createShownServers(condition: MembersOf) {
  const [inFull, inPart] = [new WeakMap<LiveServer, Kept>(), new WeakMap<LiveServer, Kept>()];
  const shownAs = (server: LiveServer, full: boolean): ShownServer => {
    const kept = full ? inFull : inPart;
    const now = condition(server);
    const key = now.join();
    const known = kept.get(server);
    if (known?.revision === server.revision && known.condition === key) return known.shown;
    const shown = render(server, full, now);
    kept.set(server, { revision: server.revision, condition: key, shown });
    return shown;
  };
  return (caller: Caller, servers: readonly LiveServer[]): readonly ShownServer[] =>
    servers
      .filter(({ settings }) => canViewServer(caller, settings))
      .map((server) => shownAs(server, seesServerInFull(caller, server.settings)));
}

function render(server: LiveServer, full: boolean, condition: readonly string[]): ShownServer {
  const { id, name, publicNote, displayIndex } = server.settings;
  const { countryCode } = server.address;
  const members: string[] = [];
  if (name !== "") members.push(`"name":${JSON.stringify(name)}`);
  if (publicNote !== "") members.push(`"public_note":${JSON.stringify(publicNote)}`);
  if (displayIndex !== 0) members.push(`"display_index":${displayIndex}`);
  members.push(`"host":${server.hostJson(!full)}`);
  if (countryCode !== "") members.push(`"country_code":${JSON.stringify(countryCode)}`);
  members.push(`"last_active":${server.lastActiveJson}`, ...condition);
  return { id, members, state: server.stateMembers };
}
