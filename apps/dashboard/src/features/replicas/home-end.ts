import type { StreamConnection, StreamEnd } from "#kernel";
import { placeOfReason, reasonAt } from "./channel-frame.ts";
import type { ChannelFrame } from "./channel-frame.ts";
import { ACK_BYTES } from "./limits.ts";

export interface HomeEndDeps {
  /** To the replica where the end came. @returns false: it cannot be heard there */
  readonly say: (frame: Pick<ChannelFrame, "kind"> & Partial<ChannelFrame>) => boolean;
  /** Bytes that are under way or unread from which on the stream has to know. */
  readonly pauseBytes: number;
  /** Most of them. */
  readonly backlogBytes: number;
  readonly isOpen: () => boolean;
  /** It is over. */
  readonly onOver: () => void;
}

/** One end of a stream of this replica that came at another one. */
export interface HomeEnd {
  /** For the stream. */
  readonly end: StreamEnd;
  /** What the end says goes here. */
  take(frame: ChannelFrame, joined: StreamConnection): void;
  /** It is lost, and another may take its place. */
  readonly isHeld: boolean;
}

export function createHomeEnd({ say, pauseBytes, backlogBytes, isOpen, onOver }: HomeEndDeps): HomeEnd {
  /** To the end: bytes that were given, that have arrived, and those of these that are not read. */
  let [sent, there, unreadThere] = [0, 0, 0];
  let [received, told] = [0, 0];
  /** The stream knows that the end is behind. */
  let isBehind = false;
  let isHeld = false;
  const unread = (): number => sent - there + unreadThere;
  const settle = (joined: StreamConnection): void => {
    const wasBehind = isBehind;
    isBehind = unread() > pauseBytes;
    if (isBehind && !wasBehind) joined.pressed();
    if (!isBehind && wasBehind) joined.drained();
  };
  const deliver = (at: number, bytes: Uint8Array, joined: StreamConnection): void => {
    // Something was lost on the way: what follows would be read as something else.
    if (at !== received) return joined.close("overflow");
    received += bytes.length;
    joined.send(bytes);
    if (received - told < ACK_BYTES) return undefined;
    told = received;
    say({ kind: "received", at: received });
    return undefined;
  };
  return {
    get isHeld() {
      return isHeld;
    },
    end: {
      send(bytes) {
        if (!isOpen()) return "closed";
        if (unread() > backlogBytes) return "full";
        const at = sent;
        sent += bytes.length;
        isBehind ||= unread() > pauseBytes;
        return say({ kind: "data", at, bytes }) ? "sent" : "closed";
      },
      unread,
      pause: () => void say({ kind: "pause" }),
      resume: () => void say({ kind: "resume" }),
      close(reason) {
        if (!isOpen()) return;
        onOver();
        say({ kind: "close", count: placeOfReason(reason) });
      },
    },
    take(frame, joined) {
      switch (frame.kind) {
        case "data":
          return deliver(frame.at, frame.bytes, joined);
        case "received":
          [there, unreadThere] = [frame.at, frame.count];
          return settle(joined);
        case "drained":
          [there, unreadThere, isBehind] = [frame.at, 0, true];
          return settle(joined);
        case "give-up":
          return joined.giveUp();
        case "hold":
          isHeld = true;
          return joined.hold(frame.count);
        case "close":
          return joined.close(reasonAt(frame.count));
        case "pause":
        case "resume":
          return undefined;
      }
    },
  };
}
