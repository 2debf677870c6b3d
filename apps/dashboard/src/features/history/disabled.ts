import { NOTHING_AROUND } from "./around.ts";
import type { History } from "./model.ts";

/** A history that is switched off. */
export const disabledHistory: History = {
  enabled: false,
  recordServer: () => undefined,
  recordProbe: () => undefined,
  importProbes: () => Promise.resolve(0),
  recordLate: () => Promise.resolve(0),
  serverMetricPoints: (_id, _metric, _period, _now, { around: { head, tail } = NOTHING_AROUND } = {}) =>
    Promise.resolve({ bytes: new TextEncoder().encode(`${head}[]${tail}`), giveBack: () => undefined }),
  coverage: (_id, _from, now) => Promise.resolve({ from: now, to: now, spans: [] }),
  serverSeries: (_id, metrics) => Promise.resolve({ starts: new Float64Array(), columns: metrics.map(() => new Float64Array()) }),
  sparklines: (_ids, _metrics, now) => Promise.resolve({ from: now, texts: new Map() }),
  serviceHistory: noPages,
  serverServices: noPages,
  probeSeries: () => Promise.resolve({ starts: new Float64Array(), delays: new Float64Array(), losses: new Float64Array() }),
  serviceSummaries: () => Promise.resolve([]),
  lastSeen: () => undefined,
  dropServers: async () => undefined,
  dropServices: async () => undefined,
  letGo: () => undefined,
  stats: () =>
    Promise.resolve({
      enabled: false,
      kind: "embedded",
      state: "disabled",
      reason: "",
      pausedAt: undefined,
      series: 0,
      points: 0,
      bytes: { logs: 0, chunks: 0, raw: 0, halfHours: 0, fiveMinutes: 0, hours: 0 },
      totalBytes: 0,
      budgetBytes: 0,
      freeBytes: 0,
      oldest: undefined,
      dropped: { bufferFull: 0, stopped: 0, time: 0, notFinite: 0, id: 0 },
      damaged: 0,
    }),
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

async function* noPages(): AsyncGenerator<never> {}
