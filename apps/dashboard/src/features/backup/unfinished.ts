import { access } from "node:fs/promises";
import { join } from "node:path";

/** In a folder into which a backup is being restored. */
export const UNFINISHED_RESTORE = ".windfire-restoring";

/** @throws when a restore into the folder was broken off: a dashboard would begin anew beside half an installation */
export async function refuseUnfinishedRestore(folder: string): Promise<void> {
  const isThere = await access(join(folder, UNFINISHED_RESTORE)).then(
    () => true,
    () => false,
  );
  if (isThere) throw new Error(`a restore into ${folder} was broken off: run windfire restore again`);
}
