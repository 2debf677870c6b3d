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

interface OpenCall {
  /** When it began, monotonic milliseconds. */
  readonly since: number;
  readonly giveUp: (failure: VictoriaError) => void;
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
  /** Calls without an answer so far, the oldest first. */
  const open = new Set<OpenCall>();

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
    if (failure !== undefined) for (const { giveUp } of open) giveUp(failure);
    lookAt = time.monotonic + PAUSE_MS;
    isLooking = false;
  };
  return {
    call: async (what) => {
      if (failure !== undefined) throw failure;
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      const begun: OpenCall = { since: time.monotonic, giveUp: reject };
      open.add(begun);
      try {
        client.call(what).then(resolve, reject);
        return await promise;
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

/** Whoever answers with an error is there. */
function isSilence(error: unknown): error is VictoriaError {
  return error instanceof VictoriaError && error.isUnanswered;
}
