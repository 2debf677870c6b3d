import { plus, uint64Of } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";
import type { Traffic } from "./meter.ts";

/** Bytes by direction, less than 0 where more was taken away than added. */
export interface SignedTraffic {
  readonly in: bigint;
  readonly out: bigint;
}

const MOST = 2n ** 64n - 1n;

/** Recorded traffic, what is not recorded yet, and what people entered; never less than nothing. */
export function totalTraffic(recorded: Traffic, unbooked: Traffic, corrections: SignedTraffic): Traffic {
  return {
    in: corrected(plus(recorded.in, unbooked.in), corrections.in),
    out: corrected(plus(recorded.out, unbooked.out), corrections.out),
  };
}

function corrected(bytes: Uint64, by: bigint): Uint64 {
  if (by === 0n) return bytes;
  const total = BigInt(bytes) + by;
  return uint64Of(total < 0n ? 0n : total > MOST ? MOST : total);
}

/** A period, and when in it something was used; Unix milliseconds. */
export interface Progress {
  readonly fromMs: number;
  readonly toMs: number;
  readonly now: number;
}

/** Less of a period than this says nothing about the rest of it. */
const LEAST_SHARE = 0.05;

/** What will have been used at the end of a period if it goes on like this, `undefined` in the first twentieth of it. */
export function forecast(used: Uint64, { fromMs, toMs, now }: Progress): number | undefined {
  const share = (now - fromMs) / (toMs - fromMs);
  if (!(share >= LEAST_SHARE)) return undefined;
  return Math.round(Number(used) / Math.min(share, 1));
}
