import type { Clock } from "@windfire/kit";
import type { WebSocket } from "ws";
import type { LiveConnections } from "#access/protection";
import type { Caller } from "#kernel";

const PING_MS = 30_000;
/** A subscriber that has not read for so long is cut. */
const STALL_MS = 10_000;
/** Unread events from which on further ones are left out; clients read the list again after reconnecting. */
const MAX_UNREAD_BYTES = 16 * 1024;

export interface EventDeps<T> {
  readonly clock: Clock;
  readonly connections: LiveConnections;
  readonly visible: (caller: Caller, event: T) => boolean;
  readonly render: (event: T) => string;
}

/** Sends events to whoever may see them (spec 11 section 12.5): from now on, no replay. */
export function createEvents<T>(deps: EventDeps<T>) {
  const subscribers = new Map<WebSocket, { readonly caller: Caller; unreadSince: number | undefined }>();
  const send = (socket: WebSocket, subscriber: { unreadSince: number | undefined }, text: string): void => {
    if (socket.bufferedAmount <= MAX_UNREAD_BYTES) {
      subscriber.unreadSince = undefined;
      return socket.send(text);
    }
    subscriber.unreadSince ??= deps.clock.monotonic();
    if (deps.clock.monotonic() - subscriber.unreadSince > STALL_MS) socket.terminate();
    return undefined;
  };
  return {
    join(caller: Caller, ip: string, socket: WebSocket): void {
      const release = deps.connections.register({ caller, ip, close: (reason) => socket.close(1008, reason) });
      const ping = deps.clock.setInterval(() => socket.ping(), PING_MS);
      subscribers.set(socket, { caller, unreadSince: undefined });
      socket.once("close", () => {
        release();
        ping.cancel();
        subscribers.delete(socket);
      });
    },
    broadcast(event: T): void {
      const text = deps.render(event);
      for (const [socket, subscriber] of subscribers) if (deps.visible(subscriber.caller, event)) send(socket, subscriber, text);
    },
  };
}
