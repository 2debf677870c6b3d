import type { FromWorker, HistoryAnswers, HistoryQuestion, ToWorker } from "./messages.ts";

/** Questions the worker has not answered yet. */
const MOST_QUESTIONS = 2_000;

type Waiting = { readonly resolve: (answer: never) => void; readonly reject: (error: Error) => void };

/** Who waits for which answer. */
export interface OpenQuestions {
  /** Hands a question to `post`; rejects when too many wait, or when the worker cannot answer. */
  ask<K extends HistoryQuestion["kind"]>(
    question: Extract<HistoryQuestion, { kind: K }>,
    post: (message: ToWorker) => void,
  ): Promise<HistoryAnswers[K]>;
  answered(message: Exclude<FromWorker, { type: "taken" | "note" }>): void;
  /** Nobody answers any more. */
  fail(reason: string): void;
}

/** See {@link OpenQuestions}. */
export function createOpenQuestions(): OpenQuestions {
  const waiting = new Map<number, Waiting>();
  let serial = 0;
  return {
    ask(question, post) {
      if (waiting.size >= MOST_QUESTIONS) return Promise.reject(new Error("history: too many questions at once"));
      return new Promise((resolve, reject) => {
        const id = serial++;
        waiting.set(id, { resolve, reject });
        post({ type: "ask", id, question });
      });
    },
    answered(message) {
      const asked = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.type === "answer") asked?.resolve(message.answer as never);
      else asked?.reject(new Error(message.message));
    },
    fail(reason) {
      for (const { reject } of waiting.values()) reject(new Error(`history: ${reason}`));
      waiting.clear();
    },
  };
}
