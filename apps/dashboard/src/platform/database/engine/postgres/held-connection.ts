import type { Client } from "pg";
import { backOffCeiling } from "@windfire/kit";
import type { Clock } from "@windfire/kit";
import { DatabaseError } from "../database-error.ts";
import { abandon, connect } from "./connect.ts";
import { asDatabaseError } from "./failures.ts";
import { claimDatabase, requireWritable } from "./locks.ts";
import type { Claim } from "./locks.ts";

/** How long a writer waits for one of another process. */
const LOCK_MS = 10_000;
/**
 * A transaction whose process says nothing more is ended, so that others may write. Among several, one that was stopped in the middle of one
 * would keep all from writing, the lease of the judge above all: it is to pass on within five seconds.
 */
export const SILENCE_MS = { alone: 60_000, among: 4_000 } as const;
/** While the database is away it is not asked more often than this, in milliseconds. */
const RETRY = { baseMs: 100, maxMs: 2_000 };

export interface HeldConnectionDeps {
  readonly clock: Clock;
  readonly address: string;
  readonly claim?: Claim | undefined;
  /** Hears that a database that was there went away, and that it is back. */
  readonly onLost: (error: unknown) => void;
  readonly onBack: () => void;
}

/** The connection that holds the place of the dashboard on the database; one at a time, made anew when it was lost. */
export interface HeldConnection {
  /** As it is, or a new one. While the database is away that fails at once, but for a try now and then. @throws {DatabaseError} */
  get(): Promise<Client>;
  /** As it is, in the middle of a transaction. @throws {DatabaseError} when it was lost, and the transaction with it */
  current(): Client;
  /** It is of no use any more. */
  drop(lost: Client): void;
  /** With a goodbye, which a far side that says nothing more never takes. */
  close(): Promise<void>;
  /** Without one: what is under way fails. */
  abandon(): void;
}

/** See {@link HeldConnection}. */
export function createHeldConnection({ clock, address, claim = "alone", onLost, onBack }: HeldConnectionDeps): HeldConnection {
  let client: Client | undefined;
  let closed = false;
  let wasThere = false;
  let away: { readonly failures: number; readonly until: number; readonly error: unknown } | undefined;

  const drop = (lost: Client): void => {
    abandon(lost);
    if (client === lost) client = undefined;
  };
  const connectAnew = async (): Promise<Client> => {
    const fresh = await connect(address, { onLost: drop });
    try {
      await fresh.query(`SET lock_timeout = ${LOCK_MS}; SET idle_in_transaction_session_timeout = ${SILENCE_MS[claim]}`);
      const { rows } = await fresh.query<{ transaction_read_only: string }>("SHOW transaction_read_only");
      requireWritable(rows[0]?.transaction_read_only);
      await claimDatabase(fresh, claim);
      if (closed) throw closedError();
      return fresh;
    } catch (error) {
      abandon(fresh);
      throw error;
    }
  };
  return {
    async get() {
      if (closed) throw closedError();
      if (client !== undefined) return client;
      if (away !== undefined && clock.monotonic() < away.until) throw away.error;
      try {
        client = await connectAnew();
      } catch (thrown) {
        const error = asDatabaseError(thrown);
        const failures = (away?.failures ?? 0) + 1;
        if (away === undefined && wasThere) onLost(error);
        away = { failures, error, until: clock.monotonic() + backOffCeiling(RETRY, failures - 1) };
        throw error;
      }
      if (away !== undefined && wasThere) onBack();
      away = undefined;
      wasThere = true;
      return client;
    },
    current() {
      if (client !== undefined) return client;
      throw new DatabaseError("io", "the connection to the database was lost in the middle of a transaction");
    },
    drop,
    async close() {
      closed = true;
      client?.removeAllListeners("end");
      await client?.end().catch(() => undefined);
      client = undefined;
    },
    abandon() {
      closed = true;
      if (client !== undefined) drop(client);
    },
  };
}

const closedError = (): DatabaseError => new DatabaseError("closed", "the database is closed");
