import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import type { FsReadResult } from "@windfire/protocol";
import { McpFault, mcpTask } from "./answer.ts";
import { pathFault } from "./path-rules.ts";
import { openRegularFile } from "./regular-file.ts";

/** Like `FsReadResult`; a refusal names no encoding. */
type ReadResult = Omit<FsReadResult, "encoding"> & { encoding: string };

const MAX_BYTES = 1024 * 1024;

/** MCP fs.read (task 17). Bytes that are no UTF-8 become U+FFFD in a text; `base64` keeps them. */
export const fsRead = mcpTask<ReadResult>("invalid request", { content: "", encoding: "", size: 0 }, async (member, guard) => {
  const asked = member("path", "string") ?? "";
  const offset = Math.max(0, member("offset", "number") ?? 0);
  const wanted = member("length", "number") ?? 0;
  const encoding = member("encoding", "string") || "utf8";
  const fault = pathFault(asked, "read");
  if (fault !== undefined) throw new McpFault(fault);
  if (encoding !== "utf8" && encoding !== "base64") throw new McpFault(`unknown encoding: ${encoding}`);
  const length = wanted <= 0 || wanted > MAX_BYTES ? MAX_BYTES : wanted;
  const file = await openRegularFile(await guard.admit(asked, "read", { follow: false }), guard);
  try {
    // One byte more tells whether there is more.
    const found = await readUpTo(file, offset, length + 1);
    const bytes = found.subarray(0, length);
    return {
      content: bytes.toString(encoding),
      encoding,
      size: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      ...(found.length > length ? { truncated: true } : {}),
    };
  } finally {
    await file.close();
  }
});

async function readUpTo(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
