import type { Points, Store } from "@windfire/tsdb";
import { PROBE_FAMILY, probeKey } from "./columns.ts";
import type { Page } from "./messages.ts";
import { PERIODS, PROBE_PERIODS } from "./periods.ts";
import type { Period, ProbePeriod } from "./periods.ts";
import type { ProbeSeries, ServerServiceHistory, ServiceServerHistory, ServiceServerSummary } from "./probe-model.ts";
import { createProbeSeries } from "./probe-series.ts";
import { countOf, delayOf, isUp, lastOf, longSpreadOf, lossOf, percentOf, spreadOf, statsOf } from "./probe-sums.ts";
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
const LOSS = ascii(',"loss":');
const JITTER = ascii(',"jitter":');
const P95 = ascii(',"p95":');

/** Text of an answer that is made at once: one pair of a day has up to 130 kB. */
const PAGE_BYTES = 2 ** 20;
/** Pairs read before others get the thread. */
const PAIRS_AT_ONCE = 8;
const PROBE_COLUMNS = [{ column: "delay" }, { column: "up" }, { column: "down" }] as const;
const LOSS_COLUMNS = [...PROBE_COLUMNS, { column: "loss" }] as const;
const SPREAD_COLUMNS = [...LOSS_COLUMNS, { column: "jitter" }] as const;
const DETAIL_COLUMNS = [...SPREAD_COLUMNS, { column: "delay", stat: "p95" }] as const;
const LONG_COLUMNS = [...DETAIL_COLUMNS, { column: "delay", stat: "p50" }] as const;

/** Answers about probes: pairs of a service and a server that probes it. */
export interface ProbeAnswers {
  /** From the first of the servers on, as many as fit into a page. */
  serviceHistory(
    serviceId: number,
    serverIds: readonly number[],
    period: ProbePeriod,
    now: number,
    detail: boolean,
  ): Promise<Page<ServiceServerHistory>>;
  serverServices(serverId: number, serviceIds: readonly number[], period: Period, now: number): Promise<Page<ServerServiceHistory>>;
  probeSeries(serviceId: number, serverIds: readonly number[], from: number, to: number): Promise<ProbeSeries>;
  summaries(serviceId: number, serverIds: readonly number[], now: number): Promise<ServiceServerSummary[]>;
}

/** See {@link ProbeAnswers}. */
export function createProbeAnswers(deps: {
  store: Pick<Store, "query" | "has">;
  json: JsonText;
  breathe: () => Promise<void>;
}): ProbeAnswers {
  const { store, json, breathe } = deps;

  const probePoints = (key: number, { period, now, columns }: Wanted): Promise<Points> => {
    const { window, bucket } = PROBE_PERIODS[period];
    return store.query({ family: PROBE_FAMILY, group: key, columns, from: now - window, to: now, step: bucket });
  };
  /** Points of the pairs that have any, one after another; `visit` says how many bytes of text it made of them. */
  const eachPair = async (
    keys: readonly number[],
    wanted: Wanted,
    visit: (index: number, points: Points) => number | Promise<number>,
  ): Promise<number> => {
    let bytes = 0;
    for (const [index, key] of keys.entries()) {
      if (bytes >= PAGE_BYTES) return index;
      if (index % PAIRS_AT_ONCE === PAIRS_AT_ONCE - 1) await breathe();
      if (!(await store.has(PROBE_FAMILY, key))) continue;
      const points = await probePoints(key, wanted);
      if (points.starts.length > 0) bytes += await visit(index, points);
    }
    return keys.length;
  };
  return {
    serviceHistory: async (serviceId, serverIds, period, now, detail) => {
      const items: ServiceServerHistory[] = [];
      const keys = serverIds.map((serverId) => probeKey(serviceId, serverId));
      const isLong = !(period in PERIODS);
      const wanted = { period, now, columns: isLong ? LONG_COLUMNS : detail ? DETAIL_COLUMNS : SPREAD_COLUMNS };
      const taken = await eachPair(keys, wanted, async (index, points) => {
        const dataPoints = detail ? detailPoints(json, points) : servicePoints(json, points);
        // Percentiles of means of half hours are none: only who asks for the detail waits for all points.
        const delays = detail && !isLong && period !== "1d" ? await delaysOf(store, keys[index] as number, wanted) : undefined;
        const spread = isLong ? longSpreadOf(points) : spreadOf(points, delays);
        items.push({ serverId: serverIds[index] as number, ...statsOf(points), spread, dataPoints });
        return dataPoints.length;
      });
      return { items, taken };
    },
    serverServices: async (serverId, serviceIds, period, now) => {
      const items: ServerServiceHistory[] = [];
      const keys = serviceIds.map((serviceId) => probeKey(serviceId, serverId));
      const taken = await eachPair(keys, { period, now, columns: PROBE_COLUMNS }, (index, { starts, columns }) => {
        const createdAt = listOf(json, starts);
        const avgDelay = listOf(json, (columns[0] as Float64Array).map(delayOf));
        items.push({ serviceId: serviceIds[index] as number, createdAt, avgDelay });
        return createdAt.length + avgDelay.length;
      });
      return { items, taken };
    },
    probeSeries: async (serviceId, serverIds, from, to) => {
      const series = createProbeSeries();
      const step = PROBE_PERIODS["1d"].bucket;
      for (const [index, serverId] of serverIds.entries()) {
        if (index % PAIRS_AT_ONCE === PAIRS_AT_ONCE - 1) await breathe();
        const group = probeKey(serviceId, serverId);
        if (!(await store.has(PROBE_FAMILY, group))) continue;
        const { starts, columns } = await store.query({ family: PROBE_FAMILY, group, columns: LOSS_COLUMNS, from, to, step });
        const [delays, ups, downs, losses] = columns as readonly [Float64Array, Float64Array, Float64Array, Float64Array];
        for (const [at, start] of starts.entries()) {
          const [up, down] = [countOf(ups[at]), countOf(downs[at])];
          series.add(start, { delay: delays[at], up, results: up + down, loss: lossOf(losses[at], up, down) });
        }
      }
      return series.take();
    },
    summaries: async (serviceId, serverIds, now) => {
      const items: ServiceServerSummary[] = [];
      const keys = serverIds.map((serverId) => probeKey(serviceId, serverId));
      await eachPair(keys, { period: "1d", now, columns: SPREAD_COLUMNS }, (index, points) => {
        const { avgDelay, totalUp, totalDown } = statsOf(points);
        const spread = spreadOf(points);
        items.push({ serverId: serverIds[index] as number, avgDelay, totalUp, totalDown, spread, last: lastOf(points) });
        return 0;
      });
      return items;
    },
  };
}

/** The delays of all points, however long the buckets of the answer are. */
async function delaysOf(
  store: Pick<Store, "query">,
  group: number,
  { period, now }: Pick<Wanted, "period" | "now">,
): Promise<Float64Array> {
  const from = now - PROBE_PERIODS[period].window;
  const columns = [{ column: "delay" }] as const;
  const points = await store.query({ family: PROBE_FAMILY, group, columns, from, to: now, step: PROBE_PERIODS["1d"].bucket });
  return points.columns[0] as Float64Array;
}

interface Wanted {
  readonly period: ProbePeriod;
  readonly now: number;
  readonly columns: typeof PROBE_COLUMNS | typeof SPREAD_COLUMNS | typeof DETAIL_COLUMNS | typeof LONG_COLUMNS;
}

/** In our form: what is not known is left out, so that nothing looks like a delay of 0. */
function detailPoints(json: JsonText, { starts, columns }: Points): string {
  const [delays, ups, downs, losses, jitters, p95s] = columns;
  const known = (label: Uint8Array, value: number | undefined): void => {
    if (value === undefined || Number.isNaN(value)) return;
    json.text(label);
    json.number(value);
  };
  let separator = FIRST_POINT;
  for (let index = 0; index < starts.length; index++) {
    const [up, down] = [countOf(ups?.[index]), countOf(downs?.[index])];
    json.text(separator);
    json.number(starts[index] as number);
    json.text(STATUS);
    json.number(isUp(up, down) ? 1 : 0);
    known(LOSS, percentOf(lossOf(losses?.[index], up, down)));
    known(DELAY, delays?.[index]);
    known(JITTER, jitters?.[index]);
    known(P95, p95s?.[index]);
    separator = NEXT_POINT;
  }
  json.text(LAST_POINT);
  return json.take();
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
