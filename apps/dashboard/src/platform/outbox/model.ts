import type { Changes, Queries } from "#platform/database";

/** A message that follows from a change and goes out after its commit. Holds rendered values and ids, never secrets. */
export interface NewMessage {
  /** Which room sends it; never renamed. */
  readonly topic: string;
  /** Where it goes, such as a channel's id: targets do not wait for each other. */
  readonly target: string;
  /** Messages of one lane go out in the order they were added, each after the one before came to an end. */
  readonly lane?: string;
  /** What it is about, such as an incident; messages can be looked up by it. */
  readonly event?: string;
  /** A word of the room's for what kind of message it is. */
  readonly kind?: string;
  /** JSON value. */
  readonly payload: unknown;
  /** Not before this time, Unix milliseconds. */
  readonly notBefore?: number;
}

/**
 * - `waiting`: goes out at `nextTryAt`.
 * - `sending`: an attempt is under way.
 * - `sent`, `cancelled`: came to an end; kept a while for whoever asks what became of it.
 * - `dead`: given up; can be sent again by hand.
 */
export type MessageState = "waiting" | "sending" | "sent" | "cancelled" | "dead";

/** In these nothing more comes of a message by itself. */
export const ENDED: readonly MessageState[] = ["sent", "cancelled", "dead"];

/** A message in the outbox. Times in Unix milliseconds. */
export interface Message {
  readonly id: number;
  readonly topic: string;
  readonly target: string;
  readonly lane: string;
  readonly event: string;
  readonly kind: string;
  readonly payload: unknown;
  /** Size of the payload. */
  readonly bytes: number;
  readonly state: MessageState;
  /** Attempts that ended. */
  readonly attempts: number;
  /** An attempt ended without anybody knowing whether the message arrived. */
  readonly unsure: boolean;
  readonly createdAt: number;
  readonly nextTryAt: number;
  /** When it came to an end; 0 before. */
  readonly settledAt: number;
  readonly lastError: string;
}

/** What came of an attempt. `reason` is kept and shown: it never holds a secret. */
export type Outcome =
  | { readonly kind: "delivered" }
  /** Not now; again after `afterMs`, or as the topic's schedule says. `unsure`: it may have arrived all the same. */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs?: number; readonly unsure?: boolean }
  /** Never: it stays as a dead letter until somebody sends it again. */
  | { readonly kind: "dead"; readonly reason: string }
  /** Not needed any more. */
  | { readonly kind: "cancelled"; readonly reason: string };

/** How the messages of a topic are sent. */
export interface Topic {
  readonly name: string;
  /**
   * Tries once. Aborted when the attempt takes too long or the program stops. What it throws, and an attempt that is cut off, counts as
   * a `retry` that is unsure.
   */
  readonly send: (message: Message, signal: AbortSignal) => Promise<Outcome>;
  /** Milliseconds until the next attempt after `attempts` failed ones of a message that is `ageMs` old; `undefined` gives it up. */
  readonly retryAfter: (attempts: number, ageMs: number) => number | undefined;
  /** Whose target it is: nobody has more than `SENDING_PER_OWNER` attempts under way. */
  readonly ownerOf: (target: string) => string;
  /** Nothing goes to the target before this time, Unix milliseconds; what waits is put off until then and counts as no attempt. */
  readonly heldUntil?: (target: string) => number;
  /** Targets that take several messages as one. Each keeps its own row and comes to its own end. */
  readonly join?: {
    /** How many at most; 1: none. */
    readonly most: (target: string) => number;
    /** One outcome for each message, in their order. */
    readonly send: (messages: readonly Message[], signal: AbortSignal) => Promise<readonly Outcome[]>;
  };
  /** Kinds of messages that a full target gives up first. */
  readonly leastWanted?: string;
  /** Kind of message that a lane ends with: what was sent last in a lane that did not end is kept, however much else is sent. */
  readonly closes?: string;
  /** Longest attempt, milliseconds. */
  readonly attemptMs: number;
  /** Hears of every attempt, and of what was given up because its target or the whole outbox is full, in the transaction that books it, with the message as it is then. */
  readonly settled?: (tx: Queries, changes: Changes, message: Message, outcome: Outcome) => Promise<void>;
}

/** Attempts under way, one for each target: of one owner, and in all (spec 60 section 5). */
export const SENDING_PER_OWNER = 8;
export const SENDING = 64;

/** Bounds of what waits, in bytes of payload, and of what is kept. */
export interface OutboxLimits {
  readonly totalBytes: number;
  readonly targetBytes: number;
  readonly targetMessages: number;
  readonly messageBytes: number;
  /** Messages of each target that came to an end and are kept, and their bytes; the oldest go. */
  readonly keptPerTarget: number;
  readonly keptBytes: number;
}

export const OUTBOX_LIMITS: OutboxLimits = {
  totalBytes: 256 * 1024 * 1024,
  targetBytes: 4 * 1024 * 1024,
  targetMessages: 1_000,
  messageBytes: 256 * 1024,
  keptPerTarget: 500,
  keptBytes: 4 * 1024 * 1024,
};
