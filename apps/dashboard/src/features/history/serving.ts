import type { MessagePort } from "node:worker_threads";
import type { Store, StoreStats } from "@windfire/tsdb";
import type { Answers } from "./answers.ts";
import { PROBE_FAMILY, probeKey, SERVER_FAMILY } from "./columns.ts";
import { coverageOf } from "./coverage.ts";
import { importProbes } from "./import-probes.ts";
import { fillServer } from "./late-states.ts";
import { PROBE_SAMPLE, type FromWorker, type HistoryAnswers, type HistoryQuestion, type ToWorker } from "./messages.ts";
import type { Sparklines } from "./model.ts";
import type { VictoriaStats } from "./victoria/stats.ts";
import { PROBE_LENGTH, SERVER_LENGTH } from "./sample-buffer.ts";

/** Where samples go and questions are answered from, whatever keeps the points. */
export interface Serving {
  readonly store: Pick<Store, "append" | "query" | "pointsFrom" | "maintain" | "flush" | "close"> & {
    stats(): Promise<StoreStats | VictoriaStats>;
  };
  readonly answers: Answers;
  readonly sparklines: (question: Extract<HistoryQuestion, { kind: "sparklines" }>) => Promise<Sparklines>;
  /** For a store whose points are on their way for a while. */
  readonly letGo?: (what: "server" | "service", ids: readonly number[]) => Promise<void>;
  readonly breathe: () => Promise<void>;
}

/** The time as the last beat brought it. */
export interface ThreadTime {
  now: number;
  monotonic: number;
}

/** Takes samples and answers questions until it is asked to close. The thread has no clock of its own: the beats set `time`. */
export function serve(port: MessagePort, time: ThreadTime, serving: Serving): void {
  const { store } = serving;
  const post = (message: FromWorker): void => port.postMessage(message, handedOver(message));
  const reply = async ({ id, question, memory }: Extract<ToWorker, { type: "ask" }>): Promise<void> => {
    try {
      post({ type: "answer", id, answer: await answerTo(question, serving, memory) });
    } catch (error) {
      post({ type: "failure", id, message: error instanceof Error ? error.message : String(error) });
    }
    if (question.kind === "close") port.close();
  };
  port.on("message", (message: ToWorker) => {
    if (message.type === "ask") {
      void reply(message);
      return;
    }
    time.now = message.now;
    time.monotonic = message.monotonic;
    appendAll(store, message.samples);
    post({ type: "taken" });
    // What could not be kept is counted by the store and tried again with the next beat.
    store.maintain().catch(() => undefined);
  });
}

/** Bytes are handed over as they are: to copy a day of points and to collect the copies costs more than to make them. */
function handedOver(message: FromWorker): ArrayBuffer[] {
  return message.type === "answer" && message.answer instanceof Uint8Array ? [message.answer.buffer] : [];
}

function appendAll(store: Serving["store"], samples: Float64Array): void {
  const probe = new Float64Array(5);
  for (let at = 0; at < samples.length;) {
    if (samples[at] !== PROBE_SAMPLE) {
      store.append(SERVER_FAMILY, samples[at + 1] as number, samples[at + 2] as number, samples, at + 3);
      at += SERVER_LENGTH;
      continue;
    }
    const up = samples[at + 5] as number;
    probe[0] = up === 1 ? (samples[at + 4] as number) : Number.NaN;
    probe[1] = up;
    probe[2] = 1 - up;
    probe[3] = samples[at + 6] as number;
    probe[4] = samples[at + 7] as number;
    store.append(PROBE_FAMILY, probeKey(samples[at + 1] as number, samples[at + 2] as number), samples[at + 3] as number, probe);
    at += PROBE_LENGTH;
  }
}

async function answerTo(
  question: HistoryQuestion,
  { store, answers, sparklines, letGo, breathe }: Serving,
  memory: ArrayBuffer | undefined,
): Promise<HistoryAnswers[keyof HistoryAnswers]> {
  switch (question.kind) {
    case "metric":
      return answers.serverMetricPoints(question, memory);
    case "series":
      return answers.serverSeries(question.serverId, question.metrics, question.from, question.to);
    case "sparklines":
      return sparklines(question);
    case "service":
      return answers.serviceHistory(question.serviceId, question.ids, question.period, question.now, question.detail);
    case "server":
      return answers.serverServices(question.serverId, question.ids, question.period, question.now);
    case "probe-series":
      return answers.probeSeries(question.serviceId, question.ids, question.from, question.to);
    case "summaries":
      return answers.summaries(question.serviceId, question.ids, question.now);
    case "import":
      return importProbes(store, question.points, breathe);
    case "late":
      return fillServer(store, question.serverId, question.states);
    case "coverage":
      return coverageOf(store, question);
    case "last-seen":
      return answers.lastSeen();
    case "drop-servers":
      await answers.dropServers(question.ids);
      await store.flush();
      return undefined;
    case "drop-services":
      await answers.dropServices(question.ids);
      await store.flush();
      return undefined;
    case "let-go":
      await letGo?.(question.what, question.ids);
      return undefined;
    case "stats":
      return store.stats();
    case "flush":
      await store.flush();
      return undefined;
    case "close":
      await store.close();
      return undefined;
  }
}
