import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { OUTSIDE } from "./targets.ts";
import type { Target } from "./targets.ts";
import type { NpmPackages } from "./npm-packages.ts";

export interface TreeSources {
  readonly root: string;
  readonly version: string;
  readonly packages: NpmPackages;
  /** Text of the licences of all that is inside. */
  readonly licences: string;
  /** What hosts fetch beside the agent, by name: bundles of terminals, sums and signature. */
  readonly handedOut: ReadonlyMap<string, Uint8Array>;
}

/** The command line and what it needs; paths are those of the repository. */
const TOOLS = ["commands.mjs", "launch.mjs", "node.mjs", "packed.mjs", "windfire.mjs"];
const PACKS = ["apps/dashboard/dist", "apps/web/dist", "apps/agent/dist", "apps/agent/install"];
/** Sources among what hosts fetch, types, maps and pages about packages: nothing reads them. */
const LEFT_OUT =
  /(?:\.ts|\.map|\.pdb|\.md|\.markdown|\.cts|\.mts)$|^\/docs?(?:\/|$)|\/(?:test|tests|\.github|examples?|prebuilds|deps)(?:\/|$)/;
const LICENCE = /licen[cs]e|notice/i;

/** Lays the program out as every artefact carries it: packs where the repository has them, and of packages what is loaded at run time. */
export function layOutTree(sources: TreeSources, folder: string, only: "packs" | Target): void {
  const { root, version, packages } = sources;
  for (const name of TOOLS) copyFile(join(root, "tools", name), join(folder, "tools", name));
  writeText(join(folder, "tools/import.cjs"), "module.exports = (address) => import(address);\n");
  for (const path of PACKS) copyFolder(join(root, path), join(folder, path));
  for (const [name, bytes] of sources.handedOut) writeText(join(folder, "apps/agent/dist", name), bytes);
  copyFile(join(root, "LICENSE"), join(folder, "LICENSE"));
  writeText(join(folder, "THIRD-PARTY-LICENCES.txt"), sources.licences);
  if (only === "packs") return;
  writeText(join(folder, "package.json"), json({ name: "windfire", version, type: "module", license: "Apache-2.0", private: true }));
  const natives = only.natives.map((name) => [name, packages.folder(name)] as const);
  for (const [name, from] of [...packages.withNeeds(OUTSIDE), ...natives]) copyFolder(from, join(folder, "node_modules", name));
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function writeText(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o644 });
}

/** Paths of all files below a folder, sorted, with `/`. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .toSorted();
}

/** One time and one mode for everything, so that archives of it are the same whenever and by whomever they are made. */
export function makeUniform(folder: string, time: number): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || (statSync(path).mode & 0o100) !== 0;
    chmodSync(path, isProgram ? 0o755 : 0o644);
    utimesSync(path, time, time);
  }
  utimesSync(folder, time, time);
}

function copyFile(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o644);
}

function copyFolder(from: string, to: string): void {
  if (!existsSync(from)) throw new Error(`${from} is missing: npm run build`);
  cpSync(from, to, {
    recursive: true,
    dereference: true,
    filter: (path) => {
      const below = path.slice(from.length);
      return !LEFT_OUT.test(below) || (LICENCE.test(below) && statSync(path).isFile());
    },
  });
}
