import type { Seat } from "#platform/leases";
import type { ServiceDays } from "./days.ts";
import type { ServiceHalves } from "./halves.ts";
import { reloadStatistics } from "./reload.ts";
import type { ReloadDeps } from "./reload.ts";
import type { ProbeResults } from "./results.ts";
import type { ProbeStates } from "./states.ts";
import type { ServiceRecords } from "./store.ts";

export interface JudgedPartDeps extends Omit<ReloadDeps, "stored"> {
  readonly judge: Pick<Seat, "isShared">;
  readonly services: Pick<ServiceRecords, "list">;
  readonly days: Pick<ServiceDays, "all" | "start" | "stop">;
  readonly halves: Pick<ServiceHalves, "forget">;
  readonly states: Pick<ProbeStates, "load" | "start" | "stop">;
  readonly results: Pick<ProbeResults, "resume">;
  /** Works on rows of old. */
  readonly jobs: readonly { start(): void; stop(): Promise<void> }[];
}

/** What only the judge does. */
export interface JudgedPart {
  /** Goes on from what the judge before has written. */
  start(): Promise<void>;
  /** Keeps what is known. */
  stop(): Promise<void>;
}

/** See {@link JudgedPart}. */
export function createJudgedPart(deps: JudgedPartDeps): JudgedPart {
  const { judge, services, statistics, days, halves, states, results, jobs } = deps;
  /** What was counted and concluded here meanwhile was for showing: the rows are what the judge before knew. */
  const takeOver = async (): Promise<void> => {
    const stored = await days.all();
    statistics.remove(services.list().map(({ id }) => id));
    halves.forget();
    await reloadStatistics({ ...deps, stored });
    results.resume(await states.load());
  };
  return {
    async start() {
      if (judge.isShared) await takeOver();
      for (const one of [days, states]) one.start();
      for (const job of jobs) job.start();
    },
    async stop() {
      for (const one of [...jobs, days, states]) await one.stop();
    },
  };
}
