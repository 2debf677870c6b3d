import { createBackOff } from "@windfire/kit";
import { isRefusal } from "./admission.ts";
import { VictoriaError } from "./client.ts";
import type { VictoriaClient } from "./client.ts";
import type { HeldRows } from "./held-rows.ts";
import type { HeldRow } from "./row-model.ts";
import type { Names } from "./names.ts";
import { postRows } from "./post-rows.ts";
import type { Restarts } from "./restarts.ts";

/** Sends what waits, in order. */
export interface Sender {
  /** Sends until nothing waits or a call fails. Resolves when it is done, at once while it is told to wait. */
  run(): Promise<void>;
  /** The same without waiting after a failure, once, as a stop does; ends at the deadline. */
  drain(deadlineMs: number): Promise<void>;
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
  /** Why nothing is taken at present; empty while points are taken. */
  readonly failure: string;
  /** Since when, Unix milliseconds. */
  readonly failedAt: number | undefined;
  /** It is taken from nobody with this right. */
  readonly isRefused: boolean;
}

export interface SenderDeps {
  readonly client: VictoriaClient;
  readonly names: Names;
  readonly held: HeldRows;
  readonly restarts: Restarts;
  readonly writer: number;
  readonly time: { readonly now: number; readonly monotonic: number };
  readonly random: () => number;
  readonly onOutage?: ((reason: string) => void) | undefined;
}

/** Rows of one call: half a megabyte of text. */
const MOST_ROWS = 4_000;
const CALL_MS = 30_000;
const BACK_OFF = { baseMs: 1_000, maxMs: 30_000 };
/** Answers that speak of what was sent: of a smaller part the rest may be taken. */
const REFUSED: ReadonlySet<number | undefined> = new Set([400, 413, 422]);
/** What was taken so long before it last took something may be in its memory alone. */
const UNWRITTEN_MS = 15_000;

export function createSender(deps: SenderDeps): Sender {
  const { held, restarts, time, random, onOutage } = deps;
  const backOff = createBackOff({ ...BACK_OFF, random });
  let most = MOST_ROWS;
  let retryAt = Number.NEGATIVE_INFINITY;
  let cause: Error | undefined;
  let failedAt: number | undefined;
  /** When it last took something, monotonic milliseconds. */
  let takenAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  const send = async (rows: readonly HeldRow[], deadlineMs: number): Promise<void> => {
    for (const [plan, ofPlan] of Map.groupBy(rows, ({ group }) => group.plan)) {
      await postRows(deps, plan, ofPlan, deadlineMs);
      held.sent(ofPlan, time.monotonic);
      takenAt = time.monotonic;
    }
    most = Math.min(MOST_ROWS, most * 2);
    if (failedAt !== undefined) onOutage?.("");
    cause = undefined;
    failedAt = undefined;
    backOff.reset();
  };
  /** Killed, it loses what it has not written yet. What it has in spite of that is the same point a second time. */
  const sendUnwrittenAgain = (): void => held.sendAgain(takenAt - UNWRITTEN_MS);
  /** @returns whether to go on */
  const failed = (error: unknown, rows: readonly HeldRow[]): boolean => {
    if (error instanceof VictoriaError && REFUSED.has(error.status)) {
      if (rows.length > 1) most = Math.ceil(rows.length / 2);
      else held.refuse(rows);
      return true;
    }
    cause = error instanceof Error ? error : new Error(String(error));
    if (failedAt === undefined) {
      onOutage?.(cause.message);
      sendUnwrittenAgain();
    }
    failedAt ??= time.now;
    // At least half of the longest wait: a fleet of dashboards does not come back at once, and none asks all the time.
    retryAt = time.monotonic + BACK_OFF.baseMs / 2 + backOff.next();
    return false;
  };
  const loop = async (deadline: number): Promise<void> => {
    if (held.waiting(1).length > 0 && (await restarts.happened(Math.max(0, deadline - performance.now())))) sendUnwrittenAgain();
    for (;;) {
      const rows = held.waiting(most);
      const left = Math.min(CALL_MS, deadline - performance.now());
      if (rows.length === 0 || left <= 0) return;
      try {
        await send(rows, left);
      } catch (error) {
        if (!failed(error, rows)) return;
      }
    }
  };
  const begin = (deadline: number): Promise<void> => {
    running ??= loop(deadline).finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    run: () => (time.monotonic < retryAt ? Promise.resolve() : begin(Number.POSITIVE_INFINITY)),
    drain: async (deadlineMs) => {
      const deadline = performance.now() + deadlineMs;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, deadlineMs)));
      try {
        await Promise.race([late, (running ?? Promise.resolve()).then(() => begin(deadline))]);
      } finally {
        clearTimeout(timer);
      }
    },
    idle: async () => running,
    get failure() {
      return cause?.message ?? "";
    },
    get failedAt() {
      return failedAt;
    },
    get isRefused() {
      return isRefusal(cause);
    },
  };
}
