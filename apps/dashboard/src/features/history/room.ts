import { join } from "node:path";
import type { Clock } from "@windfire/kit";
import { createAnswerMemory } from "./answer-memory.ts";
import { ID_LIMIT } from "./columns.ts";
import { createDeletedRows } from "./deleted-rows.ts";
import { disabledHistory } from "./disabled.ts";
import { createLastSeen } from "./last-seen.ts";
import type { History } from "./model.ts";
import type { HistoryStats } from "./stats.ts";
import { createPager } from "./pages.ts";
import type { Pager } from "./pages.ts";
import { createQuestions } from "./questions.ts";
import type { Ask } from "./questions.ts";
import { createReadings } from "./readings.ts";
import { createRefusals } from "./refusals.ts";
import { createSampleBuffer } from "./sample-buffer.ts";
import type { VictoriaAddress } from "./victoria/address.ts";
import { startWorkerLink, type HistoryLog, type HistoryThread, type WorkerLink } from "./worker-link.ts";

export interface HistoryOptions {
  readonly clock: Clock;
  readonly log: HistoryLog;
  /** Folder of the history, absolute; made where missing. */
  readonly directory: string;
  readonly limits: {
    /** Days for which 30-second points are kept. */
    readonly retentionDays: number;
    /** Nothing is written while less is free. */
    readonly minFreeDiskBytes: number;
    /** Bytes on disk past which the oldest points go. */
    readonly sizeBudgetBytes: number;
  };
  readonly enabled: boolean;
  /** Where the points are kept instead of the folder, which then holds what waits to be sent. */
  readonly victoria?: {
    readonly address: VictoriaAddress;
    /** Tells apart what several installations keep in the same place: small letters, digits and dashes. */
    readonly installation: string;
    /** Bytes that may wait; past it the oldest go. */
    readonly bufferBytes: number;
  };
}

/** Samples are handed over this often; the worker writes them to disk within another three seconds. */
const BEAT_MS = 1_000;

/** Starts the history: a store in a thread of its own. Disabled, it answers everything empty and touches no file. */
export function createHistory(options: HistoryOptions): History {
  if (!options.enabled) return disabledHistory;
  const { clock } = options;
  const memory = createAnswerMemory();
  const link = startWorkerLink({ clock, log: options.log, thread: threadOf(options), memory });
  const questions = createQuestions({ clock, ask: link.ask });
  const refusals = createRefusals({ clock, log: options.log });
  const pager = createPager();
  const pages: Pager["pages"] = (ids, ask) => refusals.ofPages(pager.pages(ids, ask));
  const buffer = createSampleBuffer();
  const lost = { bufferFull: 0, id: 0 };
  const deleted = createDeletedRows(link.ask);

  /** What was recorded before a question is known to its answer. */
  const handOver = (): void => {
    if (!link.ready) return;
    // First: with the beat goes what waits.
    deleted.tell();
    link.beat(buffer.take());
  };
  const asked = <T>(ask: () => Promise<T>): Promise<T> => {
    if (buffer.length > 0) handOver();
    return ask();
  };
  const read: Ask = (question) => refusals.of(asked(() => questions(question)));
  /** Full means that the worker is behind: then the new sample is the one to go. */
  const record = (take: () => boolean): void => {
    if (take()) return;
    handOver();
    if (!take()) lost.bufferFull++;
  };
  const lastSeen = createLastSeen({ clock, read: () => link.ask<"last-seen">({ kind: "last-seen" }) });
  const beat = clock
    .setInterval(() => {
      handOver();
      memory.rest();
    }, BEAT_MS)
    .unref();

  return {
    enabled: true,
    recordServer: (serverId, at, values) => {
      if (!isId(serverId, Number.MAX_SAFE_INTEGER)) {
        lost.id++;
        return;
      }
      lastSeen.reported(serverId, at);
      record(() => buffer.server(serverId, at, values));
    },
    recordProbe: (serviceId, serverId, at, delayMs, up, spread = { loss: up ? 0 : 1, jitter: undefined }) => {
      if (isId(serviceId, 2 * ID_LIMIT) && isId(serverId, ID_LIMIT))
        record(() => buffer.probe(serviceId, serverId, at, delayMs, up, spread));
      else lost.id++;
    },
    importProbes: (points) => asked(() => link.ask<"import">({ kind: "import", points })),
    recordLate: (serverId, states) => asked(() => link.ask<"late">({ kind: "late", serverId, states })),
    ...createReadings({ read, pages, memory }),
    lastSeen: lastSeen.of,
    dropServers: (ids) => {
      for (const id of ids) lastSeen.forget(id);
      return asked(() => link.ask<"drop-servers">({ kind: "drop-servers", ids }));
    },
    dropServices: (ids) => asked(() => link.ask<"drop-services">({ kind: "drop-services", ids })),
    letGo: (kind, id) => {
      if (kind === "server") lastSeen.forget(id);
      if (options.victoria !== undefined) deleted.add(kind, id);
    },
    stats: () => statsOf(link, lost, options),
    flush: () => asked(() => link.ask({ kind: "flush" })),
    close: async () => {
      beat.cancel();
      handOver();
      await link.close();
    },
  };
}

function threadOf({ directory, limits, victoria }: HistoryOptions): HistoryThread {
  if (victoria === undefined) return { name: "embedded", start: { directory, ...limits } };
  return { name: "victoria", start: { directory: join(directory, "waiting"), ...victoria } };
}

function isId(value: number, limit: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < limit;
}

async function statsOf(link: WorkerLink, lost: { bufferFull: number; id: number }, options: HistoryOptions): Promise<HistoryStats> {
  const { dropped, ...nothing } = await disabledHistory.stats();
  const kind = options.victoria === undefined ? "embedded" : "victoriametrics";
  const budgetBytes = options.victoria === undefined ? options.limits.sizeBudgetBytes : undefined;
  const ours = { ...nothing, kind, enabled: true, budgetBytes } as const;
  if (link.failure !== undefined) return { ...ours, state: "worker-failed", reason: link.failure, dropped: { ...dropped, ...lost } };
  const found = await link.ask<"stats">({ kind: "stats" });
  if ("buffer" in found) return { ...ours, ...ABSENT, ...found, dropped: { ...found.dropped, ...lost } };
  const { state, reason, pausedAt, series, points, bytes, freeBytes, oldest, damaged } = found;
  const totalBytes = Object.values(bytes).reduce((sum, size) => sum + size, 0);
  const stored = { state, reason, pausedAt, series, points, bytes, totalBytes, freeBytes, oldest, damaged };
  return { ...ours, ...stored, dropped: { ...found.dropped, ...lost } };
}

/** What a place says to nobody that may be far away and may be others' too. */
const ABSENT = { series: undefined, points: undefined, bytes: undefined, totalBytes: undefined, freeBytes: undefined, oldest: undefined };
