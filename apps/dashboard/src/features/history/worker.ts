import { setImmediate as soon } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { nodeDisk, openStore, type Store } from "@windfire/tsdb";
import { createAnswers, type Answers } from "./answers.ts";
import { FAMILIES, PROBE_FAMILY, probeKey, SERVER_FAMILY } from "./columns.ts";
import { importProbes } from "./import-probes.ts";
import { coverageOf } from "./coverage.ts";
import { fillServer } from "./late-states.ts";
import { PROBE_SAMPLE, type FromWorker, type HistoryAnswers, type HistoryQuestion, type ToWorker, type WorkerStart } from "./messages.ts";
import { sparklinesOf } from "./sparklines.ts";
import { PROBE_LENGTH, SERVER_LENGTH } from "./sample-buffer.ts";

/** Roll-ups are kept this long unless the size budget ends them earlier. */
const FIVE_MINUTE_DAYS = 400;
const HOUR_DAYS = 3_660;

/**
 * The thread in which the store lives. It has no clock of its own: the beats bring the time. Starts when it is loaded, being the entry of
 * a thread.
 */
async function run(start: WorkerStart): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("this file is the entry of a worker thread");
  const time = { now: start.now, monotonic: start.monotonic };
  const breathe = async (): Promise<void> => soon();
  const store = await openStore({
    folder: start.directory,
    families: FAMILIES,
    limits: {
      rawDays: start.retentionDays,
      fiveMinuteDays: Math.max(FIVE_MINUTE_DAYS, start.retentionDays),
      hourDays: Math.max(HOUR_DAYS, start.retentionDays),
      sizeBudgetBytes: start.sizeBudgetBytes,
      minFreeBytes: start.minFreeDiskBytes,
    },
    disk: nodeDisk,
    clock: { now: () => time.now, monotonic: () => time.monotonic },
    breathe,
  });
  const answers = createAnswers({ store, breathe });
  const post = (message: FromWorker): void => port.postMessage(message);

  const reply = async (id: number, question: HistoryQuestion): Promise<void> => {
    try {
      post({ type: "answer", id, answer: await answerTo(question, store, answers, breathe) });
    } catch (error) {
      post({ type: "failure", id, message: error instanceof Error ? error.message : String(error) });
    }
    if (question.kind === "close") port.close();
  };
  port.on("message", (message: ToWorker) => {
    if (message.type === "ask") {
      void reply(message.id, message.question);
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

function appendAll(store: Store, samples: Float64Array): void {
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
  store: Store,
  answers: Answers,
  breathe: () => Promise<void>,
): Promise<HistoryAnswers[keyof HistoryAnswers]> {
  switch (question.kind) {
    case "metric":
      return answers.serverMetricPoints(question.serverId, question.metric, question.period, question.now, question.stat);
    case "series":
      return answers.serverSeries(question.serverId, question.metrics, question.from, question.to);
    case "sparklines":
      return sparklinesOf(store, question, breathe);
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

await run(workerData as WorkerStart);
