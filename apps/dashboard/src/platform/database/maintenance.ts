import { Worker } from "node:worker_threads";
import { asDatabaseError } from "./database-error.ts";
import type { MaintenanceOrder } from "./maintenance-worker.ts";

/** Runs a long statement in a thread with a connection of its own, so that sockets are served meanwhile. */
export function runMaintenance(order: MaintenanceOrder): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./maintenance-worker.ts", import.meta.url), { workerData: order });
    worker.once("message", (rows: readonly string[]) => resolve(rows));
    worker.once("error", (error) => reject(asDatabaseError(error)));
    worker.once("exit", () => reject(new Error("the maintenance thread ended without an answer")));
  });
}
