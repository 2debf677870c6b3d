import type { CycleTransferStats } from "@windfire/api";
import type { Uint64 } from "@windfire/protocol";
import { formatInstant, jsonCounter } from "#kernel";

/** The period a cycle condition is in. */
export interface Cycle {
  /** Name of the rule. */
  readonly name: string;
  /** RFC 3339; `to` is outside. */
  readonly from: string;
  readonly to: string;
  /** Bytes; 0: no bound. */
  readonly min: number;
  readonly max: number;
}

/** What one server has used of a cycle. */
export interface CycleUse {
  readonly serverName: string;
  readonly bytes: Uint64;
  /** At the end of the cycle if it goes on like this. */
  readonly forecast?: number | undefined;
  /** Unix milliseconds of the next look at it. */
  readonly nextUpdate: number;
}

/** Traffic of the running cycles, by rule: empty until a rule is evaluated for the first time (spec 30 section 2.7). */
export interface CycleTraffic {
  /** One evaluation; a new period begins with no server in it. */
  record(ruleId: number, cycle: Cycle, serverId: number, use: CycleUse): void;
  removeRules(ruleIds: readonly number[]): void;
  removeServers(serverIds: readonly number[]): void;
  /** Rules of which at least one of the servers that `isVisible` accepts has been evaluated, by rule id. */
  stats(isVisible: (serverId: number) => boolean): Record<string, CycleTransferStats>;
}

export function createCycleTraffic(): CycleTraffic {
  const rules = new Map<number, { cycle: Cycle; readonly uses: Map<number, CycleUse> }>();
  return {
    record(ruleId, cycle, serverId, use) {
      const known = rules.get(ruleId);
      const uses = known?.cycle.from === cycle.from ? known.uses : new Map<number, CycleUse>();
      uses.set(serverId, use);
      rules.set(ruleId, { cycle, uses });
    },
    removeRules(ruleIds) {
      for (const id of ruleIds) rules.delete(id);
    },
    removeServers(serverIds) {
      for (const { uses } of rules.values()) for (const id of serverIds) uses.delete(id);
    },
    stats(isVisible) {
      const shown: Record<string, CycleTransferStats> = {};
      for (const [ruleId, { cycle, uses }] of rules) {
        const seen = [...uses].filter(([serverId]) => isVisible(serverId));
        if (seen.length > 0) shown[ruleId] = statsOf(cycle, seen);
      }
      return shown;
    },
  };
}

function statsOf(cycle: Cycle, uses: readonly (readonly [number, CycleUse])[]): CycleTransferStats {
  return {
    name: cycle.name,
    from: cycle.from,
    to: cycle.to,
    max: Math.trunc(cycle.max),
    min: Math.trunc(cycle.min),
    server_name: Object.fromEntries(uses.map(([id, use]) => [id, use.serverName])),
    transfer: Object.fromEntries(uses.map(([id, use]) => [id, jsonCounter(use.bytes)])),
    ...forecastsOf(uses),
    next_update: Object.fromEntries(uses.map(([id, use]) => [id, formatInstant(use.nextUpdate)])),
  };
}

function forecastsOf(uses: readonly (readonly [number, CycleUse])[]): Pick<CycleTransferStats, "forecast"> {
  const known = uses.flatMap(([id, use]) => (use.forecast === undefined ? [] : [[id, use.forecast] as const]));
  return known.length === 0 ? {} : { forecast: Object.fromEntries(known) };
}
