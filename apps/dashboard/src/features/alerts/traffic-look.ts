import { plus } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";
import type { LiveServer } from "#features/servers";
import { forecast, totalTraffic } from "#features/traffic";
import type { CycleWindow, Traffic, TrafficCorrections, TrafficSums } from "#features/traffic";
import { isOutside } from "./measures.ts";
import { isForecast } from "./model.ts";
import type { AlertCondition } from "./model.ts";

/** Seconds until the next look at a server that has used nothing, and at one that is near the limit or over it. */
export const LONGEST_SECONDS = 1800;
const SHORTEST_SECONDS = 180;

/** A look at the traffic of one server in a cycle. */
export interface Look {
  readonly failed: boolean;
  /** When it was made, Unix milliseconds. */
  readonly at: number;
  /** When it is due again, Unix milliseconds. */
  readonly nextAt: number;
  /** What was held against the bounds: what was used, or what will have been. */
  readonly figure: Uint64;
}

export interface TrafficLookDeps {
  readonly servers: {
    get(
      id: number,
    ): { readonly traffic: Pick<LiveServer["traffic"], "unbooked">; readonly settings: { readonly name: string } } | undefined;
  };
  readonly sums: TrafficSums;
  readonly corrections: Pick<TrafficCorrections, "within">;
  /** Runs a read while no traffic moves from the counters to the table. */
  readonly undisturbed: <T>(read: () => Promise<T>) => Promise<T>;
  readonly now: () => number;
}

/** Reads what a server used in a cycle, booked and not, with corrections; `undefined` for one that is gone. */
export type TrafficLook = (
  condition: AlertCondition,
  window: CycleWindow,
  serverId: number,
) => Promise<(Look & { readonly bytes: Uint64 }) | undefined>;

/** See {@link TrafficLook}. */
export function createTrafficLook({ servers, sums, corrections, undisturbed, now: clock }: TrafficLookDeps): TrafficLook {
  return async (condition, window, serverId) => {
    const now = clock();
    const read = async (): Promise<Uint64 | undefined> => {
      const span = { serverId, from: window.fromMs, until: Math.min(now, window.toMs - 1) };
      const recorded = await sums(span);
      const live = servers.get(serverId)?.traffic.unbooked;
      return live && bytesOf(condition, totalTraffic(recorded, live, corrections.within(span)));
    };
    const bytes = await undisturbed(read);
    if (bytes === undefined) return undefined;
    const figure = isForecast(condition) ? (forecast(bytes, { ...window, now }) ?? bytes) : bytes;
    const nextAt = Math.min(now + secondsToNext(condition, Number(figure)) * 1000, window.toMs);
    return { failed: isOutside(condition, figure), at: now, nextAt, figure, bytes };
  };
}

/** Traffic in the direction of the condition's type. */
function bytesOf({ type }: AlertCondition, used: Traffic): Uint64 {
  if (type.startsWith("transfer_in_")) return used.in;
  return type.startsWith("transfer_out_") ? used.out : plus(used.in, used.out);
}

function secondsToNext({ min, max }: AlertCondition, bytes: number): number {
  if (max > 0) return Math.max(Math.trunc((LONGEST_SECONDS * (max - bytes)) / max), SHORTEST_SECONDS);
  return min > 0 ? LONGEST_SECONDS : SHORTEST_SECONDS;
}

/** Whether it is not due again. One that lies ahead was made before the clock was set back: it says nothing of now. */
export function isFresh({ at, nextAt }: Look, now: number): boolean {
  return at <= now && now < nextAt;
}
