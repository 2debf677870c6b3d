import type { Disk } from "./files/disk.ts";

/** Whether the store takes samples, and why not. */
export type WriteState = "writing" | "low-disk" | "write-failed" | "closed";

/** Stops writing while the disk is short or failing. */
export interface Gate {
  readonly state: WriteState;
  /** Text of the failure that stopped writing. */
  readonly reason: string;
  /** Free bytes at the last look. */
  readonly freeBytes: number;
  readonly writing: boolean;
  /** Since when nothing is written, Unix milliseconds. */
  readonly pausedAt: number | undefined;
  fail(error: unknown): void;
  /** Looks at the disk; `retry` tries to write what could not be written, and throws when it still cannot. */
  check(retry: () => Promise<void>): Promise<void>;
  close(): void;
}

const RESUME_FACTOR = 1.1;

export function createGate(deps: { disk: Disk; folder: string; minFreeBytes: number; now: () => number }): Gate {
  let state: WriteState = "writing";
  let reason = "";
  let freeBytes = 0;
  let pausedAt: number | undefined;
  const enter = (next: WriteState): void => {
    state = next;
    pausedAt = next === "writing" ? undefined : (pausedAt ?? deps.now());
  };
  const fail = (error: unknown): void => {
    if (state === "closed") return;
    enter("write-failed");
    reason = error instanceof Error ? error.message : String(error);
  };
  const look = (): void => {
    try {
      freeBytes = deps.disk.freeBytes(deps.folder);
    } catch (error) {
      return fail(error);
    }
    if (state === "closed" || state === "write-failed") return;
    // A little more to begin again than to stop, so that it does not go to and fro.
    const wanted = state === "low-disk" ? deps.minFreeBytes * RESUME_FACTOR : deps.minFreeBytes;
    enter(freeBytes < wanted ? "low-disk" : "writing");
    reason = state === "low-disk" ? `${freeBytes} bytes are free, ${deps.minFreeBytes} are to stay free` : "";
  };
  look();
  return {
    get state() {
      return state;
    },
    get reason() {
      return reason;
    },
    get freeBytes() {
      return freeBytes;
    },
    get pausedAt() {
      return pausedAt;
    },
    get writing() {
      return state === "writing";
    },
    fail,
    check: async (retry) => {
      if (state === "write-failed") {
        try {
          await retry();
          enter("writing");
        } catch (error) {
          fail(error);
        }
      }
      look();
    },
    close: () => {
      state = "closed";
      reason = "";
    },
  };
}
