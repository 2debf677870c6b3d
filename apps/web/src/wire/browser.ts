import type { SocketLike, Timers } from "./live-socket.ts";

/** The browser's clock and timers. */
export const browserTimers: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Opens `ws/server` of the dashboard this page came from. */
export function openLiveSocket(location: Location): SocketLike {
  return new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/ws/server`);
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
