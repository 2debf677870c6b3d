import type { Clock } from "@windfire/kit";
import { reasonOf } from "@windfire/kit";
import { createDatabase } from "../database.ts";
import type { Database } from "../database.ts";
import type { Claim } from "../engine/index.ts";
import { DatabaseError, requireAddress, shownAddress } from "../engine/index.ts";
import { createPostgresEngine, createPostgresWriter, createReader } from "../engine/postgres/index.ts";
import { exportTo } from "../moving/move.ts";
import { inTransaction, namedPostgresFailure } from "./in-transaction.ts";
import { migratePostgres } from "./schema.ts";

export interface OpenPostgresOptions {
  readonly address: string;
  readonly clock: Clock;
  readonly log: { info(text: string): void; warn(text: string): void };
  readonly serviceHistories: boolean;
  readonly claim?: Claim | undefined;
  readonly onClose?: () => void;
}

/** How often, and how long apart in milliseconds, somebody who has just ended is given time to let go of the database. */
const TRIES = 10;
const PAUSE_MS = 200;

/** Opens a database of PostgreSQL for the one dashboard on it, and brings its schema up to date. @throws {DatabaseError} that names it, without user and password */
export async function openPostgres(options: OpenPostgresOptions): Promise<Database> {
  const { address, clock, log, serviceHistories } = options;
  const where = shownAddress(address);
  try {
    requireAddress(address);
    const writer = createPostgresWriter({
      clock,
      address,
      claim: options.claim,
      onLost: (error) => log.warn(`${where} is away: nothing can be written until it is back (${reasonOf(error)})`),
      onBack: () => log.info(`${where} is back`),
    });
    await openWriter(writer);
    try {
      await inTransaction(address, (client) => migratePostgres(client, { serviceHistories }));
      const reader = await createReader(address);
      const engine = createPostgresEngine({
        onClose: options.onClose,
        clock,
        address,
        reader,
        writer,
        copyTo: async (target) => void (await exportTo(address, target)),
      });
      const onError = (error: unknown): void => log.warn(`a change did not reach memory: ${reasonOf(error)}`);
      return createDatabase({ clock, engine, onError });
    } catch (error) {
      await writer.close();
      throw error;
    }
  } catch (error) {
    throw namedPostgresFailure(error, address);
  }
}

async function openWriter(writer: { open(): Promise<void> }): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      await writer.open();
      return;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.failure !== "in-use" || tried === TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
