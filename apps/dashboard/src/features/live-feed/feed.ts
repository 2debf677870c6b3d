import type { Duplex } from "node:stream";
import type { Clock, Timer } from "@windfire/kit";
import type { WebSocket } from "ws";
import type { LiveConnections, OnlineUsers } from "#access/protection";
import type { LiveServer, ServerConditions } from "#features/servers";
import { publicScope, refuseText, userOf } from "#kernel";
import type { Caller } from "#kernel";
import { socketRoute } from "#platform/http";
import type { AnySocketRoute } from "#platform/http";
import { shareFrame } from "./frame.ts";
import type { SharedFrame } from "./frame.ts";
import { classOf, frameText } from "./viewer-class.ts";
import { createViewer } from "./viewers.ts";
import type { Viewer } from "./viewers.ts";

/** Time between two frames. */
const BEAT_MS = 2000;
/** Viewers who arrive together share their first frame for so long. */
const FIRST_FRAME_MS = 500;

export interface LiveFeedDeps {
  readonly clock: Clock;
  readonly servers: () => readonly LiveServer[];
  readonly conditions: Pick<ServerConditions, "json">;
  readonly online: OnlineUsers;
  readonly connections: LiveConnections;
  readonly maxMessage: number;
  readonly classes: ClassLimits;
  readonly onError: (error: unknown) => void;
}

/** How many classes of viewers are rendered at a beat. */
export interface ClassLimits {
  readonly total: number;
  readonly tokensPerUser: number;
}

interface ViewerClass {
  readonly caller: Caller;
  readonly viewers: Set<Viewer>;
  /** Open sockets, those still waiting for their first frame included: the class lives as long as one is left. */
  sockets: number;
  first: { readonly at: number; readonly frame: Promise<SharedFrame> } | undefined;
}

/** The live stream of all servers (spec 11 section 3): one frame for each class of viewers, the same bytes to all of the class. */
export interface LiveFeed {
  readonly sockets: readonly AnySocketRoute[];
  /** The frame a guest would get first, as text: embedded in the public start page. */
  guestFrame(): string;
  start(): void;
  stop(): void;
}

export function createLiveFeed(deps: LiveFeedDeps): LiveFeed {
  const classes = new Map<string, ViewerClass>();
  let timer: Timer | undefined;
  let beating = false;

  const textFor = (caller: Caller, first: boolean): string =>
    frameText(caller, deps.servers(), { first, condition: deps.conditions.json, online: deps.online.count, now: deps.clock.now() });

  const beat = async (): Promise<void> => {
    if (beating) return;
    beating = true;
    try {
      for (const group of classes.values()) {
        const frame = await shareFrame(textFor(group.caller, false));
        for (const viewer of group.viewers) viewer.send(frame, deps.clock.monotonic());
      }
    } catch (error) {
      deps.onError(error);
    } finally {
      beating = false;
    }
  };

  const firstFrame = (group: ViewerClass): Promise<SharedFrame> => {
    const now = deps.clock.monotonic();
    if (!group.first || now - group.first.at >= FIRST_FRAME_MS) group.first = { at: now, frame: shareFrame(textFor(group.caller, true)) };
    return group.first.frame;
  };

  /** Another class costs a frame of its own at every beat; another viewer of a class costs nothing. */
  const requireRoom = (caller: Caller): void => {
    if (classes.has(classOf(caller))) return;
    const userId = userOf(caller)?.id;
    const tokens = [...classes.values()].filter((group) => group.caller.kind === "token" && userOf(group.caller)?.id === userId);
    if (classes.size >= deps.classes.total) throw refuseText("too many live streams");
    if (caller.kind === "token" && tokens.length >= deps.classes.tokensPerUser) throw refuseText("too many live streams of your tokens");
  };

  const join = (caller: Caller, ip: string, socket: WebSocket, connection: Duplex): void => {
    const key = classOf(caller);
    const group = classes.get(key) ?? { caller, viewers: new Set<Viewer>(), sockets: 0, first: undefined };
    classes.set(key, group);
    group.sockets++;
    const viewer = createViewer(socket, connection);
    const leave = deps.online.add({ userId: userOf(caller)?.id ?? 0, ip });
    const unregister = deps.connections.register({ caller, ip, close: (reason) => socket.close(1008, reason) });
    socket.once("close", () => {
      leave();
      unregister();
      group.viewers.delete(viewer);
      if (--group.sockets === 0) classes.delete(key);
    });
    firstFrame(group).then((frame) => {
      if (socket.readyState !== socket.OPEN) return;
      viewer.send(frame, deps.clock.monotonic());
      group.viewers.add(viewer);
    }, deps.onError);
  };

  return {
    sockets: [
      socketRoute({
        path: "/ws/server",
        access: publicScope("nezha:inventory:read"),
        summary: "Live state of all servers the caller may see, a frame every two seconds",
        tag: "server",
        maxMessage: deps.maxMessage,
        deflate: true,
        prepare: ({ caller, ip, visit }) => {
          requireRoom(caller);
          return (socket, connection) => join(caller, ip || visit.peer, socket, connection);
        },
      }),
    ],
    guestFrame: () => textFor({ kind: "guest" }, true),
    start() {
      timer ??= deps.clock.setInterval(() => void beat(), BEAT_MS);
    },
    stop() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
