import { decodeLateStates, decodeState, encodeReceipt } from "@windfire/protocol";
import type { LiveServer } from "#features/servers";
import type { Arrears } from "./arrears.ts";
import type { Cleaner } from "./clean.ts";
import { metricValues } from "./metrics.ts";
import type { ServerPace } from "./server-pace.ts";

/** An agent keeps an hour; it may take a while to hand it over. Older ones, and such from the future, are passed over. */
export const OLDEST_MS = 2 * 3_600_000;
/** Clocks that differ by less than half of this are not told apart, so that what is handed over twice falls into the same slots. */
const SLOT_MS = 30_000;
/** Values of a state, and its time. */
const LENGTH = 18;

export interface LateStateDeps {
  readonly now: () => number;
  readonly cleaner: Cleaner;
  readonly handOvers: Pick<ServerPace, "take">;
  readonly arrears: Pick<Arrears, "handedOver">;
  /** Stores states (time, then the values of the history's metrics) where nothing is yet; resolves when they are on disk. */
  readonly recordLate: (serverId: number, states: Float64Array) => Promise<number>;
}

/**
 * Takes what an agent measured while it could not reach us. It goes to the history alone: what a server was is neither told nor judged, and
 * its traffic is counted by the next state, whose counters hold it.
 *
 * @returns the encoded receipt. `proced: false`: not now, the agent keeps them
 */
export function createLateStates({ now, cleaner, handOvers, arrears, recordLate }: LateStateDeps) {
  return async (server: LiveServer, message: Uint8Array): Promise<Uint8Array> => {
    const { sentAt, states, remaining } = decodeLateStates(message);
    if (states.length > 0 && !handOvers.take(server.id)) return encodeReceipt({ proced: false });
    const shift = Math.round((now() - sentAt) / SLOT_MS) * SLOT_MS;
    const numbers = new Float64Array(states.length * LENGTH);
    let length = 0;
    for (const { at, state } of states) {
      const then = at + shift;
      if (!(then <= now() && then >= now() - OLDEST_MS)) continue;
      numbers[length] = then;
      metricValues(cleaner.state(decodeState(state)), numbers.subarray(length + 1, length + LENGTH));
      length += LENGTH;
    }
    if (length > 0) await recordLate(server.id, numbers.slice(0, length));
    arrears.handedOver(server.id, remaining);
    return encodeReceipt({ proced: true });
  };
}
