import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { getAsset, getRawAsset } from "node:sea";
import { pathToFileURL } from "node:url";
import { cacheFolders, takePrivateFolder } from "./private-folder.ts";
import { unpackProgram } from "./unpack.ts";
import type { ProgramIndex } from "./unpack.ts";

/**
 * What runs first in the single executable. It carries the program as it lies in every other artefact, lays it out in a folder of this
 * user, and goes on with the command line there. Given the path of a script instead of a command it runs that as Node would: so it starts
 * itself again, and runs an agent that was laid out elsewhere.
 */
const words = process.argv.slice(2);
const [first = ""] = words;
const isScript = /\.[cm]?js$/.test(first);

/** Tells the program that it was started by the executable, and so by which words a service starts it again. */
const EXECUTABLE_VARIABLE = "WINDFIRE_EXECUTABLE";

function programFolder(index: ProgramIndex): string {
  const uid = process.geteuid?.();
  const env = process.env;
  const folders = cacheFolders({ platform: process.platform, env, home: homeFolder(), temporary: tmpdir(), uid });
  const faults: string[] = [];
  for (const folder of folders) {
    try {
      takePrivateFolder(resolve(folder), uid);
      return unpackProgram(resolve(folder), index, (path) => new Uint8Array(getRawAsset(path)));
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new Error(`there is no folder to unpack into: ${faults.join("; ")}`);
}

/** A service may have no home. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return "";
  }
}

function run(file: string, args: readonly string[], importer: string): void {
  process.argv.splice(1, process.argv.length - 1, file, ...args);
  const load = createRequire(importer)(importer) as (address: string) => Promise<unknown>;
  void load(pathToFileURL(file).href);
}

function main(): void {
  const index = JSON.parse(getAsset("index.json", "utf8")) as ProgramIndex;
  if (first === "-v" || first === "--version") {
    process.stdout.write(`${index.version}\n`);
    return;
  }
  if (isScript && first.endsWith(".cjs")) {
    delete process.env[EXECUTABLE_VARIABLE];
    const file = resolve(first);
    process.argv.splice(1, process.argv.length - 1, file, ...words.slice(1));
    createRequire(file)(file);
    return;
  }
  const folder = programFolder(index);
  const importer = join(folder, "tools/import.cjs");
  if (isScript) {
    delete process.env[EXECUTABLE_VARIABLE];
    return run(resolve(first), words.slice(1), importer);
  }
  process.env[EXECUTABLE_VARIABLE] = "1";
  run(join(folder, "tools/windfire.mjs"), words, importer);
}

try {
  main();
} catch (error) {
  process.stderr.write(`windfire: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
