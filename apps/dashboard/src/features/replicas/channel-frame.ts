import type { StreamClose } from "#kernel";

const SIDES = ["home", "near"] as const;
const KINDS = ["data", "received", "drained", "pause", "resume", "give-up", "hold", "close"] as const;
const REASONS = ["peer-ended", "revoked", "timeout", "overflow", "shutdown"] as const satisfies readonly StreamClose[];

/**
 * What two replicas say to each other: that of an end that came (near), and that of its stream (home).
 *
 * - `data`: `bytes`, before which `at` bytes went.
 * - `received`: `at` bytes have arrived; the end has not read `count` of them.
 * - `drained`: the end has caught up; `at` bytes have arrived.
 * - `pause`, `resume`: the end is not to be read, and to be read again.
 * - `give-up`, `hold` (`count` milliseconds): as of a connection to a stream.
 * - `close`: for `count`, the place of its reason.
 */
export interface ChannelFrame {
  readonly to: (typeof SIDES)[number];
  readonly kind: (typeof KINDS)[number];
  /** As the near side numbered it. */
  readonly channel: number;
  readonly at: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

const SIDE_AT = 0;
const KIND_AT = 1;
const CHANNEL_AT = 2;
const PLACE_AT = 6;
const PLACE_BYTES = 6;
const COUNT_AT = PLACE_AT + PLACE_BYTES;
const HEAD_BYTES = COUNT_AT + 4;
const NOTHING = Buffer.alloc(0);

/** Head of 16 bytes, numbers big-endian; then the bytes. */
export function encodeFrame(frame: Pick<ChannelFrame, "to" | "kind" | "channel"> & Partial<ChannelFrame>): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt8(SIDES.indexOf(frame.to), SIDE_AT);
  head.writeUInt8(KINDS.indexOf(frame.kind), KIND_AT);
  head.writeUInt32BE(frame.channel, CHANNEL_AT);
  head.writeUIntBE(frame.at ?? 0, PLACE_AT, PLACE_BYTES);
  head.writeUInt32BE(frame.count ?? 0, COUNT_AT);
  return Buffer.concat([head, frame.bytes ?? NOTHING]);
}

/** `undefined` for what is none, or what this version does not know. */
export function decodeFrame(body: Uint8Array): ChannelFrame | undefined {
  if (body.length < HEAD_BYTES) return undefined;
  const view = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const [to, kind] = [SIDES[view.readUInt8(SIDE_AT)], KINDS[view.readUInt8(KIND_AT)]];
  if (to === undefined || kind === undefined) return undefined;
  return {
    to,
    kind,
    channel: view.readUInt32BE(CHANNEL_AT),
    at: view.readUIntBE(PLACE_AT, PLACE_BYTES),
    count: view.readUInt32BE(COUNT_AT),
    bytes: view.subarray(HEAD_BYTES),
  };
}

export function placeOfReason(reason: StreamClose): number {
  return REASONS.indexOf(reason);
}

/** A reason that this version does not know is that the other end is gone. */
export function reasonAt(place: number): StreamClose {
  return REASONS[place] ?? "peer-ended";
}
