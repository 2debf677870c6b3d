import { ERROR_CODE, Http2Error } from "./errors.ts";
import { DEFAULT_WINDOW_BYTES, FLAG, FRAME, frameBytes, MAX_FRAME_BYTES, MAX_WINDOW_BYTES } from "./frames.ts";

/** Data on its way to the other side, which says how much it takes: for each stream and for all together. */
export interface Outgoing {
  open(stream: number): void;
  /** `"full"`: too much waits already and the bytes were not taken. `"ended"`: the stream is not open, or ended by us. */
  write(stream: number, bytes: Uint8Array): "sent" | "full" | "ended";
  /** Resolves when what was written is on its way, or nobody waits for it any more. */
  drained(stream: number): Promise<void>;
  /** Ends our side of a stream after what was written. */
  end(stream: number): void;
  /** Forgets a stream and what waits for it. */
  drop(stream: number): void;
  /** More room for a stream, or for all (stream 0). @throws Http2Error when it is more than there can be */
  addRoom(stream: number, bytes: number): void;
  /** Changes the room that every stream starts with. @throws Http2Error when it is more than there can be */
  setInitialRoom(bytes: number): void;
  /** True when our side of the stream is still open. */
  isOpen(stream: number): boolean;
}

interface Lane {
  room: number;
  waiting: Uint8Array[];
  ending: boolean;
  /** Called when nothing waits any more. */
  readonly onDrained: (() => void)[];
}

/** @param send takes frames; it may buffer, and `backlog` tells how much it does */
export function createOutgoing(send: (bytes: Buffer) => void, backlog: () => number, maxWaitingBytes: number): Outgoing {
  const lanes = new Map<number, Lane>();
  let room = DEFAULT_WINDOW_BYTES;
  let initialRoom = DEFAULT_WINDOW_BYTES;
  let waitingBytes = 0;

  const settle = (lane: Lane): void => {
    for (const done of lane.onDrained.splice(0)) done();
  };
  const sendSome = (stream: number, lane: Lane): boolean => {
    const [first] = lane.waiting;
    if (first === undefined) return false;
    const size = Math.min(first.length, lane.room, room, MAX_FRAME_BYTES);
    if (size <= 0 && first.length > 0) return false;
    if (size === first.length) lane.waiting.shift();
    else lane.waiting[0] = first.subarray(size);
    lane.room -= size;
    room -= size;
    waitingBytes -= size;
    const isLast = lane.ending && lane.waiting.length === 0;
    send(frameBytes(FRAME.data, isLast ? FLAG.endStream : 0, stream, first.subarray(0, size)));
    if (isLast) lanes.delete(stream);
    if (lane.waiting.length === 0) settle(lane);
    return true;
  };
  const flush = (): void => {
    for (const [stream, lane] of lanes) while (sendSome(stream, lane));
  };
  const checked = (bytes: number): number => {
    if (bytes > MAX_WINDOW_BYTES) throw new Http2Error(ERROR_CODE.flowControl, "window too large");
    return bytes;
  };

  return {
    open: (stream) => void lanes.set(stream, { room: initialRoom, waiting: [], ending: false, onDrained: [] }),
    isOpen: (stream) => lanes.has(stream),
    write: (stream, bytes) => {
      const lane = lanes.get(stream);
      if (lane === undefined || lane.ending) return "ended";
      if (waitingBytes + backlog() + bytes.length > maxWaitingBytes) return "full";
      lane.waiting.push(bytes);
      waitingBytes += bytes.length;
      flush();
      return "sent";
    },
    drained: (stream) => {
      const lane = lanes.get(stream);
      if (lane === undefined || lane.waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => lane.onDrained.push(resolve));
    },
    end: (stream) => {
      const lane = lanes.get(stream);
      if (lane === undefined || lane.ending) return;
      lane.ending = true;
      if (lane.waiting.length > 0) return;
      lanes.delete(stream);
      send(frameBytes(FRAME.data, FLAG.endStream, stream));
    },
    drop: (stream) => {
      const lane = lanes.get(stream);
      if (lane === undefined) return;
      for (const bytes of lane.waiting) waitingBytes -= bytes.length;
      lanes.delete(stream);
      settle(lane);
    },
    addRoom: (stream, bytes) => {
      const lane = lanes.get(stream);
      if (stream === 0) room = checked(room + bytes);
      else if (lane !== undefined) lane.room = checked(lane.room + bytes);
      flush();
    },
    setInitialRoom: (bytes) => {
      for (const lane of lanes.values()) lane.room = checked(lane.room + bytes - initialRoom);
      initialRoom = checked(bytes);
      flush();
    },
  };
}
