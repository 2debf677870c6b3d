import { createHash } from "node:crypto";
import { formatMcpFrame, MCP_CHUNK_BYTES, MCP_TRANSFER_CAP } from "@windfire/protocol";
import type { Clock } from "@windfire/kit";
import type { FileGuard } from "../gate/index.ts";
import type { Log } from "../log.ts";
import {
  checkMatch,
  fileMode,
  McpFault,
  openRegularFile,
  parseObject,
  pathFault,
  sanitized,
  startReplacement,
} from "../tasks/mcp/index.ts";
import type { WithPathLock } from "../tasks/mcp/index.ts";
import type { RunTask } from "../tasks/task-kind.ts";
import { createIoPipe } from "./io-pipe.ts";
import type { IoPipe } from "./io-pipe.ts";

export interface McpTransferDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly withLock: WithPathLock;
}

const DEADLINE_MS = 5 * 60_000;
const NOT_COMPUTED = new Uint8Array(32);

/** A request whose members have their types; those that have not count as missing. */
interface Transfer {
  readonly op: string;
  readonly path: string;
  readonly size: number;
  readonly mode: string | undefined;
  readonly createDirs: boolean;
  readonly ifMatch: string | undefined;
  readonly expected: string | undefined;
}

/** MCP file transfer (task 20): one file through a stream, up or down (spec 21 section 12.4). */
export function createMcpTransfer({ clock, log, withLock }: McpTransferDeps): RunTask {
  return async ({ data }, { openIo, guard }) => {
    const request = parseObject(data);
    const streamId = request?.["stream_id"];
    if (request === undefined || typeof streamId !== "string" || streamId === "") {
      log.warn("a file transfer without a stream is ignored");
      return undefined;
    }
    const pipe = createIoPipe(openIo, streamId, DEADLINE_MS);
    const deadline = clock.setTimeout(pipe.cancel, DEADLINE_MS);
    try {
      await carryOut(pipe, readTransfer(request), { withLock, guard });
    } catch (error) {
      await pipe.send(formatMcpFrame({ kind: "error", text: sanitized(error) }));
    }
    pipe.end();
    // The dashboard ends the stream; to end it here could lose what is still on its way.
    while ((await pipe.next()) !== undefined);
    deadline.cancel();
    return undefined;
  };
}

function readTransfer(request: Readonly<Record<string, unknown>>): Transfer {
  const text = (name: string): string | undefined => (typeof request[name] === "string" ? request[name] : undefined);
  const size = request["size"];
  return {
    op: text("op") ?? "",
    path: text("path") ?? "",
    size: typeof size === "number" && Number.isSafeInteger(size) ? size : 0,
    mode: text("mode"),
    createDirs: request["create_dirs"] === true,
    ifMatch: text("if_match_sha256"),
    expected: text("expected_sha256"),
  };
}

interface Access {
  readonly withLock: WithPathLock;
  readonly guard: FileGuard;
}

async function carryOut(pipe: IoPipe, transfer: Transfer, access: Access): Promise<void> {
  if (transfer.path === "") throw new McpFault("FsTransfer 缺少必要参数: path 为空");
  if (transfer.op === "upload") return receive(pipe, transfer, access);
  if (transfer.op === "download") return deliver(pipe, transfer, access.guard);
  throw new McpFault(`unknown op: ${transfer.op}`);
}

async function receive(pipe: IoPipe, transfer: Transfer, { withLock, guard }: Access): Promise<void> {
  const { size } = transfer;
  const fault = pathFault(transfer.path, "upload");
  if (fault !== undefined) throw new McpFault(fault === "path targets a filesystem root" ? fault : `invalid path: ${fault}`);
  if (size < 0 || size > MCP_TRANSFER_CAP) throw new McpFault("size out of range: must be 0..100MiB");
  const path = await guard.admit(transfer.path, "write", { follow: false });
  await withLock(path, () => checkMatch(path, transfer.ifMatch, guard));
  const replacement = await startReplacement(path, {
    prefix: ".mcp-xfer-",
    mode: fileMode(transfer.mode),
    createDirs: transfer.createDirs,
  });
  try {
    if (!(await pipe.send(formatMcpFrame({ kind: "upload-ready", size })))) return;
    const digest = await receiveBytes(pipe, size, (bytes) => replacement.file.writeFile(bytes));
    if (transfer.expected && digest.toString("hex") !== transfer.expected) throw new McpFault("sha256 mismatch");
    await replacement.seal();
    await withLock(path, async () => {
      await checkMatch(path, transfer.ifMatch, guard);
      await replacement.commit(() => guard.admit(path, "write", { follow: false }));
    });
    await pipe.send(formatMcpFrame({ kind: "done", size, sha256: digest }));
  } finally {
    await replacement.discard();
  }
}

/** @throws McpFault when there is more or less than announced */
async function receiveBytes(pipe: IoPipe, size: number, write: (bytes: Uint8Array) => Promise<void>): Promise<Buffer> {
  const hash = createHash("sha256");
  for (let missing = size; missing > 0;) {
    const bytes = await pipe.next();
    if (bytes === undefined) throw new McpFault("upload ended before its size was reached");
    if (bytes.length > missing) throw new McpFault("more data than announced");
    await write(bytes);
    hash.update(bytes);
    missing -= bytes.length;
  }
  return hash.digest();
}

async function deliver(pipe: IoPipe, { path }: Transfer, guard: FileGuard): Promise<void> {
  const fault = pathFault(path, "download");
  if (fault !== undefined) throw new McpFault(`invalid path: ${fault}`);
  const file = await openRegularFile(await guard.admit(path, "read", { follow: false }), guard);
  try {
    const { size } = await file.stat();
    if (size > MCP_TRANSFER_CAP) throw new McpFault("file exceeds MCP transfer cap (100MiB)");
    await pipe.send(formatMcpFrame({ kind: "download-header", size, sha256: NOT_COMPUTED }));
    const hash = createHash("sha256");
    for (let missing = size; missing > 0;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(missing, MCP_CHUNK_BYTES)));
      if (bytesRead === 0) throw new McpFault("source truncated mid-transfer");
      const payload = buffer.subarray(0, bytesRead);
      if (!(await pipe.send(formatMcpFrame({ kind: "data", payload })))) return;
      hash.update(payload);
      missing -= bytesRead;
    }
    await pipe.send(formatMcpFrame({ kind: "done", size, sha256: hash.digest() }));
  } finally {
    await file.close();
  }
}
