import { chmodSync, copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { makeFolderSync } from "@windfire/kit";
import type { Outcome } from "../config/index.ts";
import { fail, succeed } from "../config/model.ts";
import { faultText } from "../fault.ts";
import { MAIN_FILE } from "../update/bundle.ts";
import { storeVersion, writeState } from "../update/program-folder.ts";

export interface UnpackDeps {
  /** The packed program that runs this command. */
  readonly entry: string;
  readonly version: string;
  readonly platform: string;
  readonly print: (line: string) => void;
}

const LAUNCHER = "launcher.cjs";
const TERMINAL_PACKAGE = "@lydell/node-pty";

/**
 * `windfire agent unpack <folder>`: lays the packed agent out so that it can be updated (docs/formats/agent-release.md),
 * with what terminals need, where that is installed. What was begun is taken away when it cannot be finished.
 */
export function runUnpackCommand({ entry, version, platform, print }: UnpackDeps, folder: string): Outcome<undefined> {
  const from = dirname(entry);
  if (!entry.endsWith(MAIN_FILE) || !existsSync(join(from, LAUNCHER)))
    return fail("only a packed agent can be unpacked: node tools/node.mjs apps/agent/build.ts");
  const isNew = !existsSync(folder);
  if (!isNew && readdirSync(folder).length > 0) return fail(`${folder} is not empty`);
  try {
    makeFolderSync(folder, 0o755);
    const names = readdirSync(from).filter((name) => name.endsWith(".cjs") && name !== LAUNCHER);
    storeVersion(folder, version, new Map(names.map((name) => [name, readFileSync(join(from, name))])));
    const hasTerminal = copyTerminal(entry, folder, platform);
    copyFileSync(join(from, LAUNCHER), join(folder, MAIN_FILE));
    chmodSync(join(folder, MAIN_FILE), 0o644);
    writeState(folder, { current: version });
    print(`version ${version} lies in ${folder}${hasTerminal ? "" : ", without terminals: @lydell/node-pty is not installed here"}`);
    print(`next: ${process.execPath} ${join(folder, MAIN_FILE)} service install`);
    return succeed(undefined);
  } catch (error) {
    for (const name of ["versions", "node_modules", MAIN_FILE, "state.json"]) rmSync(join(folder, name), { recursive: true, force: true });
    if (isNew) rmSync(folder, { recursive: true, force: true });
    return fail(faultText(error));
  }
}

/** The package with its programs for this system alone. False where it is not installed. */
function copyTerminal(entry: string, folder: string, platform: string): boolean {
  try {
    const resolve = createRequire(entry).resolve;
    for (const name of [TERMINAL_PACKAGE, `${TERMINAL_PACKAGE}-${platform}`]) {
      cpSync(dirname(resolve(`${name}/package.json`)), join(folder, "node_modules", name), { recursive: true, dereference: true });
    }
    return true;
  } catch {
    rmSync(join(folder, "node_modules"), { recursive: true, force: true });
    return false;
  }
}
