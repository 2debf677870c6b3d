import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { formatNatOrder, TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { DispatchOutcome, StreamRegistry } from "#features/fleet";
import type { ServerDirectory } from "#features/servers";
import type { WebRequest, WebResponse } from "#platform/listener";
import { authorityOf, exchange, exchangeUpgrade, refuse, refuseUpgrade } from "./exchange.ts";
import type { Refused } from "./exchange.ts";
import { openTunnelSocket } from "./tunnel-socket.ts";
import type { NatProfile } from "./model.ts";

export interface TunnelDeps {
  readonly profile: (domain: string) => NatProfile | undefined;
  readonly servers: ServerDirectory;
  /** Administrators, and rows of the global agent secret. */
  readonly ownsEverything: (userId: number) => boolean;
  readonly isOnline: (serverId: number) => boolean;
  readonly dispatch: (serverId: number, task: Task) => DispatchOutcome;
  readonly streams: StreamRegistry;
  readonly translate: (messageId: string) => string;
  /** The page of a blocked address, with a text. */
  readonly blockPage: (message: string) => string;
}

/**
 * Carries requests for a tunnel's host name to its agent (spec 20 section 12). Each request has a stream of its own, so its `Host` is
 * looked at and its `Authorization`, which is the dashboard's, is taken out every time.
 */
export function createTunnel(deps: TunnelDeps) {
  /** A server that was moved to somebody else is not reached by its former owner's tunnels (spec 30 section 6.3). */
  const reaches = ({ ownerId, serverId }: NatProfile): boolean => {
    const server = deps.servers.get(serverId);
    return server !== undefined && (deps.ownsEverything(ownerId) || server.settings.ownerId === ownerId);
  };
  const open = (authority: string): Duplex | Refused => {
    const profile = deps.profile(authority);
    if (!profile?.enabled)
      return { status: 403, type: "text/html; charset=utf-8", text: deps.blockPage(`nat host ${authority} is disabled`) };
    const offline = plain(503, deps.translate("server not found or not connected"));
    if (!reaches(profile) || !deps.isOnline(profile.serverId)) return offline;
    const stream = deps.streams.create({ purpose: "nat", creatorId: 0, serverId: profile.serverId });
    if ("refused" in stream) return plain(429, `stream limit: ${stream.refused}`);
    const socket = openTunnelSocket(deps.streams, stream);
    const outcome = deps.dispatch(profile.serverId, {
      id: 0,
      type: TASK.nat,
      data: formatNatOrder({ streamId: stream.id, host: profile.host }),
    });
    if (outcome === "sent") return socket;
    socket.destroy();
    return outcome === "offline" ? offline : plain(503, `send task error: ${outcome}`);
  };
  return {
    matches: (authority: string): boolean => deps.profile(authority) !== undefined,
    request(request: WebRequest, response: WebResponse): void {
      const socket = open(authorityOf(request));
      if ("status" in socket) refuse(request, response as ServerResponse, socket);
      else exchange(request, response, socket);
    },
    upgrade(request: IncomingMessage, client: Duplex, early: Buffer): void {
      const socket = open(authorityOf(request));
      if ("status" in socket) refuseUpgrade(request, client, socket);
      else exchangeUpgrade(request, client, early, socket);
    },
  };
}

function plain(status: number, text: string): Refused {
  return { status, type: "text/plain; charset=utf-8", text };
}
