import { LITERAL_ERRORS } from "@windfire/api";
import { reasonOf } from "@windfire/kit";
import { expect } from "vitest";
import { SERVER_METRICS } from "../metrics.ts";
import type { History } from "../model.ts";

/** Saturday noon and ten seconds: inside a point of every period. */
export const START = Date.UTC(2026, 0, 10, 12, 0, 10);

/** A history that is being tested, on a place of its own that outlives it. */
export interface HistoryBench {
  open(): Promise<History>;
  /** Closes the history and opens it on the same place, as a restart does. */
  reopen(): Promise<History>;
  remove(): Promise<void>;
}

/** One report, the values not named being 0. */
export function report(changes: Partial<Record<(typeof SERVER_METRICS)[number], number>>): Float64Array {
  return Float64Array.from(SERVER_METRICS, (name) => changes[name] ?? 0);
}

/** All pages of an answer in one list. */
export async function all<T>(pages: AsyncIterable<T[]>): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

/** Why a question was refused: whoever asked is told no more than that it was. */
export async function whyRefused(answer: Promise<unknown>): Promise<string> {
  const refusal: unknown = await answer.catch((error: unknown) => error);
  expect(String(refusal)).toBe(`AppError: ${LITERAL_ERRORS.historyAway}`);
  return reasonOf((refusal as Error).cause);
}
