import type { DelaySpread } from "#features/history";

/** Loss in percent and the delays' figures in milliseconds, to three decimals; what is not known is left out. */
export function shownSpread({ loss, jitter, p50, p95 }: DelaySpread): {
  loss: number;
  jitter?: number;
  p50_delay?: number;
  p95_delay?: number;
} {
  return {
    loss: Math.round(loss * 10_000) / 100,
    ...(jitter === undefined ? {} : { jitter: rounded(jitter) }),
    ...(p50 === undefined ? {} : { p50_delay: rounded(p50) }),
    ...(p95 === undefined ? {} : { p95_delay: rounded(p95) }),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
