import type { Component } from "@windfire/kit";
import type { Database } from "#platform/database";

/**
 * How long a lease is good for, how often its holder renews it and others look at it, and how much sooner its holder stops than others may take
 * it. Who was killed is followed within `forMs` and two looks.
 */
export const LEASE = { forMs: 3_000, everyMs: 1_000, lookMs: 500, spareMs: 250 };

/** What writes under a lease: every transaction fails with {@link LeaseLostError}, whole, once another holds it. `kysely` is for reading. */
export type FencedDatabase = Pick<Database, "kysely" | "change" | "transaction">;

/** The right to be the only one of an installation's processes that does something. */
export interface Lease {
  /** Whether it is this process's, by its own monotonic clock. */
  readonly held: boolean;
  /** To be asked right before something leaves the house that cannot be taken back: also `false` where the machine seems to have slept. */
  readonly maySend: boolean;
  /** Whether other processes may hold it. */
  readonly isShared: boolean;
  /** Which process holds it, as far as this one knows; `undefined` between two holders, and where it is not shared. */
  readonly holder: string | undefined;
  readonly database: FencedDatabase;
  /**
   * The same component, running only while this process holds the lease: it starts when the lease comes, in the order of the calls, and stops,
   * backwards, when it goes. So it may start again after a stop, from what the database says, and its stop waits for what it had begun.
   */
  carry(component: Component): Component;
  start(): Promise<void>;
  /** Gives it back, so that the next one need not wait for its end. */
  stop(): Promise<void>;
}

/** What an engine needs of the lease that it runs under. */
export type Seat = Pick<Lease, "database" | "held" | "isShared" | "maySend">;

/** Another process holds the lease, or may: nothing was written. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";

  constructor(lease: string) {
    super(`the lease ${lease} is not this process's any more`);
  }
}
