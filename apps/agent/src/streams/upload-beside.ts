import { constants } from "node:fs";
import { access, copyFile, lstat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { Stats } from "node:fs";
import { dirname, join } from "node:path";
import { isErrorCode } from "../fault.ts";
import type { FileGuard } from "../gate/index.ts";
import { startReplacement } from "../tasks/mcp/index.ts";
import type { Replacement } from "../tasks/mcp/index.ts";

/** Where the bytes go, and what makes them the file. */
export interface UploadTarget {
  readonly file: FileHandle;
  finish(): Promise<void>;
  /** After what `finish` did or did not do; never fails. */
  leave(): Promise<void>;
}

const PREFIX = ".windfire-upload-";
/** Of a file that is new, before the mask of the agent's process. */
const NEW_MODE = 0o666;
const PERMISSIONS = 0o777;

/**
 * A file beside the one that is meant, with its owner and permissions, to be put in its place once it is whole: a cancelled upload leaves
 * nothing. Undefined where the file has to be written itself: it is a device or has several names, or its folder takes no new ones or is
 * not one that orders may write to.
 */
export async function replaceByUpload(path: string, guard: FileGuard): Promise<UploadTarget | undefined> {
  const real = await guard.admit(path, "write", { follow: true });
  const before = await lstat(real).catch(() => undefined);
  if (before !== undefined && !(await canBeReplaced(real, before))) return undefined;
  if (before !== undefined) await guard.refuseOwn(before);
  if (!(await mayStandBeside(real, guard))) return undefined;
  const mode = before === undefined ? NEW_MODE & ~process.umask() : before.mode & PERMISSIONS;
  // What is wrong with the folder is found again, and told, by writing the file itself.
  const replacement = await startReplacement(real, { prefix: PREFIX, mode, createDirs: false }).catch(() => undefined);
  if (replacement === undefined) return undefined;
  const leave = (): Promise<void> => replacement.discard().catch(() => undefined);
  if (before !== undefined && !(await isOwnedAs(replacement, before))) {
    await leave();
    return undefined;
  }
  return {
    file: replacement.file,
    finish: async () => {
      await replacement.seal();
      await putInPlace(replacement, real, guard);
      await leave();
    },
    leave,
  };
}

/** Where the host permits a file alone, nothing is made in its folder. */
function mayStandBeside(path: string, guard: FileGuard): Promise<boolean> {
  return guard.admit(join(dirname(path), PREFIX), "write", { follow: false }).then(
    () => true,
    () => false,
  );
}

/** A file that nobody may write is not replaced either. */
async function canBeReplaced(path: string, found: Stats): Promise<boolean> {
  if (!found.isFile() || found.nlink > 1) return false;
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

/** Whether the new file has the owner of the old one. */
async function isOwnedAs({ file }: Replacement, { uid, gid }: Stats): Promise<boolean> {
  const made = await file.stat();
  if (made.uid === uid && made.gid === gid) return true;
  return file.chown(uid, gid).then(
    () => true,
    () => false,
  );
}

/** A file that is mounted by itself cannot be replaced: it is written. */
async function putInPlace(replacement: Replacement, path: string, guard: FileGuard): Promise<void> {
  const check = (): Promise<unknown> => guard.admit(path, "write", { follow: false });
  try {
    await replacement.commit(check);
  } catch (error) {
    if (!isErrorCode(error, "EBUSY")) throw error;
    await check();
    await copyFile(replacement.temporary, path);
  }
}
