import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./free-port.ts";
import { withPostgres } from "./peers/on-postgres-server.ts";
import { runEngines } from "./peers/engines.ts";
import { runDropIn, runPeerTests, runReplay } from "./peers/suites.ts";
import type { PeerDeps } from "./peers/suites.ts";
import { addCounts, NO_COUNTS, RESULTS_FOLDER, writeCounts } from "./results.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SHARED = resolve(process.env["WINDFIRE_SHARED"] ?? join(ROOT, "..", "shared"));

const SUITES = { recorded: runPeerTests, replay: runReplay, dropin: runDropIn, engines: runEngines } as const;
type SuiteName = keyof typeof SUITES;
const isSuite = (name: string): name is SuiteName => Object.hasOwn(SUITES, name);
const ON_POSTGRES = "--postgres";
const USAGE = `usage: npm run test:peers -- [${Object.keys(SUITES).join("|")} …] [--postgres] [-- options of the replay driver]`;

function parse(args: readonly string[]): { suites: SuiteName[]; replay: string[]; isOnPostgres: boolean } | undefined {
  const cut = args.indexOf("--");
  const words = cut === -1 ? [...args] : args.slice(0, cut);
  const names = words.filter((word) => word !== ON_POSTGRES);
  const replay = cut === -1 ? [] : args.slice(cut + 1);
  if (!names.every(isSuite)) return undefined;
  return { suites: names.length > 0 ? names : Object.keys(SUITES).filter(isSuite), replay, isOnPostgres: names.length < words.length };
}

/** `name` distinguishes what a run leaves from what another leaves beside it. */
async function run(suites: readonly SuiteName[], replayOptions: readonly string[], name = "peers"): Promise<number> {
  await mkdir(RESULTS_FOLDER, { recursive: true });
  const deps: PeerDeps = { root: ROOT, shared: SHARED, results: RESULTS_FOLDER, freePort };
  let sum = NO_COUNTS;
  for (const suite of suites) {
    console.log(`\n== ${suite}`);
    const counts = suite === "replay" ? await runReplay(deps, replayOptions) : await SUITES[suite](deps);
    await writeCounts(`${name}-${suite}`, counts);
    sum = addCounts(sum, counts);
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 ? 0 : 1;
}

const wanted = parse(process.argv.slice(2));
if (wanted === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (existsSync(SHARED)) {
  process.exitCode = await (wanted.isOnPostgres
    ? withPostgres(() => run(wanted.suites, wanted.replay, "on-postgres"))
    : run(wanted.suites, wanted.replay));
} else {
  console.error(`There are no peers at ${SHARED}; WINDFIRE_SHARED names another folder.`);
  process.exitCode = 2;
}
