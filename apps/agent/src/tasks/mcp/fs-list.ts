import { lstat, opendir, readlink } from "node:fs/promises";
import type { Stats } from "node:fs";
import { join } from "node:path";
import type { FsEntry, FsListResult } from "@windfire/protocol";
import { McpFault, mcpTask } from "./answer.ts";
import { pathFault } from "./path-rules.ts";

const MAX_ENTRIES = 5000;
const MS_PER_SECOND = 1000;

/** MCP fs.list (task 16). */
export const fsList = mcpTask<FsListResult>("invalid request", { entries: null }, async (member, guard) => {
  const asked = member("path", "string") ?? "";
  const showHidden = member("show_hidden", "boolean") ?? false;
  const fault = pathFault(asked, "list");
  if (fault !== undefined) throw new McpFault(fault);
  const path = await guard.admit(asked, "list", { follow: false });
  if (!(await lstat(path)).isDirectory()) throw new McpFault("path is not a directory");
  const entries: FsEntry[] = [];
  let total = 0;
  for await (const { name } of await opendir(path)) {
    if (!showHidden && name.startsWith(".")) continue;
    total++;
    if (entries.length >= MAX_ENTRIES) continue;
    const entry = await describe(path, name);
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, ...(total > MAX_ENTRIES ? { truncated: true } : {}), total };
});

/** Undefined when the entry is gone or cannot be looked at. */
async function describe(folder: string, name: string): Promise<FsEntry | undefined> {
  const path = join(folder, name);
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  const target = found.isSymbolicLink() ? await readlink(path).catch(() => "") : undefined;
  return {
    name,
    type: typeOf(found),
    size: found.size,
    mode: `0${(found.mode & 0o777).toString(8)}`,
    mtime: Math.floor(found.mtimeMs / MS_PER_SECOND),
    ...(target === undefined ? {} : { is_symlink: true, ...(target === "" ? {} : { link_target: target }) }),
  };
}

function typeOf(found: Stats): FsEntry["type"] {
  if (found.isFile()) return "file";
  if (found.isDirectory()) return "dir";
  return found.isSymbolicLink() ? "symlink" : "special";
}
