import type { SocketLike, Timers } from "./live-socket.ts";

/** The browser's clock and timers. */
export const browserTimers: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Opens `ws/server` of the dashboard this page came from, to go on from a position in a stream of deltas ("": from nothing); `share`: what a link shows. */
export function openLiveSocket(location: Location, position: string, share?: number): SocketLike {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const link = share === undefined ? "" : `&share=${share}`;
  return new WebSocket(`${scheme}://${location.host}/api/v1/ws/server?delta=${encodeURIComponent(position)}${link}`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** When the browser has nothing else to do, after a second at most where it does not say. */
export const idle = (): Promise<void> =>
  "requestIdleCallback" in window ? new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: 5_000 })) : pause(1_000);
