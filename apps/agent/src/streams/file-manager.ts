import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { userInfo } from "node:os";
import { sep } from "node:path";
import { formatFileResponse, parseStreamOrder } from "@windfire/protocol";
import type { FileEntry, FileRequest } from "@windfire/protocol";
import type { FileGuard } from "../gate/index.ts";
import type { RunTask } from "../tasks/task-kind.ts";
import { IDLE, stepFileSession } from "./file-session.ts";
import type { FileState } from "./file-session.ts";
import { createIoPipe } from "./io-pipe.ts";
import type { IoPipe } from "./io-pipe.ts";
import { systemErrorText } from "./system-error.ts";
import { startUpload } from "./upload.ts";
import type { Upload } from "./upload.ts";

const CHUNK_BYTES = 1024 * 1024;
const MAX_DOWNLOADS = 8;
/** Of a file whose size is not known before it is read. */
const MOST_MADE_BYTES = 8 * 1024 * 1024;
const MADE_PART_BYTES = 64 * 1024;
const EMPTY = new Uint8Array(0);
/** Names of one folder together; a message must stay below 4 MiB. */
const MAX_LISTING_BYTES = 3 * 1024 * 1024;

/** File manager (task 11): lists, downloads and uploads until the browser closes it (spec 21 section 10). */
export const runFileManager: RunTask = async ({ data }, { openIo, guard, only }) => {
  const order = parseStreamOrder(data);
  if (order === undefined) return undefined;
  const pipe = createIoPipe(openIo, order.streamId);
  let downloads = 0;
  const startDownload = async (path: string): Promise<void> => {
    if (downloads >= MAX_DOWNLOADS) return refuse(pipe, "too many downloads at once");
    downloads++;
    await download(pipe, path, guard);
    downloads--;
  };
  let upload: Upload | undefined;
  let state: FileState = IDLE;
  const carryOut = async (request: FileRequest): Promise<void> => {
    if (request.kind === "list") return list(pipe, request.path, guard, only ?? []);
    if (request.kind === "download") return void startDownload(request.path);
    const started = await startUpload(request.path, guard);
    upload = started.upload;
    if (started.answer !== undefined) await pipe.send(started.answer);
    else if (request.size === 0) await receive(EMPTY, true);
  };
  const receive = async (bytes: Uint8Array, last: boolean): Promise<void> => {
    const answer = await upload?.write(bytes, last);
    if (answer !== undefined) await pipe.send(answer);
    if (last) upload = undefined;
  };
  for (let message = await pipe.next(); message !== undefined; message = await pipe.next()) {
    const { next, step } = stepFileSession(state, message);
    state = next;
    if (step.kind === "request") await carryOut(step.request);
    else if (step.kind === "data") await receive(step.bytes, step.last);
    else if (step.kind === "invalid") await refuse(pipe, "data is invalid");
  }
  await upload?.close();
  return undefined;
};

async function refuse(pipe: IoPipe, text: string): Promise<void> {
  await pipe.send(formatFileResponse({ kind: "error", text }));
}

/** No folder, or one that cannot be read, is answered with the home folder, or where orders are limited, with the first that is permitted. */
async function list(pipe: IoPipe, path: string, guard: FileGuard, permitted: readonly string[]): Promise<void> {
  const home = `${userInfo().homedir}${sep}`;
  const begin = permitted.length === 0 ? [home] : permitted.map((one) => `${one}${sep}`);
  for (const folder of path === "" ? begin : [path, ...begin]) {
    const entries = await readFolder(folder, guard);
    if (entries !== undefined) return void (await pipe.send(formatFileResponse({ kind: "listing", path: folder, entries })));
  }
  await refuse(pipe, `read ${begin[0]}: no such folder, or no permission`);
}

async function readFolder(path: string, guard: FileGuard): Promise<FileEntry[] | undefined> {
  try {
    const found = await readdir(await guard.admit(path, "list", { follow: true }), { withFileTypes: true });
    let room = MAX_LISTING_BYTES;
    return found
      .map((entry): FileEntry => ({ kind: entry.isDirectory() ? "directory" : "file", name: entry.name }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => (room -= Buffer.byteLength(name) + 2) >= 0);
  } catch {
    return undefined;
  }
}

async function download(pipe: IoPipe, path: string, guard: FileGuard): Promise<void> {
  let file: FileHandle;
  try {
    // Without waiting, for a pipe that nobody writes to would hold the thread for ever.
    const real = await guard.admit(path, "read", { follow: true });
    file = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    return refuse(pipe, `open download file: ${systemErrorText(error)}`);
  }
  try {
    const found = await file.stat();
    await guard.refuseOwn(found);
    if (found.isDirectory()) return await refuse(pipe, `read ${path}: is a directory`);
    if (found.size > 0) {
      await pipe.send(formatFileResponse({ kind: "download", size: found.size }));
      return await sendFile(pipe, file);
    }
    const content = found.isFile() ? await readMadeFile(file) : EMPTY;
    if (content === "too long") return await refuse(pipe, `read ${path}: more than ${MOST_MADE_BYTES >> 20} MiB of unknown size`);
    if (content.length === 0) return await refuse(pipe, "requested file is empty");
    await pipe.send(formatFileResponse({ kind: "download", size: content.length }));
    for (let at = 0; at < content.length; at += CHUNK_BYTES) await pipe.send(content.subarray(at, at + CHUNK_BYTES));
  } catch (error) {
    await refuse(pipe, `read ${path}: ${systemErrorText(error)}`);
  } finally {
    // It was only read: nothing can be lost with it.
    await file.close().catch(() => undefined);
  }
}

/** What a file holds that says it is empty: those of /proc and /sys are made while they are read. */
async function readMadeFile(file: FileHandle): Promise<Uint8Array | "too long"> {
  const parts: Buffer[] = [];
  for (let length = 0; length <= MOST_MADE_BYTES;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(MADE_PART_BYTES), 0, MADE_PART_BYTES);
    if (bytesRead === 0) return Buffer.concat(parts);
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return "too long";
}

async function sendFile(pipe: IoPipe, file: FileHandle): Promise<void> {
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES);
    if (bytesRead === 0 || !(await pipe.send(buffer.subarray(0, bytesRead)))) return;
  }
}
