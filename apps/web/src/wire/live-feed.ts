import type { LiveFrame } from "@windfire/api";
import { createLiveSocket } from "./live-socket.ts";
import type { LiveSocket, LiveSocketDeps } from "./live-socket.ts";
import { createLiveStore } from "./live-store.ts";
import type { LiveStore } from "./live-store.ts";

export interface LiveFeed {
  readonly store: LiveStore;
  readonly socket: LiveSocket;
}

/**
 * The store fed by the socket. Frames are taken in at most once per drawn picture; a page that is not drawn keeps only the newest, except
 * that the first frame of a connection is never lost.
 */
export function createLiveFeed(
  deps: Pick<LiveSocketDeps, "open" | "timers" | "random"> & { readonly onPicture: (run: () => void) => void },
): LiveFeed {
  const store = createLiveStore({ now: deps.timers.now });
  let waiting: { frame: LiveFrame; first: boolean } | undefined;
  const commit = () => {
    if (waiting === undefined) return;
    const { frame, first } = waiting;
    waiting = undefined;
    store.apply(frame, first);
  };
  const socket = createLiveSocket({
    ...deps,
    onPhase: (phase) => store.phase(phase),
    onFrame(frame, first) {
      if (waiting?.first === true) commit();
      const idle = waiting === undefined;
      waiting = { frame, first };
      if (idle) deps.onPicture(commit);
    },
  });
  return { store, socket };
}
