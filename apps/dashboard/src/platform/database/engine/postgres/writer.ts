import type { QueryResult } from "pg";
import type { Answer } from "../access.ts";
import { DatabaseError } from "../database-error.ts";
import { createWriteGate } from "../write-gate.ts";
import { outcomeOf } from "./commit.ts";
import { asDatabaseError, isConnectionLost } from "./failures.ts";
import { createHeldConnection } from "./held-connection.ts";
import type { HeldConnection, HeldConnectionDeps } from "./held-connection.ts";
import { BEGIN_WRITING, requireWritable } from "./locks.ts";
import { bindable } from "./values.ts";

const MAX_WAITING = 10_000;
const MAX_WAIT_MS = 60_000;

/** A statement with its values. */
export interface Asked {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * The one connection that writes. It holds the place of the dashboard on the database, so whoever lost that can write nothing more; and
 * every transaction begins with a lock that all writers take, in every process: one at a time, as with SQLite. What the verbs of the rooms
 * read, check and write rests on that, and so does the order of the change log: no reader sees a later line before an earlier one.
 */
export interface Writer {
  /** Connects for the first time. @throws {DatabaseError} */
  open(): Promise<void>;
  write(asked: Asked): Promise<Answer>;
  within(asked: Asked): Promise<Answer>;
  begin(): Promise<void>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Waits for the transaction that is under way. */
  close(): Promise<void>;
  /** Ends the connection as it is: what is under way fails, and `close` resolves. */
  abandon(): void;
  readonly waiting: number;
}

/** See {@link Writer}. */
export function createWriter(deps: HeldConnectionDeps): Writer {
  const gate = createWriteGate({ clock: deps.clock, maxWaiting: MAX_WAITING, maxWaitMs: MAX_WAIT_MS });
  const connection = createHeldConnection(deps);
  const { begin, commit, rollback } = createTransactions(connection, deps);

  const send = async (asked: Asked): Promise<Answer> => {
    const on = connection.current();
    try {
      return answerOf(await on.query<Record<string, unknown>>(asked.sql, bindable(asked.parameters)));
    } catch (error) {
      if (isConnectionLost(error)) connection.drop(on);
      throw asDatabaseError(error);
    }
  };
  const enter = async (): Promise<void> => {
    await gate.enter();
    try {
      await begin();
    } catch (error) {
      gate.leave();
      throw error;
    }
  };
  const leave = async (): Promise<void> => {
    await rollback();
    gate.leave();
  };
  return {
    open: async () => void (await connection.get()),
    async write(asked) {
      await enter();
      try {
        const answer = await send(asked);
        await commit();
        gate.leave();
        return answer;
      } catch (error) {
        await leave();
        throw error;
      }
    },
    within: send,
    begin: enter,
    // A commit that fails is followed by a rollback, as Kysely does it: that lets the next one in.
    commit: async () => {
      await commit();
      gate.leave();
    },
    rollback: leave,
    async close() {
      await gate.enter("atLength");
      await connection.close();
      gate.leave();
    },
    abandon: connection.abandon,
    get waiting() {
      return gate.waiting;
    },
  };
}

/** Beginning and ending transactions, one after the other. */
function createTransactions(connection: HeldConnection, { clock, address }: Pick<HeldConnectionDeps, "clock" | "address">) {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void clock.setTimeout(resolve, ms));
  let xid = "";
  return {
    async begin(): Promise<void> {
      const on = await connection.get();
      try {
        // A text of several statements has a result for each, which the driver's types do not say.
        const last = [await on.query<{ xid: string; read_only: string }>(BEGIN_WRITING)].flat().at(-1);
        xid = last?.rows[0]?.xid ?? "";
        requireWritable(last?.rows[0]?.read_only);
      } catch (error) {
        // Another connection may lead to a server that writes.
        if (isConnectionLost(error) || isReadOnly(error)) connection.drop(on);
        else await on.query("ROLLBACK").catch(() => connection.drop(on));
        throw asDatabaseError(error);
      }
    },
    async commit(): Promise<void> {
      const on = connection.current();
      let said: string;
      try {
        said = (await on.query("COMMIT")).command;
      } catch (error) {
        if (!isConnectionLost(error)) throw asDatabaseError(error);
        connection.drop(on);
        if ((await outcomeOf(address, xid, wait)) === "committed") return;
        throw asDatabaseError(error);
      }
      if (said === "ROLLBACK") throw new DatabaseError("statement", "a statement of the transaction had failed: nothing of it was kept");
    },
    /** Never fails: a transaction ends with its connection too. */
    async rollback(): Promise<void> {
      const on = await Promise.resolve()
        .then(connection.current)
        .catch(() => undefined);
      await on?.query("ROLLBACK").catch(() => connection.drop(on));
    },
  };
}

const isReadOnly = (error: unknown): boolean => {
  const known = asDatabaseError(error);
  return known instanceof DatabaseError && known.failure === "read-only";
};

export function answerOf({ rows, rowCount, command }: QueryResult<Record<string, unknown>>): Answer {
  return command === "SELECT" ? { rows } : { rows, written: { changes: rowCount ?? 0 } };
}
