import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import type { Clock } from "@windfire/kit";
import { AccessDriver } from "../access.ts";
import type { Engine } from "../engine.ts";
import { abandon, connect } from "./connect.ts";
import { asDatabaseError } from "./failures.ts";
import { createListener } from "./listener.ts";
import type { Listener } from "./listener.ts";
import { COUNT_DASHBOARDS } from "./locks.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

export interface PostgresEngineDeps {
  readonly clock: Clock;
  readonly address: string;
  readonly reader: Reader;
  readonly writer: Writer;
  /** Writes an SQLite file of the same content. */
  readonly copyTo: (target: string) => Promise<void>;
  /** Runs once, after the last statement. */
  readonly onClose: (() => void) | undefined;
}

/** For so long the end waits for what is under way, and for goodbyes to be taken. */
const GOODBYE_MS = 2_000;

/** PostgreSQL behind the face of {@link Engine}. */
export function createPostgresEngine({ clock, address, reader, writer, copyTo, onClose }: PostgresEngineDeps): Engine {
  let listener: Listener | undefined;
  return {
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new AccessDriver({ ...writer, read: reader.read }),
      createQueryCompiler: () => new PostgresQueryCompiler(),
      createIntrospector: (db) => new PostgresIntrospector(db),
    },
    // A transaction of the one that writes has a number and a lock, whatever it holds: a server that only reads refuses it.
    probeWrite: async () => void (await writer.write({ sql: "SELECT 1", parameters: [] })),
    /** PostgreSQL gives back room by itself; this does it now, without keeping anybody from writing. */
    async vacuum() {
      const client = await connect(address, { isUnlimited: true }).catch((error: unknown) => {
        throw asDatabaseError(error);
      });
      try {
        await client.query("VACUUM (ANALYZE)");
      } catch (error) {
        throw asDatabaseError(error);
      } finally {
        abandon(client);
      }
    },
    /** A damaged page says so when it is read (`initdb --data-checksums`): there is no quick check of a whole database. */
    integrityCheck: async () => [],
    copyTo,
    async dashboards() {
      const { rows } = await reader.read({ sql: COUNT_DASHBOARDS, parameters: [] });
      return Number(rows[0]?.["dashboards"]);
    },
    onChange: (heard) => {
      listener ??= createListener({ clock, address, heard });
    },
    async close() {
      listener?.close();
      const leave = (): void => {
        writer.abandon();
        reader.abandon();
      };
      const patience = clock.setTimeout(leave, GOODBYE_MS);
      await writer.close();
      await reader.close();
      patience.cancel();
      leave();
      onClose?.();
    },
    get waitingWriters() {
      return writer.waiting;
    },
  };
}
