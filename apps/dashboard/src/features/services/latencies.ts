import { latencySide } from "./engine.ts";
import type { ProbeEffect } from "./engine.ts";
import { intervalSeconds } from "./model.ts";
import type { Service } from "./model.ts";
import type { LatencySide } from "./notice.ts";

/** What a server measured last counts as long as it may measure anew, at least so long. */
const LEAST_MS = 60_000;
/** Intervals that it may miss. */
const MISSED = 3;

/**
 * Servers whose last delay of a service was outside its limits. What one of them is told of is muted for the service: while any of them is
 * outside, one that is inside must not take that back, or people would be told at every turn from one to the other.
 */
export interface Latencies {
  /** Takes a delay in milliseconds, at a time in Unix milliseconds; 0 is no measurement. */
  add(service: Service, serverId: number, at: number, delay: number): void;
  /** Whether an effect takes back what is muted because of another server. */
  holds(service: Service, effect: ProbeEffect, at: number): boolean;
  forgetServer(serverId: number): void;
  forget(serviceId: number): void;
}

interface Outside {
  readonly side: LatencySide;
  readonly at: number;
}

/** See {@link Latencies}. */
export function createLatencies(): Latencies {
  const outside = new Map<number, Map<number, Outside>>();
  return {
    add(service, serverId, at, delay) {
      if (!service.latencyNotify || delay <= 0) return;
      const side = latencySide(service, delay);
      const servers = outside.get(service.id) ?? new Map<number, Outside>();
      if (side === undefined) servers.delete(serverId);
      else servers.set(serverId, { side, at });
      if (servers.size === 0) outside.delete(service.id);
      else outside.set(service.id, servers);
    },
    holds(service, effect, at) {
      if (effect.kind !== "unmute" || effect.side === undefined) return false;
      const { side } = effect;
      const since = at - Math.max(LEAST_MS, MISSED * intervalSeconds(service) * 1_000);
      for (const last of outside.get(service.id)?.values() ?? []) if (last.side === side && last.at >= since) return true;
      return false;
    },
    forgetServer(serverId) {
      for (const servers of outside.values()) servers.delete(serverId);
    },
    forget: (serviceId) => void outside.delete(serviceId),
  };
}
