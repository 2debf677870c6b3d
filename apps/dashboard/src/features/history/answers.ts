import type { Points, Store } from "@windfire/tsdb";
import { PROBE_FAMILY, SERVER_FAMILY, serverOf, serviceOf } from "./columns.ts";
import { PERIODS, type Period, type ServerMetric, type ServerServiceHistory, type ServiceServerHistory } from "./model.ts";
import { ascii, createJsonText } from "./render.ts";

const OPEN = ascii("[");
const COMMA = ascii(",");
const CLOSE = ascii("]");
const EMPTY = ascii("[]");
const FIRST_POINT = ascii('[{"ts":');
const NEXT_POINT = ascii('},{"ts":');
const LAST_POINT = ascii("}]");
const VALUE = ascii(',"value":');
const DELAY = ascii(',"delay":');
const STATUS = ascii(',"status":');

/** Answers the questions of the API from a store. */
export interface Answers {
  serverMetricPoints(serverId: number, metric: ServerMetric, period: Period, now: number): Promise<string>;
  serviceHistory(serviceId: number, period: Period, now: number): Promise<ServiceServerHistory[]>;
  serverServices(serverId: number, period: Period, now: number): Promise<ServerServiceHistory[]>;
  /** Server and Unix milliseconds of its newest point, in turns. */
  lastSeen(): Promise<Float64Array>;
  dropServer(serverId: number): Promise<void>;
  dropService(serviceId: number): Promise<void>;
}

/** Pairs read before others get the thread. */
const PAIRS_AT_ONCE = 16;
const PROBE_COLUMNS = [{ column: "delay" }, { column: "up" }, { column: "down" }] as const;

export function createAnswers(deps: { store: Store; breathe: () => Promise<void> }): Answers {
  const { store, breathe } = deps;
  const json = createJsonText();
  const pairs = async (wanted: (key: number) => boolean): Promise<number[]> => (await store.groups(PROBE_FAMILY)).filter(wanted);

  const probePoints = (key: number, period: Period, now: number): Promise<Points> => {
    const { window, bucket } = PERIODS[period];
    return store.query({ family: PROBE_FAMILY, group: key, columns: PROBE_COLUMNS, from: now - window, to: now, step: bucket });
  };
  /** One item for each pair that has data, in the order of the ids. */
  const perPair = async <T>(keys: number[], read: (key: number) => Promise<T | undefined>): Promise<T[]> => {
    const items: T[] = [];
    for (const [index, key] of keys.toSorted((a, b) => a - b).entries()) {
      const item = await read(key);
      if (item !== undefined) items.push(item);
      if (index % PAIRS_AT_ONCE === PAIRS_AT_ONCE - 1) await breathe();
    }
    return items;
  };
  const list = (values: ArrayLike<number>): string => {
    json.text(OPEN);
    for (let index = 0; index < values.length; index++) {
      if (index > 0) json.text(COMMA);
      json.number(values[index] as number);
    }
    json.text(CLOSE);
    return json.take();
  };

  return {
    serverMetricPoints: async (serverId, metric, period, now) => {
      const { window, bucket } = PERIODS[period];
      const { starts, columns } = await store.query({
        family: SERVER_FAMILY,
        group: serverId,
        columns: [{ column: metric }],
        from: now - window,
        to: now,
        step: bucket,
      });
      const values = columns[0] as Float64Array;
      let separator = FIRST_POINT;
      for (let index = 0; index < starts.length; index++) {
        const value = values[index] as number;
        if (Number.isNaN(value)) continue;
        json.text(separator);
        json.number(starts[index] as number);
        json.text(VALUE);
        json.number(value);
        separator = NEXT_POINT;
      }
      json.text(separator === FIRST_POINT ? EMPTY : LAST_POINT);
      return json.take();
    },
    serviceHistory: async (serviceId, period, now) => {
      const keys = await pairs((key) => serviceOf(key) === serviceId);
      return perPair(keys, async (key) => {
        const points = await probePoints(key, period, now);
        return points.starts.length === 0 ? undefined : { serverId: serverOf(key), ...statsOf(points), dataPoints: servicePoints(points) };
      });
    },
    serverServices: async (serverId, period, now) => {
      const keys = await pairs((key) => serverOf(key) === serverId);
      return perPair(keys, async (key) => {
        const { starts, columns } = await probePoints(key, period, now);
        const delays = (columns[0] as Float64Array).map(delayOf);
        return starts.length === 0 ? undefined : { serviceId: serviceOf(key), createdAt: list(starts), avgDelay: list(delays) };
      });
    },
    lastSeen: async () => {
      const times: number[] = [];
      for (const [index, serverId] of (await store.groups(SERVER_FAMILY)).entries()) {
        const at = (await store.latest(SERVER_FAMILY, serverId))?.at;
        if (at !== undefined) times.push(serverId, at);
        if (index % PAIRS_AT_ONCE === PAIRS_AT_ONCE - 1) await breathe();
      }
      return Float64Array.from(times);
    },
    dropServer: async (serverId) => {
      await store.drop(SERVER_FAMILY, serverId);
      for (const key of await pairs((pair) => serverOf(pair) === serverId)) await store.drop(PROBE_FAMILY, key);
    },
    dropService: async (serviceId) => {
      for (const key of await pairs((pair) => serviceOf(pair) === serviceId)) await store.drop(PROBE_FAMILY, key);
    },
  };

  function servicePoints({ starts, columns }: Points): string {
    const [delays, ups, downs] = columns as readonly [Float64Array, Float64Array, Float64Array];
    let separator = FIRST_POINT;
    for (let index = 0; index < starts.length; index++) {
      const up = countOf(ups[index]);
      json.text(separator);
      json.number(starts[index] as number);
      json.text(DELAY);
      json.number(delayOf(delays[index] as number));
      json.text(STATUS);
      json.number(up > Math.floor((up + countOf(downs[index])) / 2) ? 1 : 0);
      separator = NEXT_POINT;
    }
    json.text(LAST_POINT);
    return json.take();
  }
}

/** Sums over the window (spec 11 section 4.7): the mean is that of all samples, failed ones included. */
function statsOf({ counts, columns }: Points): Omit<ServiceServerHistory, "serverId" | "dataPoints"> {
  const [delays, ups, downs] = columns as readonly [Float64Array, Float64Array, Float64Array];
  let totalUp = 0;
  let totalDown = 0;
  let samples = 0;
  let avgDelay = 0;
  for (let index = 0; index < counts.length; index++) {
    totalUp += countOf(ups[index]);
    totalDown += countOf(downs[index]);
    const weight = counts[index] as number;
    samples += weight;
    avgDelay += ((delayOf(delays[index] as number) - avgDelay) * weight) / samples;
  }
  const total = totalUp + totalDown;
  return { avgDelay, totalUp, totalDown, upPercent: total === 0 ? 0 : Math.fround((totalUp / total) * 100) };
}

function countOf(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}

/** A bucket without any delay has 0. */
function delayOf(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
