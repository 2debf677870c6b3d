import { refuseText, userOf } from "#kernel";
import type { Caller } from "#kernel";
import { createDeltaAudience, createFullAudience } from "./audience.ts";
import type { Audience, AudienceDeps } from "./audience.ts";
import { classOf } from "./viewer-class.ts";

/** The stream that a page was made from goes on for so long, for its script to join. */
const KEPT_FOR_PAGE_MS = 30_000;

/** How many classes of viewers are rendered at a beat. */
export interface ClassLimits {
  readonly total: number;
  readonly tokensPerUser: number;
}

/** It lives as long as a socket is left, or a page that was made from it may open one. */
interface ViewerClass {
  readonly audience: Audience;
  /** Open ones, those still waiting for their first frame included. */
  sockets: number;
  /** Monotonic milliseconds. */
  keptUntil: number;
}

/** All classes of viewers that are looked at the servers for. */
export interface ViewerClasses {
  /** Throws when the caller needs another class and there is no room. Another viewer of a class costs nothing. */
  requireRoom(caller: Caller, deltas: boolean): void;
  /** For one socket more. `leave` says that it is gone. */
  join(caller: Caller, deltas: boolean): { readonly audience: Audience; leave(): void };
  /** For a page, whose script will ask for deltas. */
  forPage(caller: Caller): Audience;
  /** Everybody whom a beat is for. */
  audiences(): readonly Audience[];
}

export function createViewerClasses(limits: ClassLimits, deps: AudienceDeps): ViewerClasses {
  const classes = new Map<string, ViewerClass>();
  const classFor = (caller: Caller, deltas: boolean): ViewerClass => {
    const key = keyOf(caller, deltas);
    const create = deltas ? createDeltaAudience : createFullAudience;
    const group = classes.get(key) ?? { audience: create(caller, deps), sockets: 0, keptUntil: 0 };
    classes.set(key, group);
    return group;
  };
  const dropUnused = (): void => {
    for (const [key, { sockets, keptUntil }] of classes) if (sockets === 0 && deps.monotonic() >= keptUntil) classes.delete(key);
  };
  return {
    requireRoom(caller, deltas) {
      if (classes.has(keyOf(caller, deltas))) return;
      const userId = userOf(caller)?.id;
      const callers = [...classes.values()].map(({ audience }) => audience.caller);
      const tokens = callers.filter((other) => other.kind === "token" && userOf(other)?.id === userId);
      if (classes.size >= limits.total) throw refuseText("too many live streams");
      if (caller.kind === "token" && tokens.length >= limits.tokensPerUser) throw refuseText("too many live streams of your tokens");
    },
    join(caller, deltas) {
      const group = classFor(caller, deltas);
      group.sockets++;
      return {
        audience: group.audience,
        leave() {
          group.sockets--;
          dropUnused();
        },
      };
    },
    forPage(caller) {
      const group = classFor(caller, true);
      group.keptUntil = deps.monotonic() + KEPT_FOR_PAGE_MS;
      return group.audience;
    },
    audiences() {
      dropUnused();
      return [...classes.values()].map(({ audience }) => audience);
    },
  };
}

function keyOf(caller: Caller, deltas: boolean): string {
  return `${classOf(caller)}${deltas ? " deltas" : ""}`;
}
