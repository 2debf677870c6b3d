import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { formatFileResponse, parseFileRequest } from "@windfire/protocol";
import type { FileGuard } from "../gate/index.ts";
import { systemErrorText } from "./system-error.ts";

/** A file on its way into the host. Each answer is a frame for the browser, or undefined when there is none to give yet. */
export interface Upload {
  write(bytes: Uint8Array, last: boolean): Promise<Uint8Array | undefined>;
  /** Nothing more comes; what was written stays. */
  close(): Promise<void>;
}

/**
 * Starts an upload by emptying or making its file. What cannot be written is refused once; the data announced for it is
 * taken all the same and goes nowhere.
 */
export async function startUpload(
  path: string,
  guard: FileGuard,
): Promise<{ readonly upload: Upload; readonly answer: Uint8Array | undefined }> {
  try {
    return { upload: writingTo(await openForUpload(path, guard), path), answer: undefined };
  } catch (error) {
    return { upload: NOWHERE, answer: failure(`open ${path}: ${systemErrorText(error)}`) };
  }
}

/** A file is emptied only after it is known to be none that is guarded; a pipe without a reader is not waited for. */
async function openForUpload(path: string, guard: FileGuard): Promise<FileHandle> {
  const real = await guard.admit(path, "write", { follow: true });
  const file = await open(real, constants.O_WRONLY | constants.O_CREAT | NO_FOLLOW | NO_WAIT);
  try {
    const found = await file.stat();
    await guard.refuseOwn(found);
    if (found.isFile()) await file.truncate();
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Missing on Windows. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;

/**
 * What comes may be data or, from somebody who has read the refusal, the next request: nobody can tell, so none is carried
 * out. Only one that is malformed in any case is answered as such, which recorded clients wait for.
 */
const NOWHERE: Upload = {
  write: (bytes) => Promise.resolve(parseFileRequest(bytes) === "invalid" ? failure("data is invalid") : undefined),
  close: () => Promise.resolve(),
};

function writingTo(file: FileHandle, path: string): Upload {
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await file.close();
  };
  return {
    write: async (bytes, last) => {
      if (!isOpen) return undefined;
      try {
        await writeAll(file, bytes);
        if (!last) return undefined;
        await close();
        return formatFileResponse({ kind: "uploaded" });
      } catch (error) {
        // The first failure is told; closing what is broken tells nothing new.
        await close().catch(() => undefined);
        return failure(`write ${path}: ${systemErrorText(error)}`);
      }
    },
    close: () => close().catch(() => undefined),
  };
}

function failure(text: string): Uint8Array {
  return formatFileResponse({ kind: "error", text });
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}
