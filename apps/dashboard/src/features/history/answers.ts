import type { Store } from "@windfire/tsdb";
import { LATE_FAMILY, PROBE_FAMILY, SERVER_FAMILY, serverOf, serviceOf } from "./columns.ts";
import { PERIODS } from "./periods.ts";
import type { MetricQuestion } from "./messages.ts";
import type { ServerMetric } from "./metrics.ts";
import type { ServerSeries } from "./model.ts";
import { createProbeAnswers } from "./probe-answers.ts";
import type { ProbeAnswers } from "./probe-answers.ts";
import { pointsJson } from "./points-json.ts";
import { createJsonText } from "./render.ts";

/** Answers the questions of the API from a store. */
export interface Answers extends ProbeAnswers {
  /** @param memory that the answer may be written into, and is a part of then */
  serverMetricPoints(question: MetricQuestion, memory?: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>>;
  serverSeries(serverId: number, metrics: readonly ServerMetric[], from: number, to: number): Promise<ServerSeries>;
  /** Server and Unix milliseconds of its newest point, in turns. */
  lastSeen(): Promise<Float64Array>;
  dropServers(serverIds: readonly number[]): Promise<void>;
  dropServices(serviceIds: readonly number[]): Promise<void>;
}

/** What is stored at least of 30 days. */
const POINT_MS = 30_000;
/** Servers looked at before others get the thread. */
const SERVERS_AT_ONCE = 8;

/** What is told of servers by reading alone. */
export function createServerAnswers({ store }: { store: Pick<Store, "query"> }): Pick<Answers, "serverMetricPoints" | "serverSeries"> {
  return {
    serverMetricPoints: async ({ serverId, metric, period, now, stat, around }, memory) => {
      const { window, bucket } = PERIODS[period];
      const { starts, columns } = await store.query({
        family: SERVER_FAMILY,
        group: serverId,
        columns: [stat === undefined ? { column: metric } : { column: metric, stat }],
        from: now - window,
        to: now,
        step: bucket,
      });
      return pointsJson(starts, columns[0] as Float64Array, around, memory);
    },
    serverSeries: async (serverId, metrics, from, to) => {
      const wanted = metrics.map((column) => ({ column }));
      const { starts, columns } = await store.query({ family: SERVER_FAMILY, group: serverId, columns: wanted, from, to, step: POINT_MS });
      return { starts, columns };
    },
  };
}

export function createAnswers(deps: { store: Store; breathe: () => Promise<void> }): Answers {
  const { store, breathe } = deps;
  const json = createJsonText();
  const pairs = async (wanted: (key: number) => boolean): Promise<number[]> => (await store.groups(PROBE_FAMILY)).filter(wanted);

  return {
    ...createProbeAnswers({ store, json, breathe }),
    ...createServerAnswers({ store }),
    lastSeen: async () => {
      const times: number[] = [];
      for (const [index, serverId] of (await store.groups(SERVER_FAMILY)).entries()) {
        const at = (await store.latest(SERVER_FAMILY, serverId))?.at;
        if (at !== undefined) times.push(serverId, at);
        if (index % SERVERS_AT_ONCE === SERVERS_AT_ONCE - 1) await breathe();
      }
      return Float64Array.from(times);
    },
    dropServers: async (serverIds) => {
      const gone = new Set(serverIds);
      for (const family of [SERVER_FAMILY, LATE_FAMILY]) for (const serverId of gone) await store.drop(family, serverId);
      for (const key of await pairs((pair) => gone.has(serverOf(pair)))) await store.drop(PROBE_FAMILY, key);
    },
    dropServices: async (serviceIds) => {
      const gone = new Set(serviceIds);
      for (const key of await pairs((pair) => gone.has(serviceOf(pair)))) await store.drop(PROBE_FAMILY, key);
    },
  };
}
