import type { Client, Pool } from "pg";
import type { Answer } from "../access.ts";
import { DatabaseError } from "../database-error.ts";
import { abandon, connectionOptions, loadDriver } from "./connect.ts";
import { asDatabaseError, isConnectionLost } from "./failures.ts";
import { bindable } from "./values.ts";
import { answerOf } from "./writer.ts";
import type { Asked } from "./writer.ts";

/** Connections that read at once; who comes when all are taken waits for one, as long as a connection may take to be made. */
const CONNECTIONS = 8;
const IDLE_MS = 60_000;

/** Connections for what only reads: each statement sees the last commit. */
export interface Reader {
  read(asked: Asked): Promise<Answer>;
  /** Waits for the answers that are under way. */
  close(): Promise<void>;
  /** Ends all connections as they are: what is under way fails, and `close` resolves. */
  abandon(): void;
}

/** See {@link Reader}. */
export async function createReader(address: string): Promise<Reader> {
  const driver = await loadDriver();
  const pool: Pool = new driver.Pool({ ...connectionOptions(address), max: CONNECTIONS, idleTimeoutMillis: IDLE_MS });
  // One that was idle has gone; the pool makes another when it is asked for one.
  pool.on("error", () => undefined);
  const connections = new Set<Client>();
  pool.on("connect", (client) => connections.add(client)).on("remove", (client) => connections.delete(client));
  let closed = false;
  const ask = async ({ sql, parameters }: Asked): Promise<Answer> =>
    answerOf(await pool.query<Record<string, unknown>>(sql, bindable(parameters)));
  return {
    async read(asked) {
      if (closed) throw new DatabaseError("closed", "the database is closed");
      try {
        return await ask(asked);
      } catch (error) {
        if (!isConnectionLost(error)) throw asDatabaseError(error);
      }
      // The connection may have been cut long before: what only reads is asked a second time, on another one.
      try {
        return await ask(asked);
      } catch (error) {
        throw asDatabaseError(error);
      }
    },
    async close() {
      closed = true;
      await pool.end();
    },
    abandon: () => connections.forEach(abandon),
  };
}
