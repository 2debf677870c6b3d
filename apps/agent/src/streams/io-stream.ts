import { decodeIOStreamData, encodeIOStreamData, formatHandshake, frameMessage } from "@windfire/protocol";
import type { CallStatus } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { CallStream } from "../link/channel.ts";
import type { StreamEvents } from "../link/stream-events.ts";

/** What a relayed stream tells its owner. Nothing comes after `onEnd`. */
export interface IoEvents {
  /**
   * Bytes from the other end, never empty, only valid during the call. Whoever returns a promise is sent no more than a
   * window full until it resolves; it must not reject.
   */
  readonly onData: (bytes: Uint8Array) => void | Promise<void>;
  readonly onEnd: (status: CallStatus) => void;
}

/** One end of a stream that the dashboard relays (spec 20 section 8). */
export interface IoStream {
  send(bytes: Uint8Array): "sent" | "full" | "ended";
  /** Resolves when what was sent is on its way, or the stream is over. */
  drained(): Promise<void>;
  /** Says that no more will come; the dashboard ends the stream then. */
  end(): void;
  cancel(): void;
}

/** Attaches to the stream with this id. */
export type OpenIo = (streamId: string, events: IoEvents, timeoutMs?: number) => IoStream;

const KEEPALIVE_MS = 30_000;

/** An empty frame every 30 seconds keeps the stream alive; those that come are not passed on. */
export function createOpenIo(open: (events: StreamEvents, timeoutMs?: number) => CallStream, clock: Clock): OpenIo {
  return (streamId, events, timeoutMs) => {
    const relayed: StreamEvents = {
      onMessage: (message) => {
        const { data } = decodeIOStreamData(message);
        return data.length > 0 ? events.onData(data) : undefined;
      },
      onEnd: (status) => {
        keepAlive.cancel();
        events.onEnd(status);
      },
    };
    const call = open(relayed, timeoutMs);
    const send = (data: Uint8Array): "sent" | "full" | "ended" => call.send(frameMessage(encodeIOStreamData, { data }));
    const keepAlive = clock.setInterval(() => void send(new Uint8Array(0)), KEEPALIVE_MS);
    send(formatHandshake(streamId));
    return {
      send,
      drained: call.drained,
      end: () => {
        keepAlive.cancel();
        call.end();
      },
      cancel: () => call.cancel(),
    };
  };
}
