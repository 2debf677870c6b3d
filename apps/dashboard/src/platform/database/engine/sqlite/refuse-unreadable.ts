import { constants } from "node:fs";
import { access, open } from "node:fs/promises";
import { dirname } from "node:path";
import { reasonOf, systemCode } from "@windfire/kit";
import { DatabaseError } from "../database-error.ts";

/** Fails as the system does for a path that cannot be opened: the engine says of all of them no more than that. */
export async function refuseUnreadable(path: string): Promise<void> {
  const probe = await open(path, "r+").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  });
  await probe?.close();
  const folder = dirname(path);
  await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw new DatabaseError("io", `its folder ${folder} must be writable, too: ${reasonOf(error)}`, { cause: error });
  });
}
