import { NO_COUNTS } from "../results.ts";
import type { Counts } from "../results.ts";

/** Engine checks that cannot pass yet, by id. Whoever builds what is missing takes them off: a check that passes and stands here fails the run. */
export const AWAITED: Readonly<Record<string, string>> = {};

/** One check as the driver reports it. */
export interface CheckRow {
  readonly id: string;
  readonly result: "ok" | "WEAK" | "ERR" | "n.a.";
  readonly title: string;
  /** What was seen. */
  readonly evidence: string;
}

interface JudgedEngines {
  readonly counts: Counts;
  /** What is tolerated, and why. */
  readonly told: readonly string[];
  /** A line for each failure. */
  readonly failures: readonly string[];
}

/** Counts a run of the engine checks against the list. */
export function judgeEngines(rows: readonly CheckRow[], awaited: Readonly<Record<string, string>>): JudgedEngines {
  const told: string[] = [];
  const failures: string[] = [];
  let { passed, failed } = NO_COUNTS;
  for (const { id, result, title, evidence } of rows) {
    const reason = Object.hasOwn(awaited, id) ? awaited[id] : undefined;
    if (result === "n.a.") continue;
    if (result === "ok" && reason === undefined) passed++;
    else if (result === "WEAK" && reason !== undefined) told.push(`awaited: ${id}: ${reason}`);
    else {
      failed++;
      const why = result === "ok" ? "passes: take it off the list in tools/peers/awaited.ts" : `${result}: ${title} — ${evidence}`;
      failures.push(`FAIL ${id} ${why}`);
    }
  }
  for (const id of Object.keys(awaited)) {
    if (rows.some((row) => row.id === id)) continue;
    failed++;
    failures.push(`FAIL ${id} is awaited, and there is no such check: take it off the list in tools/peers/awaited.ts`);
  }
  return { counts: { passed, failed }, told, failures };
}
