import type { Clock } from "@windfire/kit";
import type { Log } from "../log.ts";

const PAUSE_MS = 1000;

/** Writes down each refused order; many at once become one line with their number, so that orders cannot fill a disk. */
export function createRefusalLog(clock: Clock, log: Log): (right: string, taskType: number) => void {
  const kinds = new Map<string, { nextMs: number; unsaid: number }>();
  return (right, taskType) => {
    const kind = kinds.get(right) ?? { nextMs: Number.NEGATIVE_INFINITY, unsaid: 0 };
    kinds.set(right, kind);
    if (clock.monotonic() < kind.nextMs) return void kind.unsaid++;
    const before = kind.unsaid === 0 ? "" : `, after ${kind.unsaid} more`;
    log.warn(`refused an order of the dashboard (task of type ${taskType}${before}): this host does not permit ${right}`);
    kind.unsaid = 0;
    kind.nextMs = clock.monotonic() + PAUSE_MS;
  };
}
