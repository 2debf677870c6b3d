import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "@windfire/kit";
import { KEY_FILE } from "#platform/sealing";
import type { Installation } from "../snapshot.ts";
import { isKeptName, placesOf, readOrder, writeOrder } from "./order.ts";
import type { Order, Places } from "./order.ts";
import { swapDisk } from "./swap-disk.ts";
import type { SwapDisk } from "./swap-disk.ts";

const CONFIG = "config.yaml";
const UNDO = { kind: "undo", state: "moving-out" } as const;
/** Installations that were replaced, the newest of which stay. */
const MOST_KEPT = 3;

/**
 * Goes on with a replacement that was ordered or broken off, to its end. To be called before the database is opened, by whoever holds the
 * lock of its folder. Each step can be done twice. What cannot be moved is taken back: then the order says why.
 *
 * @returns the order when an installation awaits its first start
 * @throws when what was put aside cannot be taken back either; the next call tries again
 */
export async function finishReplacement(installation: Installation, disk: SwapDisk = swapDisk): Promise<Order | undefined> {
  const places = placesOf(installation);
  const order = await readOrder(places);
  if (order === undefined || order.state === "prepared") return undefined;
  try {
    return await moveOn(places, order, disk);
  } catch (error) {
    if (order.kind === "undo") throw error;
    return takeBack(places, reasonOf(error), disk);
  }
}

async function moveOn(places: Places, begun: Order, disk: SwapDisk): Promise<Order> {
  let order = begun;
  const { from, to } = sidesOf(places, order);
  if (order.state === "moving-out") {
    await disk.makeFolder(to);
    for (const name of partsOf(places)) await disk.move(join(places.folder, name), join(to, name));
    await disk.copy(places.configPath, join(to, CONFIG));
    await disk.syncFolder(to);
    await disk.syncFolder(places.folder);
    order = await writeOrder(places, { ...order, state: "moving-in" }, disk);
  }
  if (order.state === "moving-in") {
    for (const name of partsOf(places)) await disk.move(join(from, name), join(places.folder, name));
    await disk.copy(join(from, CONFIG), places.configPath);
    await disk.syncFolder(places.folder);
    order = await writeOrder(places, { ...order, state: "moved" }, disk);
  }
  return order;
}

async function takeBack(places: Places, error: string, disk: SwapDisk): Promise<Order | undefined> {
  const order = await readOrder(places);
  if (order === undefined) return undefined;
  if (order.state !== "moving-out") return moveOn(places, await writeOrder(places, { ...order, ...UNDO, error }, disk), disk);
  const kept = join(places.folder, order.keptIn);
  for (const name of partsOf(places)) await disk.move(join(kept, name), join(places.folder, name));
  await disk.syncFolder(places.folder);
  await writeOrder(places, { ...order, state: "prepared", error }, disk);
  await disk.remove(kept);
  return undefined;
}

/** Orders what was prepared. From here on it is done, now or at the next start. */
export async function orderReplacement(installation: Installation, order: Order, disk: SwapDisk = swapDisk): Promise<void> {
  await writeOrder(placesOf(installation), { ...order, state: "moving-out" }, disk);
}

/**
 * Takes the old installation back, when no dashboard started on the new one. @returns whether there was one to take back
 */
export async function undoReplacement(installation: Installation, error: string, disk: SwapDisk = swapDisk): Promise<boolean> {
  const places = placesOf(installation);
  const order = await readOrder(places);
  if (order?.state !== "moved" || order.kind !== "restore") return false;
  await writeOrder(places, { ...order, ...UNDO, error }, disk);
  await finishReplacement(installation, disk);
  return true;
}

/** A dashboard runs on it: what was needed to go back by itself goes. The old installation stays where it was put. */
export async function settleReplacement(installation: Installation, disk: SwapDisk = swapDisk): Promise<void> {
  const places = placesOf(installation);
  const order = await readOrder(places);
  if (order?.state !== "moved") return;
  // The copy of the configuration is all that an installation that came back leaves there.
  if (order.kind === "undo") await disk.remove(join(places.folder, order.keptIn));
  const kept = (await readdir(places.folder)).filter(isKeptName).toSorted().slice(0, -MOST_KEPT);
  for (const name of kept) await disk.remove(join(places.folder, name));
  await disk.remove(places.work);
  await disk.syncFolder(places.folder);
}

function sidesOf({ folder, next, failed }: Places, { kind, keptIn }: Order): { readonly from: string; readonly to: string } {
  const kept = join(folder, keptIn);
  return kind === "restore" ? { from: next, to: kept } : { from: kept, to: failed };
}

/** What an installation consists of besides its configuration, which may lie elsewhere and is copied. */
function partsOf({ database }: Places): string[] {
  return ["", "-journal", "-wal", "-shm"].map((end) => `${database}${end}`).concat(KEY_FILE, "history");
}
