import { VictoriaError } from "./client.ts";
import type { VictoriaCall, VictoriaClient } from "./client.ts";

/** A client for what people wait for: while nobody answers, calls fail at once. */
export interface CautiousClient extends VictoriaClient {
  /** Why nobody answers; empty while somebody does. */
  readonly failure: string;
  /** Since when, Unix milliseconds. */
  readonly failedAt: number | undefined;
  /** Asks whether somebody answers again, where that is due. */
  beat(): void;
}

export interface CautiousClientDeps {
  readonly client: VictoriaClient;
  /** Asks whether anybody is there: it does not wait behind the calls of the other. */
  readonly looks: VictoriaClient;
  readonly time: { readonly now: number; readonly monotonic: number };
}

const LOOK: VictoriaCall = { path: "/health", params: {}, deadlineMs: 5_000, mostBytes: 4_096 };
const PAUSE_MS = 3_000;

export function createCautiousClient({ client, looks, time }: CautiousClientDeps): CautiousClient {
  let failure: VictoriaError | undefined;
  let failedAt: number | undefined;
  let lookAt = 0;
  let isLooking = false;

  /** One question without an answer may be a question too hard. */
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    const error = await looks.call(LOOK).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    failure = isSilence(error) ? error : undefined;
    failedAt = failure && (failedAt ?? time.now);
    lookAt = time.monotonic + PAUSE_MS;
    isLooking = false;
  };
  return {
    call: async (what) => {
      if (failure !== undefined) throw failure;
      try {
        return await client.call(what);
      } catch (error) {
        if (isSilence(error)) void look();
        throw error;
      }
    },
    get failure() {
      return failure?.message ?? "";
    },
    get failedAt() {
      return failedAt;
    },
    beat: () => {
      if (failure !== undefined && time.monotonic >= lookAt) void look();
    },
    close: () => {
      client.close();
      looks.close();
    },
  };
}

/** Whoever answers with an error is there. */
function isSilence(error: unknown): error is VictoriaError {
  return error instanceof VictoriaError && error.isUnanswered;
}
