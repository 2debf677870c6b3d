import { lstat, opendir, rm, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode } from "../../fault.ts";
import { McpFault, mcpTask } from "./answer.ts";
import { pathFault } from "./path-rules.ts";

/** MCP fs.delete (task 19). */
export const fsDelete = mcpTask("invalid request", { deleted_count: 0 }, async (member) => {
  const path = member("path", "string") ?? "";
  const isRecursive = member("recursive", "boolean") ?? false;
  const fault = pathFault(path, "delete");
  if (fault !== undefined) throw new McpFault(fault);
  if (isRecursive) {
    const count = await countTree(path);
    await rm(path, { recursive: true, force: true });
    return { deleted_count: count };
  }
  if ((await lstat(path)).isDirectory()) await removeFolder(path);
  else await unlink(path);
  return { deleted_count: 1 };
});

async function removeFolder(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (!isErrorCode(error, "ENOTEMPTY") && !isErrorCode(error, "EEXIST")) throw error;
    throw new McpFault("is a directory; pass recursive=true to remove");
  }
}

/** Entries including the top; none when there is nothing. */
async function countTree(path: string): Promise<number> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return 1;
  let count = 1;
  for await (const { name } of await opendir(path)) count += await countTree(join(path, name));
  return count;
}
