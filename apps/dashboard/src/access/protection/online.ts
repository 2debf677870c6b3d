import type { Clock } from "@windfire/kit";

/** One viewer of the live stream (spec 10 section 10). `userId` 0: a guest. */
export interface OnlineUser {
  readonly userId: number;
  /** Real address, or the TCP peer when none is configured. */
  readonly ip: string;
  /** Unix milliseconds. */
  readonly connectedAt: number;
}

/** Who has the live stream open, oldest first. Its size is bounded by the limits on sockets. */
export interface OnlineUsers {
  readonly count: number;
  /** Returns the function to call when the stream has ended. */
  add(viewer: { userId: number; ip: string }): () => void;
  list(page: { offset: number; limit: number }): readonly OnlineUser[];
}

export function createOnlineUsers(deps: { clock: Clock }): OnlineUsers {
  const viewers = new Set<OnlineUser>();
  return {
    get count() {
      return viewers.size;
    },
    add(viewer) {
      const entry: OnlineUser = { ...viewer, connectedAt: deps.clock.now() };
      viewers.add(entry);
      return () => void viewers.delete(entry);
    },
    list: ({ offset, limit }) => [...viewers.values().drop(offset).take(limit)],
  };
}
