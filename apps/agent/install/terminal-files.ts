import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { BundleFiles } from "../src/update/bundle.ts";

const PACKAGE = "@lydell/node-pty";
const NEEDED = /\.(?:js|json|node)$/;

/**
 * The package of terminals with its program for one system, by the names that its files have beside the agent.
 *
 * @param system as npm names it: `linux-x64`
 * @returns undefined where that system's package is not installed
 */
export function terminalFiles(system: string): BundleFiles | undefined {
  const { resolve } = createRequire(import.meta.url);
  const files = new Map<string, Uint8Array>();
  for (const name of [PACKAGE, `${PACKAGE}-${system}`]) {
    let folder;
    try {
      folder = dirname(resolve(`${name}/package.json`));
    } catch {
      return undefined;
    }
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (NEEDED.test(path)) files.set(`node_modules/${name}/${path}`, readFileSync(join(folder, path)));
    }
  }
  return files;
}
