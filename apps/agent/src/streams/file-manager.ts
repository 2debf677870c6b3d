import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { userInfo } from "node:os";
import { sep } from "node:path";
import { formatFileResponse, parseFileRequest, parseStreamOrder } from "@windfire/protocol";
import type { FileEntry } from "@windfire/protocol";
import type { RunTask } from "../tasks/task-kind.ts";
import { createIoPipe } from "./io-pipe.ts";
import type { IoPipe } from "./io-pipe.ts";
import { systemErrorText } from "./system-error.ts";

const CHUNK_BYTES = 1024 * 1024;
const MAX_DOWNLOADS = 8;
/** Names of one folder together; a message must stay below 4 MiB. */
const MAX_LISTING_BYTES = 3 * 1024 * 1024;

/** File manager (task 11): lists, downloads and uploads until the browser closes it (spec 21 section 10). */
export const runFileManager: RunTask = async ({ data }, { openIo }) => {
  const order = parseStreamOrder(data);
  if (order === undefined) return undefined;
  const pipe = createIoPipe(openIo, order.streamId);
  let downloads = 0;
  const startDownload = async (path: string): Promise<void> => {
    if (downloads >= MAX_DOWNLOADS) return refuse(pipe, "too many downloads at once");
    downloads++;
    await download(pipe, path);
    downloads--;
  };
  for (let message = await pipe.next(); message !== undefined; message = await pipe.next()) {
    const request = parseFileRequest(message);
    if (request === "unknown") continue;
    if (request === "invalid") await refuse(pipe, "data is invalid");
    else if (request.kind === "list") await list(pipe, request.path);
    else if (request.kind === "download") void startDownload(request.path);
    else await upload(pipe, request.path, request.size);
  }
  return undefined;
};

async function refuse(pipe: IoPipe, text: string): Promise<void> {
  await pipe.send(formatFileResponse({ kind: "error", text }));
}

/** A folder that cannot be read is answered with the home folder. */
async function list(pipe: IoPipe, path: string): Promise<void> {
  const home = `${userInfo().homedir}${sep}`;
  for (const folder of [path, home]) {
    const entries = await readFolder(folder);
    if (entries !== undefined) return void (await pipe.send(formatFileResponse({ kind: "listing", path: folder, entries })));
  }
  await refuse(pipe, `read ${home}: no such folder, or no permission`);
}

async function readFolder(path: string): Promise<FileEntry[] | undefined> {
  if (path === "") return undefined;
  try {
    const found = await readdir(path, { withFileTypes: true });
    let room = MAX_LISTING_BYTES;
    return found
      .map((entry): FileEntry => ({ kind: entry.isDirectory() ? "directory" : "file", name: entry.name }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => (room -= Buffer.byteLength(name) + 2) >= 0);
  } catch {
    return undefined;
  }
}

async function download(pipe: IoPipe, path: string): Promise<void> {
  let file: FileHandle;
  try {
    // Without waiting, for a pipe that nobody writes to would hold the thread for ever.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    return refuse(pipe, `open download file: ${systemErrorText(error)}`);
  }
  try {
    const found = await file.stat();
    if (found.isDirectory()) return await refuse(pipe, `read ${path}: is a directory`);
    if (found.size <= 0) return await refuse(pipe, "requested file is empty");
    await pipe.send(formatFileResponse({ kind: "download", size: found.size }));
    await sendFile(pipe, file);
  } catch (error) {
    await refuse(pipe, `read ${path}: ${systemErrorText(error)}`);
  } finally {
    // It was only read: nothing can be lost with it.
    await file.close().catch(() => undefined);
  }
}

async function sendFile(pipe: IoPipe, file: FileHandle): Promise<void> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0 || !(await pipe.send(buffer.subarray(0, bytesRead)))) return;
  }
}

/** Every message is file data until the size is reached; what the last one holds beyond it is written too. */
async function upload(pipe: IoPipe, path: string, size: number): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, "w");
  } catch (error) {
    return refuse(pipe, `open ${path}: ${systemErrorText(error)}`);
  }
  try {
    for (let written = 0; written < size;) {
      const bytes = await pipe.next();
      if (bytes === undefined) return;
      await writeAll(file, bytes);
      written += bytes.length;
    }
    await pipe.send(formatFileResponse({ kind: "uploaded" }));
  } catch (error) {
    await refuse(pipe, `write ${path}: ${systemErrorText(error)}`);
  } finally {
    // Its content is with the system already; a failure here has no other answer than the one given.
    await file.close().catch(() => undefined);
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
}
