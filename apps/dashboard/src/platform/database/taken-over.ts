import type { Database } from "./database.ts";
import type { Connection } from "./engine/index.ts";

/** In `wf_meta`: the rows came from a file that no dashboard of ours has started on yet. */
const KEY = "moved_from_reference";

/** Says so in a file whose rows are about to be moved. */
export function noteForeign(connection: Connection): void {
  connection.run("INSERT INTO wf_meta (key, value) VALUES (?, '1')", [KEY]);
}

/** Whether this is the first start on rows of the reference that were moved; asked a second time, it is not. */
export async function takeOverOnce({ kysely }: Pick<Database, "kysely">): Promise<boolean> {
  const mark = await kysely.selectFrom("wf_meta").select("key").where("key", "=", KEY).executeTakeFirst();
  if (mark === undefined) return false;
  await kysely.deleteFrom("wf_meta").where("key", "=", KEY).execute();
  return true;
}
