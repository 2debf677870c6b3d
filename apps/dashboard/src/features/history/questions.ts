import type { Clock, Timer } from "@windfire/kit";
import type { HistoryAnswers, HistoryQuestion } from "./messages.ts";

type Kind = HistoryQuestion["kind"];
export type Ask = <K extends Kind>(question: Extract<HistoryQuestion, { kind: K }>) => Promise<HistoryAnswers[K]>;

/** Questions whose answers are large: so many are with the worker at once, so many wait. */
const MOST_READING = 8;
const MOST_WAITING = 2_000;
/** From the question to its answer, waiting included (spec 30 section 8.3). */
const DEADLINE_MS = 30_000;
const READING: ReadonlySet<Kind> = new Set([
  "metric",
  "series",
  "service",
  "server",
  "sparklines",
  "probe-series",
  "summaries",
  "coverage",
]);

/**
 * Puts a bound on what is asked for at once: equal questions share one answer, others wait for their turn, and nobody waits for longer than
 * the deadline. What changes or reports something is passed on as it is.
 */
export function createQuestions(deps: { clock: Pick<Clock, "setTimeout">; ask: Ask }): Ask {
  const shared = new Map<string, Promise<unknown>>();
  const waiting: (() => void)[] = [];
  let reading = 0;

  const acquire = (): Promise<void> => {
    if (reading < MOST_READING) {
      reading++;
      return Promise.resolve();
    }
    if (waiting.length >= MOST_WAITING) return Promise.reject(new Error("history: too many questions at once"));
    return new Promise((resolve) => void waiting.push(resolve));
  };
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) reading--;
    else next();
  };
  const read = async <K extends Kind>(
    question: Extract<HistoryQuestion, { kind: K }>,
    isLate: () => boolean,
  ): Promise<HistoryAnswers[K]> => {
    await acquire();
    try {
      // Nobody waits for the answer any more.
      if (isLate()) throw late();
      return await deps.ask(question);
    } finally {
      release();
    }
  };
  const timed = async <K extends Kind>(question: Extract<HistoryQuestion, { kind: K }>): Promise<HistoryAnswers[K]> => {
    let timer: Timer | undefined;
    let isLate = false;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = deps.clock.setTimeout(() => {
        isLate = true;
        reject(late());
      }, DEADLINE_MS);
    });
    const answer = read(question, () => isLate);
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, deadline]);
    } finally {
      timer?.cancel();
    }
  };
  return <K extends Kind>(question: Extract<HistoryQuestion, { kind: K }>) => {
    if (!READING.has(question.kind)) return deps.ask<K>(question);
    const key = JSON.stringify(question);
    const known = shared.get(key) as Promise<HistoryAnswers[K]> | undefined;
    if (known !== undefined) return known;
    const answer = timed(question).finally(() => shared.delete(key));
    shared.set(key, answer);
    return answer;
  };
}

function late(): Error {
  return new Error("history: the answer took too long");
}
