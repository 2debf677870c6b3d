import { decodeReceipt, encodeLateStates, encodeState, frameMessage } from "@windfire/protocol";
import type { LateState, State } from "@windfire/protocol";
import type { Clock, Timer } from "@windfire/kit";
import type { Collector } from "../collect/index.ts";
import type { AgentConfig } from "../config/index.ts";
import type { Channel } from "./channel.ts";
import { createSampleRing } from "./sample-ring.ts";
import type { KeptSample, SampleRing } from "./sample-ring.ts";

export interface LateSampleDeps {
  readonly clock: Clock;
  /** Asked again for every sample. */
  readonly config: () => AgentConfig;
  readonly collector: Collector;
  readonly onError: (error: unknown) => void;
}

/** What is measured while the dashboard cannot be reached, and told afterwards. */
export interface LateSamples {
  /** The dashboard is out of reach: samples are kept from now on. */
  away(): void;
  /** It is back: no more samples are kept. */
  back(): void;
  /** A sample of a connection that ended before it was receipted. @param at by the clock that nobody sets @param config it was taken for */
  keep(at: number, state: State, config: AgentConfig): void;
  /**
   * Hands over what is kept, where the other side says that it understands it, and that there is nothing, where nothing is. What it took is
   * forgotten. @returns whether that was everything @throws CallError
   */
  handOver(channel: Channel): Promise<boolean>;
}

const MS_PER_SECOND = 1000;
const CALL_TIMEOUT_MS = 30_000;
/** Of one message; cut between points of the history, so that none is told in two parts. */
const MESSAGE_BYTES = 256 * 1024;
const MESSAGE_SAMPLES = 2_000;
/** Length of a point of the dashboard's history. */
const POINT_MS = 30_000;

/** See {@link LateSamples}. */
export function createLateSamples({ clock, config, collector, onError }: LateSampleDeps): LateSamples {
  const ring = createSampleRing();
  let timer: Timer | undefined;
  let owner = "";

  const ownerOf = ({ server, uuid }: AgentConfig): string => `${server} ${uuid}`;
  const keep: LateSamples["keep"] = (at, state, takenFor) => {
    // What was measured for one dashboard is not told to another.
    if (ownerOf(takenFor) !== owner) ring.clear();
    owner = ownerOf(takenFor);
    ring.add({ at, state: encodeState(state) });
  };
  const measure = async (): Promise<void> => {
    const now = config();
    const state = await collector.sample(now);
    if (timer !== undefined) keep(clock.monotonic(), state, now);
  };
  const beat = (): void => {
    timer = clock.setTimeout(() => {
      measure()
        .catch(onError)
        .finally(() => timer !== undefined && beat());
    }, config().report_delay * MS_PER_SECOND);
    timer.unref();
  };

  return {
    away: () => {
      if (timer === undefined) beat();
    },
    back: () => {
      timer?.cancel();
      timer = undefined;
    },
    keep,
    handOver: async (channel) => {
      if (!channel.understands("late-states")) return true;
      if (ownerOf(config()) !== owner) ring.clear();
      do {
        const samples = firstMessage(ring, clock);
        const states = samples.map((sample) => dated(sample, clock));
        const remaining = ring.size - samples.length;
        const frame = frameMessage(encodeLateStates, { sentAt: clock.now(), states, remaining });
        const receipt = decodeReceipt(await channel.call("ReportLateStates", frame, CALL_TIMEOUT_MS));
        if (!receipt.proced) return false;
        ring.removeUpTo(samples.at(-1)?.at ?? Number.NEGATIVE_INFINITY);
      } while (ring.size > 0);
      return true;
    },
  };
}

/** By the clock as it is set now: it may have been set since. */
function dated({ at, state }: KeptSample, clock: Pick<Clock, "now" | "monotonic">): LateState {
  return { at: Math.round(clock.now() - (clock.monotonic() - at)), state };
}

/** The oldest, as many as go into a message: all, or cut where a point of the history ends. */
function firstMessage(ring: SampleRing, clock: Pick<Clock, "now" | "monotonic">): KeptSample[] {
  const pointOf = (sample: KeptSample): number => Math.floor(dated(sample, clock).at / POINT_MS);
  const chosen: KeptSample[] = [];
  let bytes = 0;
  for (const sample of ring.samples()) {
    if (chosen.length < MESSAGE_SAMPLES && bytes < MESSAGE_BYTES) {
      chosen.push(sample);
      bytes += sample.state.length;
      continue;
    }
    const next = pointOf(sample);
    const cut = chosen.findLastIndex((one) => pointOf(one) !== next) + 1;
    return cut === 0 ? chosen : chosen.slice(0, cut);
  }
  return chosen;
}
