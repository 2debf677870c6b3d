import { lstat, opendir, rm, rmdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { isErrorCode } from "../../fault.ts";
import type { FileGuard } from "../../gate/index.ts";
import { McpFault, mcpTask } from "./answer.ts";
import { pathFault } from "./path-rules.ts";

/** MCP fs.delete (task 19). */
export const fsDelete = mcpTask("invalid request", { deleted_count: 0 }, async (member, guard) => {
  const asked = member("path", "string") ?? "";
  const isRecursive = member("recursive", "boolean") ?? false;
  const fault = pathFault(asked, "delete");
  if (fault !== undefined) throw new McpFault(fault);
  const path = await guard.admit(asked, isRecursive ? "tree" : "delete", { follow: false });
  if (isRecursive) {
    const count = await countTree(path, guard);
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

/** Entries including the top; none when there is nothing. @throws GuardFault when the agent's own file is among them */
async function countTree(path: string, guard: FileGuard): Promise<number> {
  const found = await lstat(path).catch((error: unknown) => {
    if (isErrorCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (found === undefined) return 0;
  await guard.refuseOwn(found);
  if (!found.isDirectory()) return 1;
  let count = 1;
  for await (const { name } of await opendir(path)) count += await countTree(join(path, name), guard);
  return count;
}
