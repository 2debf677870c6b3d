import type { OwnFeed } from "./own-feed.ts";
import type { Peers } from "./peers.ts";
import type { Holding } from "./model.ts";

/** Where agents are, as all replicas that are there see it. */
export interface Places {
  /** The replica that has a server's task stream; undefined when none has. */
  holder(serverId: number): string | undefined;
  /** The replica whose agent a server is or was last: it judges it. Undefined when none of those that are there ever was. */
  keeper(serverId: number): string | undefined;
  /** The replica where a stream of the server's agent was opened last, of whatever kind: it knows the host best. */
  newest(serverId: number): string | undefined;
  /** The number of a new session: greater than all that are known. */
  nextSession(serverId: number): number;
}

/** @param self name of this replica */
export function createPlaces(self: string, own: Pick<OwnFeed, "holding">, peers: Pick<Peers, "logs">, now: () => number): Places {
  const greatest = (sessionOf: (holding: Holding) => number, serverId: number): { readonly replica: string; readonly session: number } => {
    let found = { replica: self, session: sessionOf(own.holding(serverId)) };
    for (const [replica, { log }] of peers.logs()) {
      const holding = log.holdings.get(serverId);
      const session = holding ? sessionOf(holding) : 0;
      // Two that took the same number at the same moment: all see the same one.
      if (session > found.session || (session === found.session && session > 0 && replica > found.replica)) found = { replica, session };
    }
    return found;
  };
  const online = ({ isOnline, taskSession }: Holding): number => (isOnline ? taskSession : 0);
  const reporting = ({ stateSession }: Holding): number => stateSession;
  const nameOf = ({ replica, session }: ReturnType<typeof greatest>): string | undefined => (session === 0 ? undefined : replica);
  return {
    holder: (serverId) => nameOf(greatest(online, serverId)),
    newest: (serverId) => nameOf(greatest(({ taskSession, stateSession }) => Math.max(taskSession, stateSession), serverId)),
    keeper: (serverId) => nameOf(greatest(reporting, serverId)),
    nextSession: (serverId) =>
      Math.max(
        now(),
        greatest(({ taskSession }) => taskSession, serverId).session + 1,
        greatest(({ stateSession }) => stateSession, serverId).session + 1,
      ),
  };
}
