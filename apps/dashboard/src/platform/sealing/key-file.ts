import { randomBytes } from "node:crypto";
import { chmod, link, open, readFile, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemCode } from "@windfire/kit";

/** Name of the file beside the database. It belongs into every backup: without it stored secrets have to be entered again. */
export const KEY_FILE = "windfire.key";
const KEY_BYTES = 32;

/**
 * The key for stored secrets: 32 random bytes that only the owner of the file may read, made when there are none.
 *
 * @throws {Error} when the file has another size: a key that was cut would make every stored secret unreadable for good
 */
export async function loadKey(path: string): Promise<Uint8Array> {
  const key = (await readKey(path)) ?? (await makeKey(path));
  if (key.length !== KEY_BYTES) throw new Error(`${path} has ${key.length} bytes, not ${KEY_BYTES}: put back the one from a backup`);
  return key;
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  try {
    const key = await readFile(path);
    await chmod(path, 0o600);
    return key;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Written whole under another name first: a crash leaves no half key, and of two who make one both get the same. */
async function makeKey(path: string): Promise<Uint8Array> {
  const draft = join(dirname(path), `.${KEY_FILE}.${randomBytes(6).toString("hex")}`);
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(randomBytes(KEY_BYTES));
    await file.sync();
    await file.close();
    await link(draft, path).catch((error: unknown) => {
      if (systemCode(error) !== "EEXIST") throw error;
    });
  } finally {
    await unlink(draft);
  }
  return readFile(path);
}
