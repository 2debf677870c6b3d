import type { Clock } from "@windfire/kit";
import type { Connection } from "./connection.ts";
import { DatabaseError } from "../database-error.ts";
import { createWriteGate } from "../write-gate.ts";

/** How long another process may hold the file before a write fails (the reference's busy timeout, spec 41 section 9.1). */
const BUSY_LIMIT_MS = 5_000;
const BUSY_PAUSE_MS = 25;
const MAX_WAITING = 10_000;
const MAX_WAIT_MS = 60_000;

/** The one connection that writes. */
export interface Writer {
  /** One statement of its own. */
  write<T>(action: (connection: Connection) => T): Promise<T>;
  /** Begins a transaction; it has the connection for itself until `commit` or `rollback`. */
  begin(): Promise<void>;
  commit(): void;
  rollback(): void;
  /** Keeps everybody else from writing while `work`, which uses other connections, runs: however long, they wait and are not refused. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  readonly connection: Connection;
  readonly waiting: number;
}

/** See {@link Writer}. */
export function createWriter(deps: { clock: Clock; connection: Connection }): Writer {
  const { clock, connection } = deps;
  const gate = createWriteGate({ clock, maxWaiting: MAX_WAITING, maxWaitMs: MAX_WAIT_MS });

  /** Another process that writes is waited for without blocking the thread, by each from when it came. */
  const patiently = async <T>(deadline: number, action: () => T): Promise<T> => {
    for (;;) {
      try {
        return action();
      } catch (error) {
        if (!(error instanceof DatabaseError) || error.failure !== "busy" || clock.monotonic() >= deadline) throw error;
      }
      await new Promise<void>((resolve) => {
        clock.setTimeout(resolve, BUSY_PAUSE_MS);
      });
    }
  };
  const busyDeadline = (): number => clock.monotonic() + BUSY_LIMIT_MS;
  const alone = async <T>(work: () => Promise<T>, stay?: "atLength"): Promise<T> => {
    await gate.enter(stay);
    try {
      return await work();
    } finally {
      gate.leave();
    }
  };
  const rollback = (): void => {
    // A full disk or a damaged page ends the transaction by itself.
    if (connection.inTransaction) connection.exec("ROLLBACK");
  };

  return {
    write: (action) => {
      const deadline = busyDeadline();
      return alone(() => patiently(deadline, () => action(connection)));
    },
    begin: async () => {
      const deadline = busyDeadline();
      await gate.enter();
      try {
        await patiently(deadline, () => connection.exec("BEGIN IMMEDIATE"));
      } catch (error) {
        gate.leave();
        throw error;
      }
    },
    commit: () => {
      connection.exec("COMMIT");
      gate.leave();
    },
    rollback: () => {
      try {
        rollback();
      } finally {
        gate.leave();
      }
    },
    exclusively: (work) => alone(work, "atLength"),
    connection,
    get waiting() {
      return gate.waiting;
    },
  };
}
