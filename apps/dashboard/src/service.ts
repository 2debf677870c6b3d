import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { thisHost } from "@windfire/service";
import { parseFlags } from "#platform/config";
import { foldersOf, runServiceSetup } from "./service-setup.ts";

/** Set by the single executable for what it starts. */
const EXECUTABLE_VARIABLE = "WINDFIRE_EXECUTABLE";
const OTHERS_ENTER = 0o001;
const OTHERS_READ = 0o004;
const USAGE = `Usage: windfire dashboard service install | uninstall | start | stop | restart [-c config.yaml] [-db sqlite.db]

Without -c the dashboard has a folder and, where the host can make one, a user of its own. With -c it runs on what is there, as whom the
file belongs to.
`;

/** The name of whom a file belongs to, other than root. */
function ownerOf(path: string): string | undefined {
  try {
    const { uid } = statSync(path);
    return uid === 0 || process.platform === "win32" ? undefined : execFileSync("id", ["-nu", String(uid)], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

function isOpen(path: string): boolean {
  return (statSync(path).mode & OTHERS_READ) !== 0 && foldersOf(path).every((folder) => (statSync(folder).mode & OTHERS_ENTER) !== 0);
}

function main(args: readonly string[]): number {
  const [action, ...rest] = actionFirst(args);
  const parsed = parseFlags(rest, "windfire dashboard service <action>");
  if (rest.some((word) => ["-h", "--help", "-help"].includes(word))) {
    process.stdout.write(USAGE);
    return 0;
  }
  if ("exitCode" in parsed) {
    process.stderr.write(parsed.text);
    return parsed.exitCode;
  }
  const given = (names: readonly string[], path: string): string | undefined =>
    rest.some((word) => names.includes(word.split("=")[0] ?? "")) ? resolve(path) : undefined;
  const isExecutable = process.env[EXECUTABLE_VARIABLE] !== undefined;
  const file = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "./main.ts" : "./main.js", import.meta.url));
  const done = runServiceSetup(
    {
      host: thisHost,
      platform: process.platform,
      env: process.env,
      program: process.execPath,
      words: isExecutable ? ["dashboard"] : [file],
      ownerOf,
      isOpen,
      print: (line) => process.stdout.write(`${line}\n`),
    },
    { action, config: given(["-c", "--c"], parsed.flags.configPath), database: given(["-db", "--db"], parsed.flags.databasePath) },
  );
  if (done.ok) return 0;
  process.stderr.write(`windfire dashboard service: ${done.error}\n`);
  return 1;
}

/** The action may stand before or after the flags. */
function actionFirst(args: readonly string[]): [string | undefined, ...string[]] {
  const at = args.findIndex((word, index) => !word.startsWith("-") && !["-c", "--c", "-db", "--db"].includes(args[index - 1] ?? ""));
  return at === -1 ? [undefined, ...args] : [args[at], ...args.toSpliced(at, 1)];
}

process.exitCode = main(process.argv.slice(2));
