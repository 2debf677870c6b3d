import { access, constants, lstat, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { freeBytes, makeFolder, syncFolder } from "@windfire/kit";
import type { Actor } from "#platform/audit";
import { BackupError, looksLikeBackup } from "#platform/backup-file";
import { UNFINISHED, writeWhole } from "../whole-file.ts";
import { restoreBackup } from "../restore.ts";
import type { RestoreOrder } from "../restore.ts";
import type { Installation } from "../snapshot.ts";
import { SPARE_BYTES } from "../spare-bytes.ts";
import { placesOf, readOrder, writeOrder } from "./order.ts";
import type { Order, Places } from "./order.ts";

const OWNER_ONLY_FOLDER = 0o700;

/**
 * A file that was sent, kept until it is restored or discarded.
 *
 * @param announced how long it says that it is, in bytes; 0: it does not
 * @returns its size in bytes
 */
export async function keepUpload(installation: Installation, bytes: AsyncIterable<Uint8Array>, announced: number): Promise<number> {
  const places = placesOf(installation);
  await requireIdle(places);
  await makeFolder(places.work, OWNER_ONLY_FOLDER);
  const room = await roomIn(places.work);
  if (announced > room) throw new Error(`the file takes ${announced} bytes, and there is room for ${room}`);
  const size = await writeWhole(places.upload, backupBytes(bytes, room));
  await syncFolder(places.work);
  return size;
}

/** Something else is refused with its first bytes, and what takes more than `room` bytes as soon as it does. */
export async function* backupBytes(bytes: AsyncIterable<Uint8Array>, room: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of bytes) {
    if (size === 0 && !looksLikeBackup(piece)) throw new BackupError("foreign", "this is no backup of Windfire");
    size += piece.length;
    if (size > room) throw new BackupError("large", `the file takes more than the ${room} bytes that there is room for`);
    yield piece;
  }
  if (size === 0) throw new BackupError("foreign", "the file is empty");
}

/** Which backup is to take the place of which installation, who asked for it, and when (Unix milliseconds). */
export interface PrepareOrder extends Omit<RestoreOrder, "folder"> {
  readonly installation: Installation;
  readonly actor: Actor;
  readonly now: number;
  /** Fingerprint of the key that signs backups here. */
  readonly ownSigner: string;
}

/**
 * Makes an installation of a backup beside the one that runs, and touches nothing of that.
 *
 * @throws {BackupError} before anything was written, or an error that names what could not be
 */
export async function prepareReplacement({ installation, actor, now, ownSigner, ...source }: PrepareOrder): Promise<Order> {
  const places = placesOf(installation);
  await requireIdle(places);
  await access(places.configPath, constants.W_OK).catch(() => {
    throw new Error(`${places.configPath} cannot be written, so no other can take its place`);
  });
  if (installation.databaseAddress !== undefined) {
    throw new Error("the rows are in PostgreSQL: restore into an empty folder with windfire restore, and move them with windfire migrate");
  }
  if ((await lstat(installation.databasePath)).isSymbolicLink()) {
    throw new Error(`${installation.databasePath} is a link, and no other database can take its place: restore by hand`);
  }
  await makeFolder(places.work, OWNER_ONLY_FOLDER);
  await rm(places.order, { force: true });
  await rm(places.next, { recursive: true, force: true });
  try {
    const mostBytes = await roomIn(places.work);
    const { contents, signer } = await restoreBackup({ ...source, mostBytes, folder: places.next });
    await rename(join(places.next, "sqlite.db"), join(places.next, places.database));
    await syncFolder(places.next);
    const { created_at, environment, files, program } = contents;
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const order: Order = {
      state: "prepared",
      kind: "restore",
      keptIn: `before-restore-${new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`,
      backup: { created_at, program, signer, own: signer === ownSigner, files: files.length, bytes, environment },
      actor: personOf(actor),
      error: "",
    };
    return await writeOrder(places, order);
  } catch (error) {
    await rm(places.next, { recursive: true, force: true });
    throw error;
  }
}

/** Sent and prepared things go, unless they are already taking the place of what runs. */
export async function discardReplacement(installation: Installation): Promise<void> {
  const places = placesOf(installation);
  await requireIdle(places);
  await rm(places.order, { force: true });
  await rm(places.work, { recursive: true, force: true });
}

/** What a process that was killed has left unfinished goes. */
export async function tidyReplacement(installation: Installation): Promise<void> {
  const places = placesOf(installation);
  const order = await readOrder(places);
  const unfinished = order === undefined ? [places.next, places.failed] : [];
  for (const path of [...unfinished, `${places.upload}${UNFINISHED}`, `${places.order}${UNFINISHED}`]) {
    await rm(path, { recursive: true, force: true });
  }
}

/** Bytes that may be written there; some are left for everybody else. */
async function roomIn(folder: string): Promise<number> {
  return Math.max(0, (await freeBytes(folder)) - SPARE_BYTES);
}

async function requireIdle(places: Places): Promise<void> {
  const order = await readOrder(places);
  if (order !== undefined && order.state !== "prepared")
    throw new Error("a restore was ordered: it is done when the dashboard starts again");
}

function personOf({ kind, userId, username, tokenId, address }: Actor): Order["actor"] {
  return { kind, userId, username, tokenId, address };
}
