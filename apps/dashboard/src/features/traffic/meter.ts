import { minus, plus } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";

/** Bytes by direction. */
export interface Traffic {
  readonly in: Uint64;
  readonly out: Uint64;
}

/** What is kept of a host's counters, so that no traffic is lost or counted twice whenever the process ends (spec 30 section 8.6). */
export interface TrafficRecord {
  /** Unix seconds; 0: never told. */
  readonly bootTime: number;
  /** The counters that have been taken in; `undefined` until the host's first report since it booted. */
  readonly seen: Traffic | undefined;
  /** Taken in and not written to table `transfers` yet. */
  readonly unbooked: Traffic;
}

/** Boot times computed from uptimes wander by a second or two; only a larger step is a restart. */
const BOOT_JITTER_SECONDS = 5;

/** How a reported boot time stands to the known one. */
export function bootStep(known: number, reported: number): "same" | "earlier" | "later" {
  const step = reported - known;
  if (Math.abs(step) <= BOOT_JITTER_SECONDS) return "same";
  return step < 0 ? "earlier" : "later";
}

/**
 * Adds up what a host's counters grow by. A counter that falls begins anew from where it fell to, and what was counted before stays; so
 * does a host that restarted, of whose counters nobody knows since when they count. Each direction is counted by itself.
 */
export class TrafficMeter {
  #bootTime = 0;
  #seenIn: Uint64 | undefined;
  #seenOut: Uint64 | undefined;
  #unbookedIn: Uint64 = 0;
  #unbookedOut: Uint64 = 0;
  #isKept = true;

  /** Whether everything is in the record that was written last. */
  get isKept(): boolean {
    return this.#isKept;
  }

  get unbooked(): Traffic {
    return { in: this.#unbookedIn, out: this.#unbookedOut };
  }

  /** Goes on from what an earlier process kept. */
  restore({ bootTime, seen, unbooked }: TrafficRecord): void {
    this.#bootTime = bootTime;
    this.#seenIn = seen?.in;
    this.#seenOut = seen?.out;
    this.#unbookedIn = unbooked.in;
    this.#unbookedOut = unbooked.out;
  }

  /** A host says when it booted. */
  boot(bootTime: number): void {
    if (this.#bootTime !== 0 && bootStep(this.#bootTime, bootTime) === "later") {
      this.#seenIn = undefined;
      this.#seenOut = undefined;
    }
    this.#bootTime = bootTime;
    this.#isKept = false;
  }

  /** A report of a host's counters. */
  count(inbound: Uint64, outbound: Uint64): void {
    if (this.#seenIn === inbound && this.#seenOut === outbound) return;
    this.#unbookedIn = plus(this.#unbookedIn, minus(inbound, this.#seenIn ?? inbound));
    this.#unbookedOut = plus(this.#unbookedOut, minus(outbound, this.#seenOut ?? outbound));
    this.#seenIn = inbound;
    this.#seenOut = outbound;
    this.#isKept = false;
  }

  /** What is to be kept now. */
  record(): TrafficRecord {
    const seen = this.#seenIn === undefined || this.#seenOut === undefined ? undefined : { in: this.#seenIn, out: this.#seenOut };
    return { bootTime: this.#bootTime, seen, unbooked: this.unbooked };
  }

  /** A record is about to be written; what changes from here on is not in it. */
  keeping(): TrafficRecord {
    this.#isKept = true;
    return this.record();
  }

  /** The record that was to be written was not. */
  lost(): void {
    this.#isKept = false;
  }

  /** So much is in table `transfers` now. */
  booked(traffic: Traffic): void {
    this.#unbookedIn = minus(this.#unbookedIn, traffic.in);
    this.#unbookedOut = minus(this.#unbookedOut, traffic.out);
  }
}
