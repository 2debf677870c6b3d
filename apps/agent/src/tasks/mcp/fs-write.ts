import { createHash } from "node:crypto";
import type { FsWriteResult } from "@windfire/protocol";
import type { RunTask } from "../task-kind.ts";
import { McpFault, mcpTask } from "./answer.ts";
import type { WithPathLock } from "./path-locks.ts";
import { pathFault } from "./path-rules.ts";
import { checkMatch } from "./regular-file.ts";
import { fileMode, startReplacement } from "./replace-file.ts";

const MAX_BYTES = 8 * 1024 * 1024;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** MCP fs.write (task 18): the whole file, in one step. */
export function createFsWrite(withLock: WithPathLock): RunTask {
  return mcpTask<FsWriteResult>("invalid request", { size: 0, sha256: "" }, async (member, guard) => {
    const asked = member("path", "string") ?? "";
    const encoding = member("encoding", "string") || "utf8";
    const expected = member("if_match_sha256", "string");
    const createDirs = member("create_dirs", "boolean") ?? false;
    const modeText = member("mode", "string");
    const content = member("content", "string") ?? "";
    const fault = pathFault(asked, "write");
    if (fault !== undefined) throw new McpFault(fault);
    return withLock(asked, async () => {
      const path = await guard.admit(asked, "write", { follow: false });
      const bytes = decode(content, encoding);
      if (bytes.length > MAX_BYTES) throw new McpFault("content exceeds max write size");
      await checkMatch(path, expected, guard);
      const mode = fileMode(modeText);
      const replacement = await startReplacement(path, { prefix: ".mcp-write-", mode, createDirs });
      try {
        await replacement.file.writeFile(bytes);
        await replacement.seal();
        await replacement.commit(() => guard.admit(path, "write", { follow: false }));
      } finally {
        await replacement.discard();
      }
      return { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
    });
  });
}

function decode(content: string, encoding: string): Buffer {
  if (encoding === "utf8") return Buffer.from(content, "utf8");
  if (encoding !== "base64") throw new McpFault(`unknown encoding: ${encoding}`);
  const text = content.replaceAll(/[\r\n]/g, "");
  if (!BASE64.test(text)) throw new McpFault("invalid base64: illegal data");
  return Buffer.from(text, "base64");
}
