import type { Duplex } from "node:stream";
import { LiveQuery } from "@windfire/api";
import type { Clock, Timer } from "@windfire/kit";
import type { WebSocket } from "ws";
import type { LiveConnections, OnlineUsers } from "#access/protection";
import type { LiveServer, ServerConditions } from "#features/servers";
import { publicScope, userOf } from "#kernel";
import type { Caller } from "#kernel";
import { socketRoute } from "#platform/http";
import type { AnySocketRoute } from "#platform/http";
import { createShownServers } from "./shown-server.ts";
import { createViewerClasses } from "./viewer-classes.ts";
import type { ClassLimits } from "./viewer-classes.ts";
import { createViewer } from "./viewers.ts";

/** Time between two frames. */
const BEAT_MS = 2000;

export interface LiveFeedDeps {
  readonly clock: Clock;
  readonly servers: () => readonly LiveServer[];
  readonly conditions: Pick<ServerConditions, "members">;
  readonly online: OnlineUsers;
  readonly connections: LiveConnections;
  readonly maxMessage: number;
  readonly classes: ClassLimits;
  /** Grows when guests must no longer see a server as they did. */
  readonly revision: () => number;
  /** A name that no other stream of deltas had: hexadecimal digits. */
  readonly newName: () => string;
  readonly onError: (error: unknown) => void;
}

/** The live stream of all servers (spec 11 section 3): one frame for each class of viewers, the same bytes to all of the class. */
export interface LiveFeed {
  readonly sockets: readonly AnySocketRoute[];
  /** The snapshot a guest would get first, as text: embedded in the public start page, whose script goes on from it. */
  guestSnapshot(): string;
  start(): void;
  stop(): void;
}

export function createLiveFeed(deps: LiveFeedDeps): LiveFeed {
  const { clock } = deps;
  const condition = deps.conditions.members;
  const classes = createViewerClasses(deps.classes, {
    servers: deps.servers,
    condition,
    shownTo: createShownServers(condition),
    online: () => deps.online.count,
    now: clock.now,
    monotonic: () => clock.monotonic(),
    revision: deps.revision,
    newName: deps.newName,
  });
  let timer: Timer | undefined;
  let beating = false;

  const beat = async (): Promise<void> => {
    if (beating) return;
    beating = true;
    try {
      for (const audience of classes.audiences()) await audience.beat();
    } catch (error) {
      deps.onError(error);
    } finally {
      beating = false;
    }
  };

  const join = (caller: Caller, ip: string, position: string | undefined, socket: WebSocket, connection: Duplex): void => {
    const { audience, leave } = classes.join(caller, position !== undefined);
    const viewer = createViewer(socket, connection);
    const leaveOnline = deps.online.add({ userId: userOf(caller)?.id ?? 0, ip });
    const unregister = deps.connections.register({ caller, ip, close: (reason) => socket.close(1008, reason) });
    socket.once("close", () => {
      leaveOnline();
      unregister();
      audience.leave(viewer);
      leave();
    });
    audience.welcome(viewer, position ?? "").catch(deps.onError);
  };

  return {
    sockets: [
      socketRoute({
        path: "/ws/server",
        access: publicScope("nezha:inventory:read"),
        summary: "Live state of all servers the caller may see, a frame every two seconds",
        tag: "server",
        query: LiveQuery,
        maxMessage: deps.maxMessage,
        deflate: true,
        prepare: ({ caller, ip, visit, query: { delta } }) => {
          classes.requireRoom(caller, delta !== undefined);
          return (socket, connection) => join(caller, ip || visit.peer, delta, socket, connection);
        },
      }),
    ],
    guestSnapshot: () => classes.forPage({ kind: "guest" }).snapshot(),
    start() {
      timer ??= clock.setInterval(() => void beat(), BEAT_MS);
    },
    stop() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
