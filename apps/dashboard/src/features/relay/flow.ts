import type { Stream, StreamClose, StreamEnd } from "#kernel";

/** Limits of spec 11 section 13.4 and spec 60 section 5. */
export interface StreamLimits {
  readonly perUser: number;
  readonly perServer: number;
  readonly total: number;
  readonly unattachedMs: number;
  readonly attachMs: number;
  /** Unread bytes on one end from which on the other end is not read. */
  readonly pauseBytes: number;
  /** Most bytes kept for an end that has not attached yet. */
  readonly backlogBytes: number;
}

export type Side = "user" | "agent";

/** What a kept message counts for beside its bytes: a flood of tiny ones takes memory too. */
const MESSAGE_COST_BYTES = 256;

/** One stream: its ends, and what one of them said before the other was there. */
export interface Entry {
  readonly stream: Stream;
  readonly ends: Record<Side, StreamEnd | undefined>;
  /** What came for an end before it attached. */
  readonly backlog: Record<Side, Uint8Array[]>;
  /** What the messages of each backlog count for. */
  readonly backlogBytes: Record<Side, number>;
  /** The browser's end that was there and may be followed by another. */
  lost: StreamEnd | undefined;
  /** The agent has said all and is gone: the browser is still to hear it. */
  isOver: boolean;
  timer: { cancel(): void };
}

export const OTHER: Record<Side, Side> = { user: "agent", agent: "user" };

export type AttachOutcome = "attached" | "unknown" | "taken";

/** Bytes between the two ends of a stream. */
export interface Flow {
  /** Hands bytes to an end, or keeps them until it is there. */
  deliver(entry: Entry, side: Side, bytes: Uint8Array): void;
  /** An end is there: it hears what was kept for it. */
  attach(entry: Entry, side: Side, end: StreamEnd): AttachOutcome;
}

export function createFlow(deps: {
  readonly limits: Pick<StreamLimits, "attachMs" | "pauseBytes" | "backlogBytes">;
  readonly after: (ms: number, run: () => void) => { cancel(): void };
  readonly close: (id: string, reason: StreamClose) => void;
}): Flow {
  const { close } = deps;

  /** Both ends are there: no more time-out. One end: the other has the attach time left. */
  const awaitPeer = (entry: Entry): void => {
    entry.timer.cancel();
    if (!entry.ends.user || !entry.ends.agent)
      entry.timer = deps.after(entry.stream.attachMs ?? deps.limits.attachMs, () => close(entry.stream.id, "timeout"));
  };

  const keep = (entry: Entry, side: Side, bytes: Uint8Array): void => {
    entry.backlog[side].push(bytes);
    const kept = (entry.backlogBytes[side] += bytes.length + MESSAGE_COST_BYTES);
    if (kept > deps.limits.backlogBytes) close(entry.stream.id, "overflow");
    else if (kept > deps.limits.pauseBytes) entry.ends[OTHER[side]]?.pause();
  };

  const deliver = (entry: Entry, side: Side, bytes: Uint8Array): void => {
    const end = entry.ends[side];
    if (!end) return keep(entry, side, bytes);
    const outcome = end.send(bytes);
    if (outcome !== "sent") return close(entry.stream.id, outcome === "full" ? "overflow" : "peer-ended");
    if (end.unread() > deps.limits.pauseBytes) entry.ends[OTHER[side]]?.pause();
    return undefined;
  };

  const attach = (entry: Entry, side: Side, end: StreamEnd): AttachOutcome => {
    if (entry.ends[side]) return "taken";
    entry.ends[side] = end;
    if (side === "user") entry.lost = undefined;
    awaitPeer(entry);
    const wasHeld = entry.backlogBytes[side] > deps.limits.pauseBytes;
    entry.backlogBytes[side] = 0;
    for (const bytes of entry.backlog[side].splice(0)) deliver(entry, side, bytes);
    if (entry.isOver) close(entry.stream.id, "peer-ended");
    else if (wasHeld && end.unread() <= deps.limits.pauseBytes) entry.ends[OTHER[side]]?.resume();
    return "attached";
  };

  return { deliver, attach };
}
