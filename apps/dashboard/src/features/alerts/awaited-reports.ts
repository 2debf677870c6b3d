import type { CycleWatch } from "./cycle-watch.ts";
import type { Observation, Verdict } from "./engine.ts";
import type { Snapshot } from "./measures.ts";
import type { AlertCondition } from "./model.ts";
import type { Watch } from "./watches.ts";

/** Reports of one pair that wait for a look at recorded traffic; the oldest goes. */
const MOST_WAITING = 64;

export interface AwaitedReportsDeps {
  readonly cycleWatch: Pick<CycleWatch, "verdict" | "judge">;
  readonly observe: (watch: Watch, observation: Observation, snapshot: Snapshot) => void;
  readonly onError: (error: unknown) => void;
}

/** Reports of pairs whose rule speaks of recorded traffic that has to be read first: each is judged in its turn. */
export interface AwaitedReports {
  add(watch: Watch, report: Watch["waiting"][number]): void;
  /** Whether earlier reports of the pair still wait. */
  has(watch: Watch): boolean;
  /** Resolves when nothing is read any more. */
  settled(): Promise<void>;
  /** Reports that were left out, because too many waited. */
  readonly overrun: number;
}

/** See {@link AwaitedReports}. */
export function createAwaitedReports({ cycleWatch, observe, onError }: AwaitedReportsDeps): AwaitedReports {
  const reading = new Map<Watch, Promise<void>>();
  let overrun = 0;

  /** Looks at recorded traffic where it is due, then takes the reports that waited, in their order. */
  const takeWaiting = async (watch: Watch): Promise<void> => {
    for (let next = watch.waiting.shift(); next !== undefined; next = watch.waiting.shift()) {
      const found = new Map<AlertCondition, Verdict>();
      for (const { condition } of watch.watched.cycles) {
        const known = cycleWatch.verdict(condition, watch.serverId);
        found.set(condition, known ?? (await cycleWatch.judge(watch.watched.rule, condition, watch.serverId)));
      }
      const values = watch.watched.values(next.snapshot, (condition) => found.get(condition) ?? "U");
      observe(watch, { at: next.at, seq: next.seq, values }, next.snapshot);
    }
  };
  return {
    add(watch, report) {
      watch.waiting.push(report);
      if (watch.waiting.length > MOST_WAITING) {
        watch.waiting.shift();
        overrun++;
      }
      if (reading.has(watch)) return;
      const done = takeWaiting(watch)
        .catch(onError)
        .finally(() => reading.delete(watch));
      reading.set(watch, done);
    },
    has: (watch) => reading.has(watch),
    async settled() {
      while (reading.size > 0) await Promise.all(reading.values());
    },
    get overrun() {
      return overrun;
    },
  };
}
