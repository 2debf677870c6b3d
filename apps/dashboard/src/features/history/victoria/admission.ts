import { gzipSync } from "node:zlib";
import { VictoriaError } from "./client.ts";
import type { VictoriaCall, VictoriaClient } from "./client.ts";
import { IMPORT_PATH } from "./post-rows.ts";
import { RANGE_PATH } from "./reading.ts";

/** Whether questions would be answered and points taken, before there are any: a wrong password is not to be noticed by the first points. */
export interface Admission {
  /** Why not; empty where they would, and before that is known. */
  readonly failure: string;
  /** Since when, Unix milliseconds. */
  readonly failedAt: number | undefined;
  readonly isRefused: boolean;
  /** Asks from the start on until there is an answer; never rejects. */
  beat(): void;
}

export interface AdmissionDeps {
  readonly client: VictoriaClient;
  readonly time: { readonly now: number; readonly monotonic: number };
  /** Hears why not, and when they would (an empty reason). */
  readonly onOutage?: ((reason: string) => void) | undefined;
}

const AGAIN_MS = 10_000;
const BOUNDS = { deadlineMs: 5_000, mostBytes: 4_096 };
/** Of no series. */
const QUESTION: VictoriaCall = { path: RANGE_PATH, params: { query: "1", start: "0", end: "0", step: "60s" }, ...BOUNDS };
const NO_POINTS: VictoriaCall = {
  path: IMPORT_PATH,
  params: { format: "1:time:unix_ms,2:metric:windfire_nothing" },
  body: gzipSync(""),
  ...BOUNDS,
};

/** Who is not let in, be it because the password is wrong or because it has no right to this. */
export function isRefusal(error: unknown): boolean {
  return error instanceof VictoriaError && (error.status === 401 || error.status === 403);
}

export function createAdmission({ client, time, onOutage }: AdmissionDeps): Admission {
  let failure = "";
  let failedAt: number | undefined;
  let isRefused = false;
  let askAt = Number.NEGATIVE_INFINITY;
  const ask = async (): Promise<void> => {
    askAt = Number.POSITIVE_INFINITY;
    try {
      await client.call(QUESTION);
      // A proxy may let somebody read who must not write; what else it has against an import of nothing says nothing of points.
      await client.call(NO_POINTS).catch((error: unknown) => {
        if (isRefusal(error)) throw error;
      });
      if (failure !== "") onOutage?.("");
      [failure, failedAt, isRefused] = ["", undefined, false];
    } catch (error) {
      askAt = time.monotonic + AGAIN_MS;
      // Whoever does not answer at all is noticed by every call.
      if (error instanceof VictoriaError && error.isUnanswered) return;
      const isNew = failure === "";
      failure = error instanceof Error ? error.message : String(error);
      failedAt ??= time.now;
      isRefused = isRefusal(error);
      if (isNew) onOutage?.(failure);
    }
  };
  return {
    get failure() {
      return failure;
    },
    get failedAt() {
      return failedAt;
    },
    get isRefused() {
      return isRefused;
    },
    beat: () => {
      if (time.monotonic >= askAt) void ask();
    },
  };
}
