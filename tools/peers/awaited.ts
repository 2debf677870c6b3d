import { NO_COUNTS } from "../results.ts";
import type { Counts } from "../results.ts";

/** Engine checks that cannot pass yet, by id. Whoever builds what is missing takes them off: a check that passes and stands here fails the run. */
export const AWAITED: Readonly<Record<string, string>> = {};

/** One check as the driver reports it. */
export interface CheckRow {
  readonly id: string;
  readonly result: "ok" | "WEAK" | "ERR" | "n.a.";
}

/** Counts a run of the engine checks against the list. `told` says what is tolerated, and why the others failed. */
export function judgeEngines(rows: readonly CheckRow[], awaited: Readonly<Record<string, string>>): { counts: Counts; told: string[] } {
  const told: string[] = [];
  let { passed, failed } = NO_COUNTS;
  for (const { id, result } of rows) {
    const reason = Object.hasOwn(awaited, id) ? awaited[id] : undefined;
    if (result === "n.a.") continue;
    if (result === "ok" && reason === undefined) passed++;
    else if (result === "WEAK" && reason !== undefined) told.push(`awaited: ${id}: ${reason}`);
    else failed++;
    if (result === "ok" && reason !== undefined) told.push(`FAIL ${id} passes: take it off the list in tools/peers/awaited.ts`);
  }
  for (const id of Object.keys(awaited)) {
    if (rows.some((row) => row.id === id)) continue;
    failed++;
    told.push(`FAIL ${id} is awaited, and there is no such check: take it off the list in tools/peers/awaited.ts`);
  }
  return { counts: { passed, failed }, told };
}
