import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { installedFolder, terminalFiles } from "./install/terminal-files.ts";
import { packFiles } from "./src/update/bundle.ts";

/** Usage: node apps/agent/terminals.ts <folder> <system>=<package> …: bundles of terminals for systems whose packages are not installed here. */
const [folder = "", ...pairs] = process.argv.slice(2);
mkdirSync(resolve(folder), { recursive: true });
for (const pair of pairs) {
  const [system = "", place = ""] = pair.split(/=(.*)/s);
  const files = terminalFiles(system, (name) => (name.endsWith(`-${system}`) ? resolve(place) : installedFolder(name)));
  if (files === undefined) throw new Error("@lydell/node-pty is not installed");
  writeFileSync(join(resolve(folder), `terminal-${system}.bundle`), packFiles(files));
}
