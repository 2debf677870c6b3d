import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OUTSIDE } from "./targets.ts";
import { json, layOutTree, writeText } from "./tree.ts";
import type { TreeSources } from "./tree.ts";

/** Terminals are left out where there are none for a system, and so is Node where it is new enough. */
const OPTIONAL: ReadonlySet<string> = new Set(["@lydell/node-pty"]);

/**
 * The package for npm: everything packed, what has native code or files of its own as dependencies in the versions of the lock file.
 *
 * @returns name of the file
 */
export function makeNpmPackage(sources: TreeSources, folder: string, output: string): string {
  const { root, version } = sources;
  layOutTree(sources, folder, "packs");
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { version?: string }>;
  };
  const versionOf = (name: string): string => packages[`node_modules/${name}`]?.version ?? "";
  const { optionalDependencies, description, engines, license } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  const named = (names: readonly string[]): Record<string, string> => Object.fromEntries(names.map((name) => [name, versionOf(name)]));
  writeText(
    join(folder, "package.json"),
    json({
      name: "windfire",
      version,
      description,
      license,
      type: "module",
      engines,
      bin: { windfire: "tools/windfire.mjs" },
      dependencies: named(OUTSIDE.filter((name) => !OPTIONAL.has(name))),
      optionalDependencies: { ...named([...OPTIONAL]), ...optionalDependencies },
    }),
  );
  chmodSync(join(folder, "tools/windfire.mjs"), 0o755);
  const said = execFileSync("npm", ["pack", folder, "--silent", "--pack-destination", output], { encoding: "utf8" });
  return said.trim();
}

interface Manifest {
  readonly description: string;
  readonly license: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}
