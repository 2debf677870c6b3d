import { exportTo } from "../moving/move.ts";
import { inTransaction, namedPostgresFailure } from "./in-transaction.ts";

/** Bytes that a database takes on its server. @throws {DatabaseError} */
export async function sizeOfPostgres(address: string): Promise<number> {
  return named(address, () =>
    inTransaction(address, async (client) => {
      const { rows } = await client.query<{ size: number }>("SELECT pg_database_size(current_database()) AS size");
      return rows[0]?.size ?? 0;
    }),
  );
}

/** Writes an SQLite file of the same content, as of one moment. @throws {DatabaseError} */
export async function copyOut(address: string, target: string): Promise<void> {
  await named(address, () => exportTo(address, target));
}

async function named<T>(address: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw namedPostgresFailure(error, address);
  }
}
