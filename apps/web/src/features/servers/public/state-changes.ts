import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";

export type HealthById = ReadonlyMap<number, Health>;

export interface Change {
  readonly name: string;
  readonly health: Health;
}

/** Servers that went offline, came back or got worse since; a first look changes nothing. Metrics alone are no change. */
export function stateChanges(
  before: HealthById,
  records: readonly LiveRecord[],
): { readonly now: HealthById; readonly changes: readonly Change[] } {
  const now = new Map(records.map((record) => [record.id, healthOf(record)]));
  const changes = records.flatMap((record) => {
    const old = before.get(record.id);
    const health = now.get(record.id) ?? "waiting";
    return old === undefined || old === health ? [] : [{ name: record.name, health }];
  });
  return { now, changes };
}
