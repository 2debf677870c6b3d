import type { ProbeSeries } from "./probe-model.ts";

interface Sums {
  up: number;
  delay: number;
  results: number;
  lost: number;
}

/** Results of one server in one step. */
export interface ProbePoint {
  /** Mean of the successful ones, milliseconds; NaN or undefined without any. */
  readonly delay: number | undefined;
  readonly up: number;
  readonly results: number;
  /** Share of them that failed, 0 to 1. */
  readonly loss: number;
}

/** Puts together what several servers saw of a service in the same steps: each result counts once, whoever had it. */
export function createProbeSeries() {
  const steps = new Map<number, Sums>();
  return {
    /** `start` of the step, Unix milliseconds. */
    add(start: number, { delay = Number.NaN, up, results, loss }: ProbePoint): void {
      const sums = steps.get(start) ?? { up: 0, delay: 0, results: 0, lost: 0 };
      steps.set(start, sums);
      sums.results += results;
      sums.lost += loss * results;
      if (up === 0 || Number.isNaN(delay)) return;
      sums.up += up;
      sums.delay += delay * up;
    },
    take(): ProbeSeries {
      const sorted = [...steps].toSorted(([a], [b]) => a - b);
      const column = (value: (sums: Sums) => number): Float64Array => Float64Array.from(sorted, ([, sums]) => value(sums));
      return {
        starts: Float64Array.from(sorted, ([start]) => start),
        delays: column(({ up, delay }) => (up === 0 ? Number.NaN : delay / up)),
        losses: column(({ results, lost }) => (results === 0 ? 0 : lost / results)),
      };
    },
  };
}
