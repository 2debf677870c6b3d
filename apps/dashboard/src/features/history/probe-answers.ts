import type { Points, Store } from "@windfire/tsdb";
import { PROBE_FAMILY, probeKey } from "./columns.ts";
import type { Page } from "./messages.ts";
import { PERIODS } from "./model.ts";
import type { Period, ServerServiceHistory, ServiceServerHistory, ServiceServerSummary } from "./model.ts";
import { countOf, delayOf, isUp, lastOf, statsOf } from "./probe-sums.ts";
import { ascii } from "./render.ts";
import type { JsonText } from "./render.ts";

const OPEN = ascii("[");
const COMMA = ascii(",");
const CLOSE = ascii("]");
const FIRST_POINT = ascii('[{"ts":');
const NEXT_POINT = ascii('},{"ts":');
const LAST_POINT = ascii("}]");
const DELAY = ascii(',"delay":');
const STATUS = ascii(',"status":');

/** Text of an answer that is made at once: one pair of a day has up to 130 kB. */
const PAGE_BYTES = 2 ** 20;
/** Pairs read before others get the thread. */
const PAIRS_AT_ONCE = 8;
const PROBE_COLUMNS = [{ column: "delay" }, { column: "up" }, { column: "down" }] as const;

/** Answers about probes: pairs of a service and a server that probes it. */
export interface ProbeAnswers {
  /** From the first of the servers on, as many as fit into a page. */
  serviceHistory(serviceId: number, serverIds: readonly number[], period: Period, now: number): Promise<Page<ServiceServerHistory>>;
  serverServices(serverId: number, serviceIds: readonly number[], period: Period, now: number): Promise<Page<ServerServiceHistory>>;
  summaries(serviceId: number, serverIds: readonly number[], now: number): Promise<ServiceServerSummary[]>;
}

/** See {@link ProbeAnswers}. */
export function createProbeAnswers(deps: { store: Store; json: JsonText; breathe: () => Promise<void> }): ProbeAnswers {
  const { store, json, breathe } = deps;

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
  return {
    serviceHistory: async (serviceId, serverIds, period, now) => {
      const items: ServiceServerHistory[] = [];
      const keys = serverIds.map((serverId) => probeKey(serviceId, serverId));
      const taken = await eachPair(keys, period, now, (index, points) => {
        const dataPoints = servicePoints(json, points);
        items.push({ serverId: serverIds[index] as number, ...statsOf(points), dataPoints });
        return dataPoints.length;
      });
      return { items, taken };
    },
    serverServices: async (serverId, serviceIds, period, now) => {
      const items: ServerServiceHistory[] = [];
      const keys = serviceIds.map((serviceId) => probeKey(serviceId, serverId));
      const taken = await eachPair(keys, period, now, (index, { starts, columns }) => {
        const createdAt = listOf(json, starts);
        const avgDelay = listOf(json, (columns[0] as Float64Array).map(delayOf));
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
  };
}

function listOf(json: JsonText, values: ArrayLike<number>): string {
  json.text(OPEN);
  for (let index = 0; index < values.length; index++) {
    if (index > 0) json.text(COMMA);
    json.number(values[index] as number);
  }
  json.text(CLOSE);
  return json.take();
}

function servicePoints(json: JsonText, { starts, columns }: Points): string {
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
