import { deltaText, snapshotText } from "./delta.ts";
import { joinFrames, shareFrame } from "./frame.ts";
import type { SharedFrame } from "./frame.ts";
import type { ShownServer } from "./shown-server.ts";

/** A viewer who is further behind gets a snapshot: it is not much longer than so many deltas. */
const MOST_DELTAS_KEPT = 4;

/** One look at everything that a class of viewers may see. */
export interface Look {
  readonly servers: readonly ShownServer[];
  readonly now: number;
  readonly online: number;
}

/** The frames of one class of viewers, each worked out and packed once whoever takes it. */
export interface DeltaStream {
  /** Number of the newest frame. */
  readonly seq: number;
  /** Takes the next look. */
  step(look: Look): void;
  /** Everything as of the newest frame. */
  snapshot(): string;
  /** The number in a position `stream.seq` of this stream; `undefined` of another, or of none. */
  numberIn(position: string): number | undefined;
  /** What brings a viewer from a frame to the newest: the deltas between, or a snapshot where they are not kept; `undefined` when nothing is missing. */
  frameAfter(seq: number | undefined): Promise<SharedFrame> | undefined;
}

export function createDeltaStream(name: string, first: Look): DeltaStream {
  let look = first;
  let seq = 1;
  let deltas: Delta[] = [];
  let snapshot: string | undefined;
  /** By the number of deltas in it. */
  const packed = new Map<number, Promise<SharedFrame>>();
  const snapshotNow = (): string => (snapshot ??= snapshotText(name, look.servers, { ...look, seq }));
  /** How many of the kept deltas are missing; 0 where they would not do. */
  const missingAfter = (after: number): number => (after < seq && seq - after <= deltas.length ? seq - after : 0);
  const pack = (missing: number): Promise<SharedFrame> =>
    missing === 0 ? shareFrame(snapshotNow()) : Promise.all(deltas.slice(-missing).map(frameOf)).then(joinFrames);
  return {
    get seq() {
      return seq;
    },
    step(next) {
      seq++;
      deltas = [...deltas.slice(1 - MOST_DELTAS_KEPT), { text: deltaText(look.servers, next.servers, { ...next, seq }), frame: undefined }];
      look = next;
      snapshot = undefined;
      packed.clear();
    },
    snapshot: snapshotNow,
    numberIn(position) {
      const [stream, number] = position.split(".");
      return stream === name ? Number(number) : undefined;
    },
    frameAfter(after) {
      if (after === seq) return undefined;
      const missing = after === undefined ? 0 : missingAfter(after);
      const frame = packed.get(missing) ?? pack(missing);
      packed.set(missing, frame);
      return frame;
    },
  };
}

interface Delta {
  readonly text: string;
  frame: Promise<SharedFrame> | undefined;
}

function frameOf(delta: Delta): Promise<SharedFrame> {
  return (delta.frame ??= shareFrame(delta.text));
}
