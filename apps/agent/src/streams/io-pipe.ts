import type { OpenIo } from "./io-stream.ts";

/** A relayed stream for those who take one message after the other. */
export interface IoPipe {
  /** The next message; undefined when the other end, or the connection, is gone. Not to be called twice at once. */
  next(): Promise<Uint8Array | undefined>;
  /** Resolves when the message is on its way. False: the stream is over, or takes no more. */
  send(bytes: Uint8Array): Promise<boolean>;
  /** Says that no more will come from us. */
  end(): void;
  cancel(): void;
  /** Aborted when the stream is over. */
  readonly over: AbortSignal;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly taken: () => void;
}

/** The sender is slowed down to the pace at which messages are taken. */
export function createIoPipe(openIo: OpenIo, streamId: string, timeoutMs?: number): IoPipe {
  const over = new AbortController();
  const waiting: Waiting[] = [];
  let wake: () => void = () => undefined;
  const stream = openIo(
    streamId,
    {
      onData: (bytes) =>
        new Promise((taken) => {
          waiting.push({ bytes: bytes.slice(), taken });
          wake();
        }),
      onEnd: () => {
        over.abort();
        wake();
      },
    },
    timeoutMs,
  );

  const next = async (): Promise<Uint8Array | undefined> => {
    while (waiting.length === 0 && !over.signal.aborted) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const first = waiting.shift();
    first?.taken();
    return first?.bytes;
  };
  return {
    next,
    send: async (bytes) => {
      if (stream.send(bytes) !== "sent") return false;
      await stream.drained();
      return !over.signal.aborted;
    },
    end: stream.end,
    cancel: stream.cancel,
    over: over.signal,
  };
}
