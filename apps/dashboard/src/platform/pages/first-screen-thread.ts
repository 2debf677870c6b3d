import { Worker } from "node:worker_threads";
import type { Clock, Timer } from "@windfire/kit";
import type { DrawFirstScreen } from "./first-screen.ts";
import type { Drawn } from "./first-screen-worker.ts";

/** A thread that nobody asks for so long ends: what draws pages takes memory. */
const IDLE_MS = 60_000;
/** So late the script has drawn the same. */
const LATE_MS = 1_000;
/** A thread that has not answered by then hangs; a slow machine needs its time to begin. */
const HANGS_MS = 20_000;
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 };

interface Thread {
  readonly worker: Worker;
  /** Whoever waits for an answer, in the order of the questions. */
  readonly waiting: { resolve(html: string): void; reject(error: Error): void }[];
}

/**
 * Draws in a thread, with the module at `file`: a page of hundreds of servers takes tens of milliseconds, in which the dashboard would hear
 * nobody. The thread begins with the first guest.
 */
export function drawInThread(file: string, clock: Pick<Clock, "setTimeout">): DrawFirstScreen {
  let thread: Thread | undefined;
  let idle: Timer | undefined;
  const end = (ended: Thread, error: Error): void => {
    if (thread === ended) thread = undefined;
    void ended.worker.terminate();
    for (const { reject } of ended.waiting.splice(0)) reject(error);
  };
  const begin = (): Thread => {
    const url = new URL(import.meta.url.endsWith(".ts") ? "./first-screen-worker.ts" : "./first-screen-worker.js", import.meta.url);
    const begun: Thread = {
      worker: new Worker(url, { name: "first-screen", workerData: file, resourceLimits: RESOURCE_LIMITS }),
      waiting: [],
    };
    begun.worker.on("message", (drawn: Drawn) => {
      const first = begun.waiting.shift();
      if ("html" in drawn) first?.resolve(drawn.html);
      else first?.reject(new Error(drawn.error));
    });
    begun.worker.once("error", (error: Error) => end(begun, error));
    begun.worker.once("exit", () => end(begun, new Error("the thread ended")));
    // The program may end while it lasts.
    begun.worker.unref();
    return begun;
  };
  return async (data) => {
    const asked = (thread ??= begin());
    idle?.cancel();
    idle = clock.setTimeout(() => end(asked, new Error("the thread had nothing to do")), IDLE_MS).unref();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    asked.waiting.push({ resolve, reject });
    asked.worker.postMessage(data);
    const hangs = clock.setTimeout(() => end(asked, new Error("the thread hangs")), HANGS_MS).unref();
    const late = Promise.withResolvers<never>();
    const patience = clock.setTimeout(() => late.reject(new Error("drawing takes too long")), LATE_MS).unref();
    const answered = promise.finally(() => {
      hangs.cancel();
      patience.cancel();
    });
    return Promise.race([answered, late.promise]);
  };
}
