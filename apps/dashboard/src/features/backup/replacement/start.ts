import { reasonOf } from "@windfire/kit";
import { withDirectory } from "#platform/database";
import type { Installation } from "../snapshot.ts";
import { placesOf, readOrder } from "./order.ts";
import { finishReplacement, undoReplacement } from "./swap.ts";

/**
 * To be called before anything of an installation is opened: what an administrator ordered is done, and what was broken off goes on.
 *
 * @throws when another dashboard runs on it, or files cannot be moved
 */
export async function continueReplacement(installation: Installation): Promise<void> {
  const order = await readOrder(placesOf(installation));
  if (order === undefined || order.state === "prepared" || order.state === "moved") return;
  await withDirectory(installation.databasePath, async () => finishReplacement(installation));
}

/** To be called when a dashboard could not start. @returns whether the installation before it is back, and can be started */
export async function takeBackReplacement(installation: Installation, error: unknown): Promise<boolean> {
  const order = await readOrder(placesOf(installation));
  if (order?.state !== "moved" || order.kind !== "restore") return false;
  return withDirectory(installation.databasePath, async () => undoReplacement(installation, reasonOf(error)));
}
