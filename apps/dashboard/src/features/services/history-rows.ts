import { DatabaseError, writeTime } from "#platform/database";
import type { Database } from "#platform/database";

/** Rows waiting to be written; more are dropped and counted. */
const MOST_WAITING = 10_000;
/** Rows written in one statement: nobody waits long behind them. */
const BATCH = 200;

interface Row {
  readonly serviceId: number;
  /** Unix milliseconds. */
  readonly at: number;
  /** Milliseconds. */
  readonly delay: number;
  readonly up: number;
  readonly down: number;
  readonly data: string;
}

/**
 * Writes table `service_histories` (spec 41 section 10.17): a row for each full window of a service, which the bars of 30 days are made of
 * after a restart, also by the reference; and where no other history is kept a row for each point of each server.
 */
export interface HistoryRows {
  addSummary(row: Row): void;
  addPoint(row: Row & { readonly serverId: number }): void;
  readonly dropped: number;
  /** Resolves when everything is written. */
  settled(): Promise<void>;
}

export function createHistoryRows(deps: { database: Database; withPoints: boolean; onError: (error: unknown) => void }): HistoryRows {
  const waiting: (Row & { serverId: number })[] = [];
  let writing: Promise<void> | undefined;
  let dropped = 0;

  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      try {
        await deps.database.kysely.insertInto("service_histories").values(batch.map(valuesOf)).execute();
      } catch (error) {
        deps.onError(error);
        // A database that is full or busy is tried again with the next row.
        if (error instanceof DatabaseError && error.isRetryable) break;
      }
      waiting.splice(0, batch.length);
    }
    writing = undefined;
  };
  const add = (row: Row & { serverId: number }): void => {
    if (waiting.length >= MOST_WAITING) {
      dropped++;
      return;
    }
    waiting.push(row);
    writing ??= write();
  };
  return {
    addSummary: (row) => add({ ...row, serverId: 0 }),
    addPoint(row) {
      if (deps.withPoints) add(row);
    },
    get dropped() {
      return dropped;
    },
    settled: async () => writing,
  };
}

function valuesOf(row: Row & { serverId: number }) {
  const time = writeTime(row.at);
  return {
    created_at: time,
    updated_at: time,
    service_id: row.serviceId,
    server_id: row.serverId,
    avg_delay: row.delay,
    up: row.up,
    down: row.down,
    data: row.data,
  };
}
