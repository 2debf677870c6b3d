import type { AgentStream } from "../call.ts";

/** Items in the order they come, for whoever waits for them. */
function createQueue<T>() {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    put(item: T): void {
      const taker = waiting.shift();
      if (taker) taker(item);
      else items.push(item);
    },
    take(): Promise<T> {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => void waiting.push(resolve)) : Promise.resolve(item);
    },
    items,
  };
}

/** The agent's side of one stream, without a wire between. */
export interface TestCall {
  readonly stream: AgentStream;
  readonly received: ReturnType<typeof createQueue<Buffer>>;
  /** How the dashboard ended the stream. */
  readonly ended: Promise<{ readonly code: number; readonly text: string }>;
  readonly paused: () => boolean;
  say(message: Uint8Array): void;
  /** The agent has said all, or is gone. */
  leave(): void;
  /** What `send` answers from now on, and how much is unread. */
  behave(change: { outcome?: "sent" | "full" | "closed"; unread?: number }): void;
  drain(): void;
}

export function testCall(): TestCall {
  const received = createQueue<Buffer>();
  const { promise: ended, resolve } = Promise.withResolvers<{ code: number; text: string }>();
  const handlers: { message?: (message: Buffer) => void; drain?: () => void; end?: (how: "half-close" | "cancelled") => void } = {};
  let behaviour: { outcome: "sent" | "full" | "closed"; unread: number } = { outcome: "sent", unread: 0 };
  let paused = false;
  let over = false;
  return {
    received,
    ended,
    paused: () => paused,
    say: (message) => handlers.message?.(Buffer.from(message)),
    leave: () => handlers.end?.("half-close"),
    behave: (change) => void (behaviour = { ...behaviour, ...change }),
    drain: () => handlers.drain?.(),
    stream: {
      send(bytes) {
        if (over) return "closed";
        if (behaviour.outcome === "sent") received.put(Buffer.from(bytes));
        return behaviour.outcome;
      },
      unread: () => behaviour.unread,
      pause: () => void (paused = true),
      resume: () => void (paused = false),
      sendAway(text) {
        this.end(14, text);
      },
      onMessage: (handle) => void (handlers.message = handle),
      onDrain: (handle) => void (handlers.drain = handle),
      onEnd: (handle) => void (handlers.end = handle),
      end(code, text = "") {
        if (over) return;
        over = true;
        resolve({ code, text });
        handlers.end?.("cancelled");
      },
    },
  };
}
