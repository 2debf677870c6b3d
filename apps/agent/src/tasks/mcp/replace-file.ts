import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "@windfire/kit";
import { McpFault } from "./answer.ts";

const DEFAULT_MODE = 0o644;
const FOLDER_MODE = 0o755;

/** Permission bits of an octal text such as `0644`. @throws McpFault */
export function fileMode(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_MODE;
  if (!/^[0-7]{1,11}$/.test(text)) throw new McpFault(`invalid mode: ${text}`);
  return Number.parseInt(text, 8) & 0o777;
}

/** A file that is written beside its target and then put in its place. */
export interface Replacement {
  readonly file: FileHandle;
  readonly temporary: string;
  /** Brings the content to the disk. */
  seal(): Promise<void>;
  /** Puts it in the target's place; a link is replaced, not followed. @param check the last look at the target, may throw */
  commit(check: () => Promise<unknown>): Promise<void>;
  /** Takes it away again, unless it was committed. */
  discard(): Promise<void>;
}

export async function startReplacement(path: string, options: { prefix: string; mode: number; createDirs: boolean }): Promise<Replacement> {
  const folder = dirname(path);
  if (options.createDirs) await makeFolder(folder, FOLDER_MODE);
  const temporary = join(folder, `${options.prefix}${randomBytes(8).toString("hex")}`);
  const file = await open(temporary, "wx", 0o600);
  let isOpen = true;
  let isCommitted = false;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await file.close();
  };
  return {
    file,
    temporary,
    seal: async () => {
      await file.chmod(options.mode);
      await file.sync();
      await close();
    },
    commit: async (check) => {
      await check();
      await rename(temporary, path);
      isCommitted = true;
      await syncFolder(folder);
    },
    discard: async () => {
      await close();
      if (!isCommitted) await rm(temporary, { force: true });
    },
  };
}

/** The new name survives a power cut as well; not every system lets folders be opened for it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
