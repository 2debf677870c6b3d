import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { formatFileResponse, parseFileRequest } from "@windfire/protocol";
import type { FileGuard } from "../gate/index.ts";
import { systemErrorText } from "./system-error.ts";
import { replaceByUpload } from "./upload-beside.ts";
import type { UploadTarget } from "./upload-beside.ts";

/** A file on its way into the host. Each answer is a frame for the browser, or undefined when there is none to give yet. */
export interface Upload {
  write(bytes: Uint8Array, last: boolean): Promise<Uint8Array | undefined>;
  /** Nothing more comes: what is not whole leaves the file as it was, where the host lets one be put in its place. */
  close(): Promise<void>;
}

/**
 * Starts an upload: into a file beside the one that is meant, which takes its place once it is whole, or where that cannot be (a device, a
 * folder that takes no new names) into the file itself. What cannot be written is refused once; the data announced for it is taken all the
 * same and goes nowhere.
 */
export async function startUpload(
  path: string,
  guard: FileGuard,
): Promise<{ readonly upload: Upload; readonly answer: Uint8Array | undefined }> {
  try {
    const target = (await replaceByUpload(path, guard)) ?? (await writeInPlace(path, guard));
    return { upload: writingTo(target, path), answer: undefined };
  } catch (error) {
    return { upload: NOWHERE, answer: failure(`open ${path}: ${systemErrorText(error)}`) };
  }
}

/** A file is emptied only after it is known to be none that is guarded; a pipe without a reader is not waited for. */
async function writeInPlace(path: string, guard: FileGuard): Promise<UploadTarget> {
  const real = await guard.admit(path, "write", { follow: true });
  const file = await open(real, constants.O_WRONLY | constants.O_CREAT | NO_FOLLOW | NO_WAIT);
  try {
    const found = await file.stat();
    await guard.refuseOwn(found);
    if (found.isFile()) await file.truncate();
    return { file, finish: () => file.close(), leave: () => file.close().catch(() => undefined) };
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

function writingTo({ file, finish, leave }: UploadTarget, path: string): Upload {
  let isOpen = true;
  return {
    write: async (bytes, last) => {
      if (!isOpen) return undefined;
      try {
        await writeAll(file, bytes);
        if (!last) return undefined;
        isOpen = false;
        await finish();
        return formatFileResponse({ kind: "uploaded" });
      } catch (error) {
        isOpen = false;
        await leave();
        return failure(`write ${path}: ${systemErrorText(error)}`);
      }
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await leave();
    },
  };
}

function failure(text: string): Uint8Array {
  return formatFileResponse({ kind: "error", text });
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}
