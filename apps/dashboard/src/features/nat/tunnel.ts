import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { formatNatOrder, TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { OwnCredentials } from "#access/identity";
import type { StreamRegistry } from "#features/relay";
import type { DispatchOutcome } from "#kernel";
import type { ServerDirectory } from "#features/servers";
import { authorityOf } from "#platform/listener";
import type { WebRequest, WebResponse } from "#platform/listener";
import { createAttachWatch } from "./attach-watch.ts";
import { withoutOwnCredentials } from "./credentials.ts";
import type { RequestHead } from "./credentials.ts";
import { exchange, exchangeUpgrade, refuse, refuseUpgrade } from "./exchange.ts";
import type { Refused } from "./exchange.ts";
import { passedHead } from "./request-head.ts";
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
  readonly ownCredentials: OwnCredentials;
  readonly onError: (error: unknown) => void;
  readonly after: (ms: number, run: () => void) => { cancel(): void };
  readonly translate: (messageId: string) => string;
  /** The page of a blocked address, with a text. */
  readonly blockPage: (message: string) => string;
}

/**
 * Carries requests for a tunnel's host name to its agent (spec 20 section 12). Each request has a stream of its own, so its `Host` is
 * looked at and what the dashboard issued is taken out every time.
 */
export function createTunnel(deps: TunnelDeps) {
  const attachWatch = createAttachWatch(deps);
  /** What is open, by the row that let it in. */
  const openSockets = new Map<Duplex, NatProfile>();
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
    openSockets.set(socket, profile);
    socket.once("close", () => openSockets.delete(socket));
    const outcome = deps.dispatch(profile.serverId, {
      id: 0,
      type: TASK.nat,
      data: formatNatOrder({ streamId: stream.id, host: profile.host }),
    });
    if (outcome === "sent") {
      socket.once("close", attachWatch.expect(stream));
      return socket;
    }
    socket.destroy();
    return outcome === "offline" ? offline : plain(503, `send task error: ${outcome}`);
  };
  return {
    /** An agent has answered a keep-alive. */
    onKeepalive: attachWatch.onKeepalive,
    /** Ends what is open of rows that are no more as they were. */
    closeWhere(isOver: (profile: NatProfile) => boolean): void {
      for (const [socket, profile] of openSockets) if (isOver(profile)) socket.destroy();
    },
    matches: (authority: string): boolean => deps.profile(authority) !== undefined,
    request(request: WebRequest, response: WebResponse): void {
      whenStripped(request, deps, (head) => {
        // It may have gone while its credentials were looked up.
        if (response.destroyed || request.destroyed) return;
        const socket = open(authorityOf(request));
        if ("status" in socket) refuse(request, response, socket);
        else exchange(request, response, head, socket, deps);
      });
    },
    upgrade(request: IncomingMessage, client: Duplex, early: Buffer): void {
      const leave = (): void => void client.destroy();
      client.on("error", leave);
      whenStripped(request, deps, (head) => {
        if (client.destroyed) return;
        const socket = open(authorityOf(request));
        if ("status" in socket) refuseUpgrade(request, client, socket);
        else exchangeUpgrade(request, client, early, head, socket);
      });
    },
  };
}

/** At once when nothing has to be looked up. */
function whenStripped(request: WebRequest, { ownCredentials, onError }: TunnelDeps, go: (head: RequestHead) => void): void {
  const head = withoutOwnCredentials(passedHead(request), ownCredentials);
  if (!(head instanceof Promise)) return go(head);
  head.then(go).catch((error: unknown) => {
    onError(error);
    request.destroy();
  });
  return undefined;
}

function plain(status: number, text: string): Refused {
  return { status, type: "text/plain; charset=utf-8", text };
}
