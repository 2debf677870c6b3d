import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BundleFiles } from "../src/update/bundle.ts";

const PACKAGE = "@lydell/node-pty";
const NEEDED = /\.(?:js|json|node)$/;

/** Where an npm package lies; undefined where it is not installed. */
export type FolderOf = (name: string) => string | undefined;

/** Packages as they are installed here. */
export const installedFolder: FolderOf = (name) => {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
};

/**
 * The package of terminals with its program for one system, by the names that its files have beside the agent.
 *
 * @param system as npm names it: `linux-x64`
 * @returns undefined where that system's package is not installed
 */
export function terminalFiles(system: string, folderOf = installedFolder): BundleFiles | undefined {
  const files = new Map<string, Uint8Array>();
  for (const name of [PACKAGE, `${PACKAGE}-${system}`]) {
    const folder = folderOf(name);
    if (folder === undefined) return undefined;
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted()) {
      if (NEEDED.test(path)) files.set(`node_modules/${name}/${path.replaceAll("\\", "/")}`, readFileSync(join(folder, path)));
    }
  }
  return files;
}
