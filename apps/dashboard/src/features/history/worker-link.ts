import { Worker } from "node:worker_threads";
import type { ResourceLimits } from "node:worker_threads";
import type { Clock } from "@windfire/kit";
import type { AnswerMemory } from "./answer-memory.ts";
import type { FromWorker, HistoryAnswers, HistoryQuestion, ToWorker, WorkerStart } from "./messages.ts";
import { createOpenQuestions } from "./open-questions.ts";
import type { VictoriaStart } from "./victoria/start.ts";

/** Beats the worker has not taken yet. */
const MOST_BEATS = 64;
/** A worker that ended unexpectedly is started again: soon, or where it did not even live that long, after this time. */
const RESTART_AFTER_MS = 10_000;
const RESTART_SOON_MS = 100;
/** Queries leave little behind; a small nursery keeps the thread small. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 512 };
/** Answers come as text, and what waits is held twice while it is read back. */
const VICTORIA_YOUNG_MB = 16;
const MIB = 2 ** 20;

/** Which thread keeps the points, and what it is started with besides the time. */
export type HistoryThread =
  | { readonly name: "embedded"; readonly start: Omit<WorkerStart, "now" | "monotonic"> }
  | { readonly name: "victoria"; readonly start: Omit<VictoriaStart, "now" | "monotonic"> };

/** Entries of the threads, as sources and as packed. */
const ENTRIES: Readonly<Record<HistoryThread["name"], { readonly source: string; readonly packed: string }>> = {
  embedded: { source: "./worker.ts", packed: "./history-worker.js" },
  victoria: { source: "./victoria/worker.ts", packed: "./victoria-worker.js" },
};

/** The main thread's end of the worker. */
export interface WorkerLink {
  /** Hands over samples with the time; false when the worker is too far behind or gone. */
  beat(samples: Float64Array<ArrayBuffer>): boolean;
  /** Rejects when the worker is gone or cannot answer. */
  ask<K extends HistoryQuestion["kind"]>(question: Extract<HistoryQuestion, { kind: K }>): Promise<HistoryAnswers[K]>;
  /** Why there is no worker; undefined while it runs. */
  readonly failure: string | undefined;
  readonly ready: boolean;
  /** Writes everything and ends the thread. */
  close(): Promise<void>;
}

/** The log as far as it is used here. */
export interface HistoryLog {
  error(text: string, details: Record<string, unknown>): void;
  info?(text: string, details: Record<string, unknown>): void;
}

export function startWorkerLink(deps: {
  readonly clock: Clock;
  readonly log: HistoryLog;
  readonly thread: HistoryThread;
  readonly memory: Pick<AnswerMemory, "take">;
}): WorkerLink {
  const { clock } = deps;
  const questions = createOpenQuestions();
  let worker: Worker | undefined;
  let failure: string | undefined;
  let beats = 0;
  let closing = false;
  let began = 0;

  const lose = (reason: string): void => {
    if (worker === undefined) return;
    worker = undefined;
    beats = 0;
    failure = reason;
    questions.fail(reason);
    if (closing) return;
    deps.log.error("the history worker has ended", { reason });
    const lived = clock.monotonic() - began;
    clock.setTimeout(begin, lived > RESTART_AFTER_MS ? RESTART_SOON_MS : RESTART_AFTER_MS).unref();
  };
  const receive = (message: FromWorker): void => {
    if (message.type === "taken") beats--;
    else if (message.type === "note") deps.log[message.level]?.(message.text, { reason: message.reason });
    else questions.answered(message);
  };
  const begin = (): void => {
    if (closing || worker !== undefined) return;
    const started = spawn(deps.thread, { now: clock.now(), monotonic: clock.monotonic() });
    worker = started;
    began = clock.monotonic();
    failure = undefined;
    let reason = "the thread has ended";
    started.on("message", receive);
    started.on("error", (error) => {
      reason = error instanceof Error ? error.message : String(error);
    });
    started.on("exit", () => {
      if (worker === started) lose(reason);
    });
  };
  const ask = <K extends HistoryQuestion["kind"]>(question: Extract<HistoryQuestion, { kind: K }>): Promise<HistoryAnswers[K]> => {
    const running = worker;
    if (running === undefined) return Promise.reject(new Error(`history: ${failure ?? "closed"}`));
    const memory = question.kind === "metric" ? deps.memory.take() : undefined;
    return questions.ask(question, (message) => running.postMessage(memory ? { ...message, memory } : message, memory ? [memory] : []));
  };
  begin();

  return {
    beat: (samples) => {
      if (worker === undefined || beats >= MOST_BEATS) return false;
      beats++;
      const message: ToWorker = { type: "beat", now: clock.now(), monotonic: clock.monotonic(), samples };
      worker.postMessage(message, [samples.buffer]);
      return true;
    },
    ask,
    get failure() {
      return failure;
    },
    get ready() {
      return worker !== undefined && beats < MOST_BEATS;
    },
    close: async () => {
      if (closing) return;
      closing = true;
      const running = worker;
      if (running === undefined) return;
      const ended = new Promise<void>((resolve) => void running.once("exit", () => resolve()));
      const closed = ask<"close">({ kind: "close" });
      await Promise.allSettled([closed, ended]);
      await closed;
    },
  };
}

function limitsOf({ name, start }: HistoryThread): ResourceLimits {
  if (name === "embedded") return RESOURCE_LIMITS;
  const heldMb = Math.ceil((2 * start.bufferBytes) / MIB);
  return { maxYoungGenerationSizeMb: VICTORIA_YOUNG_MB, maxOldGenerationSizeMb: RESOURCE_LIMITS.maxOldGenerationSizeMb + heldMb };
}

function spawn(thread: HistoryThread, now: { readonly now: number; readonly monotonic: number }): Worker {
  const { source, packed } = ENTRIES[thread.name];
  return new Worker(new URL(import.meta.url.endsWith(".ts") ? source : packed, import.meta.url), {
    name: "history",
    workerData: { ...thread.start, ...now },
    resourceLimits: limitsOf(thread),
  });
}
