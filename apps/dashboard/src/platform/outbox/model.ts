import type { Changes, Queries } from "#platform/database";

/** A message that follows from a change and goes out after its commit. Holds rendered values and ids, never secrets. */
export interface NewMessage {
  /** Which room sends it; never renamed. */
  readonly topic: string;
  /** Where it goes, such as a channel's id: targets do not wait for each other. */
  readonly target: string;
  /** Messages of one key go out in the order they were added, each after the one before was delivered or given up. */
  readonly orderKey?: string;
  /** JSON value. */
  readonly payload: unknown;
  /** Not before this time, Unix milliseconds. */
  readonly notBefore?: number;
}

/** A message in the outbox. Times in Unix milliseconds. */
export interface Message {
  readonly id: number;
  readonly topic: string;
  readonly target: string;
  readonly orderKey: string;
  readonly payload: unknown;
  /** Size of the payload. */
  readonly bytes: number;
  readonly state: "waiting" | "dead";
  /** Attempts that ended without delivery. */
  readonly attempts: number;
  readonly createdAt: number;
  readonly nextTryAt: number;
  readonly lastError: string;
}

/** What came of an attempt. `reason` is kept and shown: it never holds a secret. */
export type Outcome =
  | { readonly kind: "delivered" }
  /** Not now; again after `afterMs`, or as the topic's schedule says. */
  | { readonly kind: "retry"; readonly reason: string; readonly afterMs?: number }
  /** Never: it stays as a dead letter until somebody sends it again. */
  | { readonly kind: "dead"; readonly reason: string };

/** How the messages of a topic are sent. */
export interface Topic {
  readonly name: string;
  /** Tries once. Aborted when the attempt takes too long or the program stops; what it throws counts as `retry`. */
  readonly send: (message: Message, signal: AbortSignal) => Promise<Outcome>;
  /** Milliseconds until the next attempt after `attempts` failed ones of a message that is `ageMs` old; `undefined` gives it up. */
  readonly retryAfter: (attempts: number, ageMs: number) => number | undefined;
  /** Longest attempt, milliseconds. */
  readonly attemptMs: number;
  /** Hears of every attempt in the transaction that books it: of one that is not repeated as `delivered` or `dead`. */
  readonly settled?: (tx: Queries, changes: Changes, message: Message, outcome: Outcome) => Promise<void>;
}

/** Bounds of what waits, in bytes of payload. */
export interface OutboxLimits {
  readonly totalBytes: number;
  readonly targetBytes: number;
  readonly messageBytes: number;
  /** Dead letters kept for each target; the oldest go. */
  readonly deadPerTarget: number;
}

export const OUTBOX_LIMITS: OutboxLimits = {
  totalBytes: 256 * 1024 * 1024,
  targetBytes: 4 * 1024 * 1024,
  messageBytes: 256 * 1024,
  deadPerTarget: 200,
};
