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

/** Some of those who came first, and how many there are. */
export interface OnlineList {
  readonly total: number;
  /** Oldest first. */
  readonly users: readonly OnlineUser[];
}

/** A page of those who are here and at other dashboards. `elsewhere` gives of each the `most` who came first. */
export async function onlineEverywhere(
  here: Pick<OnlineUsers, "count" | "list">,
  elsewhere: (most: number) => Promise<readonly OnlineList[]>,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<OnlineList> {
  const most = offset + limit;
  const others = await elsewhere(most);
  if (others.length === 0) return { total: here.count, users: here.list({ offset, limit }) };
  const all = [here.list({ offset: 0, limit: most }), ...others.map(({ users }) => users)].flat();
  const users = all.toSorted((a, b) => a.connectedAt - b.connectedAt).slice(offset, most);
  return { total: others.reduce((sum, { total }) => sum + total, here.count), users };
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
