import { VictoriaError } from "./client.ts";
import type { VictoriaCall, VictoriaClient } from "./client.ts";

/** A client for what people wait for: while nobody answers, calls fail at once, and those that wait already do as soon as that is known. */
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
/** Who has waited for so long is the reason for a look. */
const LATE_MS = 3_000;

export function createCautiousClient({ client, looks, time }: CautiousClientDeps): CautiousClient {
  let failure: VictoriaError | undefined;
  let failedAt: number | undefined;
  let lookAt = 0;
  let isLooking = false;
  /** Calls without an answer so far, the oldest first, by when they began. */
  const open = new Set<{ readonly since: number }>();
  let silence = createSilence();

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
    if (failure !== undefined) {
      silence.reject(failure);
      silence = createSilence();
    }
    lookAt = time.monotonic + PAUSE_MS;
    isLooking = false;
  };
  return {
    call: async (what) => {
      if (failure !== undefined) throw failure;
      const begun = { since: time.monotonic };
      open.add(begun);
      try {
        return await Promise.race([client.call(what), silence.promise]);
      } catch (error) {
        if (error !== failure && isSilence(error)) void look();
        throw error;
      } finally {
        open.delete(begun);
      }
    },
    get failure() {
      return failure?.message ?? "";
    },
    get failedAt() {
      return failedAt;
    },
    beat: () => {
      const [oldest] = open;
      const isDue = failure !== undefined || (oldest !== undefined && time.monotonic - oldest.since >= LATE_MS);
      if (isDue && time.monotonic >= lookAt) void look();
    },
    close: () => {
      client.close();
      looks.close();
    },
  };
}

/** Rejects for all who wait, once it is known that nobody answers. */
function createSilence(): PromiseWithResolvers<never> {
  const silence = Promise.withResolvers<never>();
  silence.promise.catch(() => undefined);
  return silence;
}

/** Whoever answers with an error is there. */
function isSilence(error: unknown): error is VictoriaError {
  return error instanceof VictoriaError && error.isUnanswered;
}
