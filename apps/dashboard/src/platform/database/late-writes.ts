import type { Changes } from "./change-feed/change-feed.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./engine/index.ts";
import type { Queries } from "./queries.ts";

/** What waits while the database cannot be written: so many writes, and so many bytes. */
const MOST = 1_000;
const MOST_BYTES = 16 * 1024 * 1024;

type Verb = (tx: Queries, changes: Changes) => Promise<void>;

export interface LateWriteDeps {
  readonly database: Pick<Database, "change">;
  readonly onError: (error: unknown) => void;
}

/** Writes of what has happened already, such as an answer of an agent, which nobody says a second time. Who makes one calls `again` now and then. */
export interface LateWrites {
  /**
   * Writes now, or when a database that is full or busy can be written again, in the order of the calls.
   *
   * @param bytes what the write keeps in memory while it waits
   * @throws what no other try can heal
   */
  write(verb: Verb, bytes?: number): Promise<void>;
  /** Tries what waits, oldest first. */
  again(): Promise<void>;
  readonly waiting: number;
}

/** See {@link LateWrites}. */
export function createLateWrites({ database, onError }: LateWriteDeps): LateWrites {
  const waiting: { readonly verb: Verb; readonly bytes: number }[] = [];
  let held = 0;
  let trying: Promise<void> | undefined;

  const isRetryable = (error: unknown): boolean => error instanceof DatabaseError && error.isRetryable;
  const put = (verb: Verb, bytes: number): void => {
    if (waiting.length >= MOST || held + bytes > MOST_BYTES) {
      onError(new Error("too much waits for the database: something is not noted"));
      return;
    }
    waiting.push({ verb, bytes });
    held += bytes;
  };
  const tryAll = async (): Promise<void> => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      try {
        await database.change(first.verb);
      } catch (error) {
        onError(error);
        if (isRetryable(error)) return;
      }
      waiting.shift();
      held -= first.bytes;
    }
  };
  const again = (): Promise<void> => {
    trying ??= tryAll().finally(() => (trying = undefined));
    return trying;
  };
  return {
    async write(verb, bytes = 0) {
      if (waiting.length > 0) {
        // What waits is older. The database may be well by now: what is only in memory is lost with it.
        put(verb, bytes);
        return again();
      }
      try {
        await database.change(verb);
      } catch (error) {
        if (!isRetryable(error)) throw error;
        onError(error);
        put(verb, bytes);
      }
    },
    again,
    get waiting() {
      return waiting.length;
    },
  };
}
