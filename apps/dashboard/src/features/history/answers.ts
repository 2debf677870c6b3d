import type { Points, Store } from "@windfire/tsdb";
import { PROBE_FAMILY, probeKey, SERVER_FAMILY, serverOf, serviceOf } from "./columns.ts";
import {
  PERIODS,
  type Period,
  type ServerMetric,
  type ServerServiceHistory,
  type ServiceServerHistory,
  type ServiceServerSummary,
} from "./model.ts";
import type { Page } from "./messages.ts";
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
  /** From the first of the servers on, as many as fit into a page. */
  serviceHistory(serviceId: number, serverIds: readonly number[], period: Period, now: number): Promise<Page<ServiceServerHistory>>;
  serverServices(serverId: number, serviceIds: readonly number[], period: Period, now: number): Promise<Page<ServerServiceHistory>>;
  summaries(serviceId: number, serverIds: readonly number[], now: number): Promise<ServiceServerSummary[]>;
  /** Server and Unix milliseconds of its newest point, in turns. */
  lastSeen(): Promise<Float64Array>;
  dropServer(serverId: number): Promise<void>;
  dropService(serviceId: number): Promise<void>;
}

/** Text of an answer that is made at once: one pair of a day has up to 130 kB. */
const PAGE_BYTES = 2 ** 20;
/** Pairs read before others get the thread. */
const PAIRS_AT_ONCE = 8;
const PROBE_COLUMNS = [{ column: "delay" }, { column: "up" }, { column: "down" }] as const;

export function createAnswers(deps: { store: Store; breathe: () => Promise<void> }): Answers {
  const { store, breathe } = deps;
  const json = createJsonText();
  const pairs = async (wanted: (key: number) => boolean): Promise<number[]> => (await store.groups(PROBE_FAMILY)).filter(wanted);

  const probePoints = (key: number, period: Period, now: number): Promise<Points> => {
    const { window, bucket } = PERIODS[period];
    return store.query({ family: PROBE_FAMILY, group: key, columns: PROBE_COLUMNS, from: now - window, to: now, step: bucket });
  };
  /** Points of the pairs that have any, one after another; `visit` says how many bytes of text it made of them. */
  const eachPair = async (
    keys: readonly number[],
    period: Period,
    now: number,
    visit: (index: number, points: Points) => number,
  ): Promise<number> => {
    let bytes = 0;
    for (const [index, key] of keys.entries()) {
      if (bytes >= PAGE_BYTES) return index;
      if (index % PAIRS_AT_ONCE === PAIRS_AT_ONCE - 1) await breathe();
      if (!(await store.has(PROBE_FAMILY, key))) continue;
      const points = await probePoints(key, period, now);
      if (points.starts.length > 0) bytes += visit(index, points);
    }
    return keys.length;
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
    serviceHistory: async (serviceId, serverIds, period, now) => {
      const items: ServiceServerHistory[] = [];
      const keys = serverIds.map((serverId) => probeKey(serviceId, serverId));
      const taken = await eachPair(keys, period, now, (index, points) => {
        const dataPoints = servicePoints(points);
        items.push({ serverId: serverIds[index] as number, ...statsOf(points), dataPoints });
        return dataPoints.length;
      });
      return { items, taken };
    },
    serverServices: async (serverId, serviceIds, period, now) => {
      const items: ServerServiceHistory[] = [];
      const keys = serviceIds.map((serviceId) => probeKey(serviceId, serverId));
      const taken = await eachPair(keys, period, now, (index, { starts, columns }) => {
        const createdAt = list(starts);
        const avgDelay = list((columns[0] as Float64Array).map(delayOf));
        items.push({ serviceId: serviceIds[index] as number, createdAt, avgDelay });
        return createdAt.length + avgDelay.length;
      });
      return { items, taken };
    },
    summaries: async (serviceId, serverIds, now) => {
      const items: ServiceServerSummary[] = [];
      const keys = serverIds.map((serverId) => probeKey(serviceId, serverId));
      await eachPair(keys, "1d", now, (index, points) => {
        const { avgDelay, totalUp, totalDown } = statsOf(points);
        items.push({ serverId: serverIds[index] as number, avgDelay, totalUp, totalDown, last: lastOf(points) });
        return 0;
      });
      return items;
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
      json.number(isUp(up, countOf(downs[index])) ? 1 : 0);
      separator = NEXT_POINT;
    }
    json.text(LAST_POINT);
    return json.take();
  }
}

/** Sums over the window (spec 11 section 4.7). A failed probe has no delay, so the mean is that of the others. */
function statsOf({ starts, columns }: Points): Omit<ServiceServerHistory, "serverId" | "dataPoints"> {
  const [delays, ups, downs] = columns as readonly [Float64Array, Float64Array, Float64Array];
  let totalUp = 0;
  let totalDown = 0;
  let avgDelay = 0;
  for (let index = 0; index < starts.length; index++) {
    const up = countOf(ups[index]);
    totalUp += up;
    totalDown += countOf(downs[index]);
    if (up > 0) avgDelay += ((delayOf(delays[index] as number) - avgDelay) * up) / totalUp;
  }
  const total = totalUp + totalDown;
  return { avgDelay, totalUp, totalDown, upPercent: total === 0 ? 0 : Math.fround((totalUp / total) * 100) };
}

function lastOf({ starts, columns }: Points): ServiceServerSummary["last"] {
  const [delays, ups, downs] = columns as readonly [Float64Array, Float64Array, Float64Array];
  const index = starts.length - 1;
  const up = countOf(ups[index]);
  return {
    at: starts[index] as number,
    delay: up > 0 ? delayOf(delays[index] as number) : undefined,
    up: isUp(up, countOf(downs[index])),
  };
}

function isUp(up: number, down: number): boolean {
  return up > Math.floor((up + down) / 2);
}

function countOf(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value;
}

/** A bucket without any delay has 0. */
function delayOf(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
