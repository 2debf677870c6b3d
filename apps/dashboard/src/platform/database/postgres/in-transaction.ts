import type { Client } from "pg";
import { reasonOf } from "@windfire/kit";
import { DatabaseError, shownAddress } from "../engine/index.ts";
import { abandon, asPostgresError, connect } from "../engine/postgres/index.ts";

/** A connection and a transaction of its own, as long as they take. What it throws of the engine is a `DatabaseError`. */
export async function inTransaction<T>(
  address: string,
  run: (client: Client) => Promise<T>,
  { begin = "BEGIN", isKept = true }: { readonly begin?: string; /** `false`: nothing of it stays. */ readonly isKept?: boolean } = {},
): Promise<T> {
  let client: Client | undefined;
  try {
    client = await connect(address, { isUnlimited: true });
    await client.query(begin);
    const value = await run(client);
    await client.query(isKept ? "COMMIT" : "ROLLBACK");
    return value;
  } catch (error) {
    throw asPostgresError(error);
  } finally {
    if (client !== undefined) abandon(client);
  }
}

/** The failure of a start as a sentence that names the database. */
export function namedPostgresFailure(error: unknown, address: string): DatabaseError {
  const named = asPostgresError(error);
  const failure = named instanceof DatabaseError ? named.failure : "io";
  const where = shownAddress(address);
  const text =
    failure === "in-use"
      ? `another dashboard is running on the database ${where}`
      : `cannot open the database ${where}: ${reasonOf(named)}`;
  return new DatabaseError(failure, text, { cause: error });
}
