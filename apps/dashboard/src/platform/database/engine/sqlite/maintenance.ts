import { Worker } from "node:worker_threads";
import { asDatabaseError } from "../database-error.ts";
import type { MaintenanceOrder } from "./maintenance-worker.ts";

/**
 * Runs a long statement in a thread with a connection of its own, so that sockets are served meanwhile. Settles when the thread has
 * ended and its connection is closed.
 */
export function runMaintenance(order: MaintenanceOrder): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(
      new URL(import.meta.url.endsWith(".ts") ? "./maintenance-worker.ts" : "./maintenance-worker.js", import.meta.url),
      { workerData: order },
    );
    let rows: readonly string[] | undefined;
    worker.once("message", (message: readonly string[]) => {
      rows = message;
    });
    worker.once("error", (error) => reject(asDatabaseError(error)));
    worker.once("exit", () => {
      if (rows === undefined) reject(new Error("the maintenance thread ended without an answer"));
      else resolve(rows);
    });
  });
}
