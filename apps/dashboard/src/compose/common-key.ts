import { dirname, join } from "node:path";
import type { Installation } from "#features/backup";
import { shownAddress } from "#platform/database";
import type { Database } from "#platform/database";
import { KEY_FILE } from "#platform/sealing";
import type { Sealing } from "#platform/sealing";

/** In `wf_meta`: what is made of the key of the dashboards that are on the database. It tells nothing of the key itself. */
const MARK = "key_mark";
const MARK_BYTES = 8;

export interface CommonKeyDeps {
  readonly database: Pick<Database, "dashboards" | "transaction">;
  readonly sealing: Pick<Sealing, "derive">;
  readonly installation: Installation;
  readonly log: { warn(text: string): void };
}

/**
 * A dashboard with a key of its own would not be heard by the others on its database, nor hear them, and could not read what they have sealed.
 * Where it is alone its key is the one from now on.
 *
 * @throws a sentence that names the file
 */
export async function requireCommonKey({ database, sealing, installation, log }: CommonKeyDeps): Promise<void> {
  const { databaseAddress, databasePath } = installation;
  if (databaseAddress === undefined) return;
  const file = join(dirname(databasePath), KEY_FILE);
  const value = sealing.derive("mark of the key", MARK_BYTES).toString("hex");
  await database.transaction(async (tx) => {
    const mark = await tx.selectFrom("wf_meta").select("value").where("key", "=", MARK).executeTakeFirst();
    if (mark?.value === value) return;
    if (mark !== undefined) {
      if ((await database.dashboards()) > 1)
        throw new Error(`${file} is not the key of the other dashboards on ${shownAddress(databaseAddress)}: put theirs in its place`);
      log.warn(
        `${file} is not the key that ${shownAddress(databaseAddress)} was used with: secrets that were stored with another cannot be read`,
      );
    }
    const row = { key: MARK, value };
    await tx
      .insertInto("wf_meta")
      .values(row)
      .onConflict((conflict) => conflict.column("key").doUpdateSet(row))
      .execute();
  });
}
