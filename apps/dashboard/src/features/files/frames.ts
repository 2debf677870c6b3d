import type { StreamConnection, StreamEnd } from "#kernel";

type Frame = { readonly bytes: Uint8Array } | { readonly failure: string };

/** What an agent sends on a stream, taken one by one; it is read again when little waits. */
export interface Frames {
  /** The end that the stream is joined by. */
  readonly end: StreamEnd;
  connect(connection: StreamConnection): void;
  /** The next frame, in order; a failure when none will come. One caller at a time. */
  next(): Promise<Frame>;
  /** Nothing further is taken, and whoever waits hears why. */
  fail(reason: string): void;
}

/** From so few waiting bytes on the agent is read again. */
const DRAINED_BYTES = 64 * 1024;

export function createFrames(mostBytes: number): Frames {
  const waiting: Uint8Array[] = [];
  let bytes = 0;
  let failure: string | undefined;
  let connection: StreamConnection | undefined;
  let wake = (): void => undefined;
  const fail = (reason: string): void => {
    failure ??= reason;
    connection?.close("peer-ended");
    wake();
  };
  return {
    end: {
      send(frame) {
        if (failure !== undefined) return "closed";
        if (bytes > mostBytes) return "full";
        waiting.push(frame);
        bytes += frame.length;
        wake();
        return "sent";
      },
      unread: () => bytes,
      // Nothing is sent to the agent but the request.
      pause: () => undefined,
      resume: () => undefined,
      close: (reason) => fail(reason === "peer-ended" ? "The connection to the agent has ended" : reason),
    },
    connect(joined) {
      connection = joined;
      if (failure !== undefined) joined.close("peer-ended");
    },
    async next() {
      // Frames that came before the end are whole: they are taken first.
      while (waiting.length === 0 && failure === undefined) await new Promise<void>((resolve) => (wake = resolve));
      const frame = waiting.shift();
      if (frame === undefined) return { failure: failure ?? "" };
      bytes -= frame.length;
      if (bytes <= DRAINED_BYTES) connection?.drained();
      return { bytes: frame };
    },
    fail,
  };
}
