import type { AnswerMemory } from "./answer-memory.ts";
import { NOTHING_AROUND } from "./around.ts";
import type { History } from "./model.ts";
import type { Pager } from "./pages.ts";
import type { Ask } from "./questions.ts";

interface ReadingDeps {
  readonly read: Ask;
  readonly pages: Pager["pages"];
  readonly memory: Pick<AnswerMemory, "lend">;
}

type Readings = Pick<
  History,
  | "serverMetricPoints"
  | "coverage"
  | "serverSeries"
  | "sparklines"
  | "serviceHistory"
  | "serverServices"
  | "probeSeries"
  | "serviceSummaries"
>;

/** What of a history only reads, as questions to the worker. */
export function createReadings({ read, pages, memory }: ReadingDeps): Readings {
  return {
    serverMetricPoints: async (serverId, metric, period, now, { stat, around = NOTHING_AROUND } = {}) => {
      const asking = { kind: "metric", serverId, metric, period, now: wholeSecond(now), around } as const;
      return memory.lend(await read<"metric">(stat === undefined ? asking : { ...asking, stat }));
    },
    coverage: (serverId, from, now, expectedFrom) =>
      read<"coverage">({ kind: "coverage", serverId, from, now: wholeSecond(now), expectedFrom }),
    serverSeries: (serverId, metrics, from, to) => read<"series">({ kind: "series", serverId, metrics, from, to }),
    sparklines: (serverIds, metrics, now) => read<"sparklines">({ kind: "sparklines", ids: serverIds, metrics, now: wholeSecond(now) }),
    serviceHistory: (serviceId, serverIds, period, now, detail = false) =>
      pages(serverIds, (ids) => read<"service">({ kind: "service", serviceId, ids, period, now: wholeSecond(now), detail })),
    serverServices: (serverId, serviceIds, period, now) =>
      pages(serviceIds, (ids) => read<"server">({ kind: "server", serverId, ids, period, now: wholeSecond(now) })),
    probeSeries: (serviceId, serverIds, from, to) => read<"probe-series">({ kind: "probe-series", serviceId, ids: serverIds, from, to }),
    serviceSummaries: (serviceId, serverIds, now) =>
      read<"summaries">({ kind: "summaries", serviceId, ids: serverIds, now: wholeSecond(now) }),
  };
}

/** Equal questions of one second share an answer; everything recorded before is in it all the same. */
function wholeSecond(now: number): number {
  return Math.ceil(now / 1_000) * 1_000;
}
