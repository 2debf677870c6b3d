import { PROBE_SAMPLE, SERVER_SAMPLE } from "./messages.ts";
import { SERVER_METRICS } from "./metrics.ts";
import type { ProbeSpread } from "./probe-model.ts";

/** Numbers that wait for the next beat: about 800 state reports. */
const CAPACITY = 16_384;
export const SERVER_LENGTH = SERVER_METRICS.length + 3;
export const PROBE_LENGTH = 8;

/** Samples on their way to the worker, in one array. */
export interface SampleBuffer {
  /** False when there is no room: nothing was taken. */
  server(serverId: number, at: number, values: Float64Array): boolean;
  probe(serviceId: number, serverId: number, at: number, delayMs: number, up: boolean, spread: ProbeSpread): boolean;
  /** A copy of what was taken since the last call. */
  take(): Float64Array<ArrayBuffer>;
  readonly length: number;
}

export function createSampleBuffer(): SampleBuffer {
  const numbers = new Float64Array(CAPACITY);
  let length = 0;
  return {
    server: (serverId, at, values) => {
      if (length + SERVER_LENGTH > CAPACITY) return false;
      numbers[length] = SERVER_SAMPLE;
      numbers[length + 1] = serverId;
      numbers[length + 2] = at;
      for (let index = 0; index < SERVER_METRICS.length; index++) numbers[length + 3 + index] = values[index] ?? Number.NaN;
      length += SERVER_LENGTH;
      return true;
    },
    probe: (serviceId, serverId, at, delayMs, up, { loss, jitter = Number.NaN }) => {
      if (length + PROBE_LENGTH > CAPACITY) return false;
      numbers[length] = PROBE_SAMPLE;
      numbers[length + 1] = serviceId;
      numbers[length + 2] = serverId;
      numbers[length + 3] = at;
      numbers[length + 4] = delayMs;
      numbers[length + 5] = up ? 1 : 0;
      numbers[length + 6] = loss;
      numbers[length + 7] = jitter;
      length += PROBE_LENGTH;
      return true;
    },
    take: () => {
      const taken = numbers.slice(0, length);
      length = 0;
      return taken;
    },
    get length() {
      return length;
    },
  };
}
