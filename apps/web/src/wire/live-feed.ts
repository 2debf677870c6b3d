import type { LiveFrame } from "@windfire/api";
import { createDeltaReader } from "./live-deltas.ts";
import type { LiveMessage } from "./live-deltas.ts";
import { createLiveSocket } from "./live-socket.ts";
import type { LiveSocket, LiveSocketDeps, SocketLike } from "./live-socket.ts";
import { createLiveStore } from "./live-store.ts";
import type { LiveStore } from "./live-store.ts";

export interface LiveFeed {
  readonly store: LiveStore;
  readonly socket: LiveSocket;
  /** Shows what the page came with; the socket goes on from there. `storedAt`: since when the page was kept, Unix milliseconds. */
  begin(message: LiveMessage, storedAt?: number): void;
  /** Nothing that is shown changes, time neither, until `release`: somebody takes over a picture of this very moment. */
  hold(): void;
  release(): void;
}

interface LiveFeedDeps extends Pick<LiveSocketDeps, "timers" | "random"> {
  /** `position`: how far the page has got in a stream of deltas, "" when there is none. */
  readonly open: (position: string) => SocketLike;
  readonly onPicture: (run: () => void) => void;
}

/**
 * The store fed by the socket. Frames are taken in at most once per drawn picture; a page that is not drawn keeps only the newest, except
 * that one with the public notes is not lost to one without.
 */
export function createLiveFeed({ open, onPicture, ...deps }: LiveFeedDeps): LiveFeed {
  const store = createLiveStore({ now: deps.timers.now });
  const reader = createDeltaReader();
  let waiting: { frame: LiveFrame; hasNotes: boolean } | undefined;
  let held = false;
  const commit = () => {
    if (waiting === undefined || held) return;
    const { frame, hasNotes } = waiting;
    waiting = undefined;
    store.apply(frame, hasNotes);
  };
  const socket = createLiveSocket({
    ...deps,
    open: () => open(reader.position()),
    onPhase: (phase) => store.phase(phase),
    onFrame(message, first) {
      const frame = reader.read(message);
      if (frame === undefined) {
        reader.forget();
        socket.reconnect();
        return;
      }
      const hasNotes = first || "seq" in message;
      if (waiting?.hasNotes === true && !hasNotes) commit();
      const idle = waiting === undefined;
      waiting = { frame, hasNotes };
      if (idle) onPicture(commit);
    },
  });
  const setHeld = (next: boolean) => {
    held = next;
    store.holdClock(next);
  };
  return {
    store,
    socket,
    hold: () => setHeld(true),
    release() {
      setHeld(false);
      if (waiting !== undefined) onPicture(commit);
    },
    begin(message, storedAt) {
      const frame = reader.read(message);
      if (frame !== undefined) store.apply(frame, true, storedAt);
    },
  };
}
