// Plain JavaScript that parses on Node 20: the command line picks a program before the right Node runs.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { COMMANDS } from "./commands.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/**
 * The file to run as a program: packed, which starts faster and takes less memory; the sources where nothing was packed, or where one of
 * them is newer.
 *
 * @param {string} name of a command (`commands.mjs`)
 * @param {string} root of the repository
 * @returns {{ file: string, packed: boolean }}
 */
export function programFile(name, root = ROOT) {
  const { packed, source } = COMMANDS[name];
  const file = join(root, packed);
  const fresh = existsSync(file) && newestIn([join(root, source, ".."), ...packageSources(root)]) <= statSync(file).mtimeMs;
  return fresh ? { file, packed: true } : { file: join(root, source), packed: false };
}

/** A release has packs alone. */
function packageSources(root) {
  const folder = join(root, "packages");
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, "src")) : [];
}

/** Time of the newest program text in these folders, Unix milliseconds. */
function newestIn(folders) {
  let newest = 0;
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) newest = Math.max(newest, newestIn([path]));
      else if (/\.(ts|json)$/.test(entry.name) && !entry.name.endsWith(".test.ts")) newest = Math.max(newest, statSync(path).mtimeMs);
    }
  }
  return newest;
}
