import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { createHistory } from "../../index.ts";
import type { History } from "../../index.ts";

/** Histories of one installation, each with a folder of its own unless it is told one. */
export interface VictoriaBench {
  readonly clock: FakeClock;
  readonly errors: string[];
  open(at: {
    readonly url: string;
    readonly authorization?: string;
    readonly directory?: string;
    readonly bufferBytes?: number;
  }): Promise<History>;
  folder(): Promise<string>;
  /** Beats until something is so; the real time between them is what a call needs. */
  until(isSo: () => Promise<boolean>): Promise<void>;
  remove(): Promise<void>;
}

let installations = 0;
const PAUSE_MS = 20;
const MOST_BEATS = 1_000;

/** @param now Unix milliseconds */
export function createVictoriaBench(now: number, installation = `test-${process.pid}-${++installations}`): VictoriaBench {
  const clock = createFakeClock(now);
  const errors: string[] = [];
  const folders: string[] = [];
  const opened: History[] = [];
  const folder = async (): Promise<string> => {
    const made = await mkdtemp(join(tmpdir(), "windfire-victoria-"));
    folders.push(made);
    return made;
  };
  return {
    clock,
    errors,
    folder,
    open: async ({ url, authorization = "", directory, bufferBytes = 2 ** 24 }) => {
      const history = createHistory({
        clock,
        log: { error: (text) => void errors.push(text) },
        directory: directory ?? (await folder()),
        limits: { retentionDays: 30, minFreeDiskBytes: 0, sizeBudgetBytes: 2 ** 30 },
        enabled: true,
        victoria: { address: { url, authorization }, installation, bufferBytes },
      });
      opened.push(history);
      return history;
    },
    until: async (isSo) => {
      for (let beat = 0; beat < MOST_BEATS; beat++) {
        if (await isSo()) return;
        clock.advance(1_000);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      throw new Error("it did not come about");
    },
    remove: async () => {
      for (const history of opened) await history.close();
      for (const path of folders) await rm(path, { recursive: true, force: true });
    },
  };
}
