import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { formatNatOrder, TASK } from "@windfire/protocol";
import type { OwnCredentials } from "#access/identity";
import type { ServerDirectory } from "#features/servers";
import type { Agents, StreamRefusal } from "#kernel";
import { authorityOf } from "#platform/listener";
import type { WebRequest, WebResponse } from "#platform/listener";
import { createAttachWatch } from "./attach-watch.ts";
import { withoutOwnCredentials } from "./credentials.ts";
import type { RequestHead } from "./credentials.ts";
import { exchange, exchangeUpgrade, NO_ANSWER, refuse, refuseUpgrade } from "./exchange.ts";
import type { Refused } from "./exchange.ts";
import { passedHead } from "./request-head.ts";
import { createTunnelSocket } from "./tunnel-socket.ts";
import type { TunnelSocket } from "./tunnel-socket.ts";
import type { NatProfile } from "./model.ts";

export interface TunnelDeps {
  readonly profile: (domain: string) => NatProfile | undefined;
  readonly servers: ServerDirectory;
  /** Administrators, and rows of the global agent secret. */
  readonly ownsEverything: (userId: number) => boolean;
  readonly agents: Pick<Agents, "dispatch" | "openStream" | "joinStream">;
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
  const offline = (): Refused => plain(503, deps.translate("server not found or not connected"));
  const dial = async (profile: NatProfile, tunnel: TunnelSocket): Promise<Refused | undefined> => {
    const { serverId, host } = profile;
    const stream = await deps.agents.openStream({ purpose: "nat", creatorId: 0, serverId }, (streamId) => ({
      id: 0,
      type: TASK.nat,
      data: formatNatOrder({ streamId, host }),
    }));
    if ("refused" in stream) return stream.refused === "offline" ? offline() : refusalOf(stream.refused);
    const connection = await deps.agents.joinStream(stream.id, tunnel.end);
    // Its agent has ended it already.
    if (typeof connection === "string") return NO_ANSWER;
    tunnel.connect(connection);
    if (tunnel.socket.destroyed) return NO_ANSWER;
    tunnel.socket.once("close", attachWatch.expect(stream, connection));
    return undefined;
  };
  const open = async (authority: string): Promise<Duplex | Refused> => {
    const profile = deps.profile(authority);
    if (!profile?.enabled)
      return { status: 403, type: "text/html; charset=utf-8", text: deps.blockPage(`nat host ${authority} is disabled`) };
    if (!reaches(profile)) return offline();
    const tunnel = createTunnelSocket();
    const { socket } = tunnel;
    // From now on it ends when its row does.
    openSockets.set(socket, profile);
    socket.once("close", () => openSockets.delete(socket));
    const refused = await dial(profile, tunnel);
    if (refused) socket.destroy();
    return refused ?? socket;
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
      const isGone = (): boolean => response.destroyed || request.destroyed;
      void whenStripped(request, deps, async (head) => {
        // It may have gone while its credentials were looked up, or its server.
        if (isGone()) return;
        const socket = await open(authorityOf(request));
        if ("status" in socket) refuse(request, response, socket);
        else if (isGone()) socket.destroy();
        else exchange(request, response, head, socket, deps);
      });
    },
    upgrade(request: IncomingMessage, client: Duplex, early: Buffer): void {
      const leave = (): void => void client.destroy();
      client.on("error", leave);
      void whenStripped(request, deps, async (head) => {
        if (client.destroyed) return;
        const socket = await open(authorityOf(request));
        if ("status" in socket) refuseUpgrade(request, client, socket);
        else if (client.destroyed) socket.destroy();
        else exchangeUpgrade(request, client, early, head, socket);
      });
    },
  };
}

async function whenStripped(
  request: WebRequest,
  { ownCredentials, onError }: TunnelDeps,
  go: (head: RequestHead) => Promise<void>,
): Promise<void> {
  try {
    await go(await withoutOwnCredentials(passedHead(request), ownCredentials));
  } catch (error) {
    onError(error);
    request.destroy();
  }
}

function refusalOf(refused: Exclude<StreamRefusal, "offline">): Refused {
  return refused === "queue-full" ? plain(503, `send task error: ${refused}`) : plain(429, `stream limit: ${refused}`);
}

function plain(status: number, text: string): Refused {
  return { status, type: "text/plain; charset=utf-8", text };
}
