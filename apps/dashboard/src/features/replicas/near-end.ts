import type { StreamClose, StreamConnection, StreamEnd } from "#kernel";
import { placeOfReason, reasonAt } from "./channel-frame.ts";
import type { ChannelFrame } from "./channel-frame.ts";
import { ACK_BYTES, WINDOW_BYTES } from "./limits.ts";

export interface NearEndDeps {
  readonly end: StreamEnd;
  /** To the replica of the stream. @returns false: it cannot be heard there */
  readonly say: (frame: Pick<ChannelFrame, "kind"> & Partial<ChannelFrame>) => boolean;
  /** Unread bytes of an end from which on the stream has to know. */
  readonly pauseBytes: number;
  /** It is over. */
  readonly onOver: () => void;
}

/** One end that came at this replica, of a stream that another one keeps. */
export interface NearEnd {
  readonly connection: StreamConnection;
  /** What the stream says. */
  take(frame: ChannelFrame): void;
  /** Ends it here; nothing is said any more. */
  finish(reason: StreamClose): void;
}

export function createNearEnd({ end, say, pauseBytes, onOver }: NearEndDeps): NearEnd {
  let isOver = false;
  /** It is lost. What is under way to it is lost with it, as what its socket had taken. */
  let isHeld = false;
  const incoming = createIncoming({ end, pauseBytes, send, close });
  const outgoing = createOutgoing(end, send);
  function send(frame: Parameters<typeof say>[0]): void {
    if (!isOver && !say(frame)) finish("peer-ended");
  }
  function finish(reason: StreamClose): void {
    if (isOver) return;
    isOver = true;
    onOver();
    end.close(reason);
  }
  function close(reason: StreamClose): void {
    send({ kind: "close", count: placeOfReason(reason) });
    finish(reason);
  }
  return {
    finish,
    connection: {
      send: (bytes) => outgoing.send(bytes),
      drained: () => incoming.drained(),
      pressed: () => incoming.tell(),
      close,
      giveUp: () => send({ kind: "give-up" }),
      hold(ms) {
        isHeld = true;
        send({ kind: "hold", count: ms });
      },
    },
    take(frame) {
      if (isOver) return undefined;
      switch (frame.kind) {
        case "data":
          return isHeld ? undefined : incoming.take(frame.at, frame.bytes);
        case "received":
          return outgoing.arrived(frame.at);
        case "pause":
          return outgoing.pause(true);
        case "resume":
          return outgoing.pause(false);
        case "close":
          return finish(reasonAt(frame.count));
        case "drained":
        case "give-up":
        case "hold":
          return undefined;
      }
    },
  };
}

type Send = (frame: Parameters<NearEndDeps["say"]>[0]) => void;

/** From the stream to its end. */
function createIncoming({
  end,
  pauseBytes,
  send,
  close,
}: Pick<NearEndDeps, "end" | "pauseBytes"> & { readonly send: Send; readonly close: (reason: StreamClose) => void }) {
  let [received, told] = [0, 0];
  /** The stream knows that the end is behind. */
  let isBehind = false;
  const tell = (): void => {
    const unread = end.unread();
    told = received;
    isBehind = unread > pauseBytes;
    send({ kind: "received", at: received, count: unread });
  };
  return {
    tell,
    take(at: number, bytes: Uint8Array): void {
      // Something was lost on the way: what follows would be read as something else.
      if (at !== received) return close("overflow");
      received += bytes.length;
      const outcome = end.send(bytes);
      if (outcome !== "sent") return close(outcome === "full" ? "overflow" : "peer-ended");
      if (received - told >= ACK_BYTES || (!isBehind && end.unread() > pauseBytes)) tell();
      return undefined;
    },
    drained(): void {
      if (!isBehind && received - told < ACK_BYTES) return;
      told = received;
      isBehind = false;
      send({ kind: "drained", at: received });
    },
  };
}

/** From the end to its stream: no more than a window of bytes is under way. */
function createOutgoing(end: StreamEnd, send: Send) {
  let [sent, there] = [0, 0];
  let [isFull, isPaused] = [false, false];
  const resume = (): void => {
    if (!isFull && !isPaused) end.resume();
  };
  return {
    send(bytes: Uint8Array): void {
      send({ kind: "data", at: sent, bytes });
      sent += bytes.length;
      if (isFull || sent - there <= WINDOW_BYTES) return;
      isFull = true;
      end.pause();
    },
    arrived(at: number): void {
      there = at;
      if (!isFull || sent - there > WINDOW_BYTES / 2) return;
      isFull = false;
      resume();
    },
    pause(isAsked: boolean): void {
      isPaused = isAsked;
      if (isAsked) end.pause();
      else resume();
    },
  };
}
