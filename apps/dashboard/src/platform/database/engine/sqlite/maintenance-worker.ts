import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";

/** What the thread is asked to do; it answers with the rows of the statement, or fails. */
export interface MaintenanceOrder {
  readonly path: string;
  readonly statement: "VACUUM" | "PRAGMA quick_check" | "PRAGMA journal_mode = DELETE";
}

const order = workerData as MaintenanceOrder;
const database = new DatabaseSync(order.path, { timeout: 5_000 });
try {
  const rows = database.prepare(order.statement).all();
  parentPort?.postMessage(rows.map((row) => Object.values(row).join(" ")));
} finally {
  database.close();
}
