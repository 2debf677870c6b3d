import { LITERAL_ERRORS } from "@windfire/api";
import { reasonOf } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import { AppError } from "#kernel";
import type { HistoryLog } from "./worker-link.ts";

/** While nothing can be read many ask: the log says why once in a while. */
const SAID_MS = 60_000;

/** Makes of what cannot be read what whoever asked is told (spec 11 section 5): why is nobody's business, and stands in the log. */
export interface Refusals {
  /** @throws AppError in place of whatever else */
  of<T>(answer: Promise<T>): Promise<T>;
  ofPages<T>(pages: AsyncIterable<T>): AsyncGenerator<T>;
}

export function createRefusals({ clock, log }: { readonly clock: Pick<Clock, "monotonic">; readonly log: HistoryLog }): Refusals {
  let saidAt = Number.NEGATIVE_INFINITY;
  const refusal = (cause: unknown): AppError => {
    if (cause instanceof AppError) return cause;
    if (clock.monotonic() - saidAt >= SAID_MS) {
      saidAt = clock.monotonic();
      log.error("history cannot be read", { reason: reasonOf(cause) });
    }
    return new AppError(LITERAL_ERRORS.historyAway, [], { translate: false, cause });
  };
  return {
    of: async (answer) => {
      try {
        return await answer;
      } catch (error) {
        throw refusal(error);
      }
    },
    ofPages: async function* (pages) {
      try {
        yield* pages;
      } catch (error) {
        throw refusal(error);
      }
    },
  };
}
