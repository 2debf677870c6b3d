import { WebSocket } from "ws";

/** Browsers that look at the list of servers. */
export interface Viewers {
  /** How many have had a frame. */
  watching(): number;
  /** Close codes so far. */
  closed(): readonly number[];
  leave(): void;
}

export function openViewers(base: string, size: number): Viewers {
  const watching = new Set<number>();
  const codes: number[] = [];
  const sockets = Array.from({ length: size }, (_, index) => {
    const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/ws/server`, { origin: base });
    socket.on("message", () => watching.add(index));
    socket.on("close", (code) => codes.push(code));
    // The close that follows tells as much.
    socket.on("error", () => undefined);
    return socket;
  });
  return {
    watching: () => watching.size,
    closed: () => codes,
    leave: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}
