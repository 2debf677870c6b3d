import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface LockEntry {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The packages of the lock file: installed ones, and those of other systems, which are fetched. */
export interface NpmPackages {
  /** The folder of a package, in exactly the version of the lock file. */
  folder(name: string): string;
  /** A package and all that it needs, by name; optional needs are left out. */
  withNeeds(names: readonly string[]): ReadonlyMap<string, string>;
}

/**
 * @param root of the repository
 * @param cache folder for what is fetched
 */
export function npmPackages(root: string, cache: string): NpmPackages {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, LockEntry> };
  const entryOf = (name: string): LockEntry & { version: string } => {
    const entry = packages[`node_modules/${name}`];
    if (entry?.version === undefined) throw new Error(`the lock file holds no ${name}`);
    return { ...entry, version: entry.version };
  };
  const folder = (name: string): string => {
    const installed = join(root, "node_modules", name);
    return existsSync(join(installed, "package.json")) ? installed : fetched(cache, name, entryOf(name));
  };
  return {
    folder,
    withNeeds: (names) => {
      const found = new Map<string, string>();
      const open = [...names];
      for (let name = open.pop(); name !== undefined; name = open.pop()) {
        if (found.has(name)) continue;
        found.set(name, folder(name));
        open.push(...Object.keys(entryOf(name).dependencies ?? {}));
      }
      return found;
    },
  };
}

/** Fetched by npm and held against the hash in the lock file, once. */
function fetched(cache: string, name: string, { version, integrity }: LockEntry & { version: string }): string {
  const place = join(cache, `${name.replaceAll("/", "+")}-${version}`);
  if (existsSync(place)) return join(place, "package");
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "windfire-fetch-"));
  try {
    const said = execFileSync("npm", ["pack", `${name}@${version}`, "--silent", "--pack-destination", work], { encoding: "utf8" });
    const file = join(work, said.trim());
    const hash = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
    if (hash !== integrity) throw new Error(`${name}@${version} is not what the lock file holds`);
    const unpacked = mkdtempSync(join(cache, ".new-"));
    execFileSync("tar", ["-xzf", file, "-C", unpacked]);
    renameSync(unpacked, place);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return join(place, "package");
}
