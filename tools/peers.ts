import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runEngines } from "./peers/engines.ts";
import { runDropIn, runPeerTests, runReplay } from "./peers/suites.ts";
import type { PeerDeps } from "./peers/suites.ts";
import { addCounts, NO_COUNTS, RESULTS_FOLDER, writeCounts } from "./results.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SHARED = resolve(process.env["WINDFIRE_SHARED"] ?? join(ROOT, "..", "shared"));

const SUITES = { recorded: runPeerTests, replay: runReplay, dropin: runDropIn, engines: runEngines } as const;
type SuiteName = keyof typeof SUITES;
const isSuite = (name: string): name is SuiteName => Object.hasOwn(SUITES, name);
const AS_REPLICA = "--as-replica";
const USAGE = `usage: npm run test:peers -- [${Object.keys(SUITES).join("|")} …] [--as-replica] [-- options of the replay driver]`;

interface Wanted {
  readonly suites: readonly SuiteName[];
  /** Options of the replay driver. */
  readonly replay: readonly string[];
  /** Each dashboard on PostgreSQL, NATS and VictoriaMetrics. */
  readonly isReplica: boolean;
}

function parse(args: readonly string[]): Wanted | undefined {
  const cut = args.indexOf("--");
  const words = cut === -1 ? [...args] : args.slice(0, cut);
  const names = words.filter((word) => word !== AS_REPLICA);
  const replay = cut === -1 ? [] : args.slice(cut + 1);
  if (!names.every(isSuite)) return undefined;
  return { suites: names.length > 0 ? names : Object.keys(SUITES).filter(isSuite), replay, isReplica: names.length < words.length };
}

async function run({ suites, replay, isReplica }: Wanted): Promise<number> {
  await mkdir(RESULTS_FOLDER, { recursive: true });
  const [name, program] = isReplica ? ["as-replica", "tools/peers/replica.ts"] : ["peers", "apps/dashboard/src/main.ts"];
  const command = [process.execPath, join(ROOT, program)];
  const failures: string[] = [];
  const tellFailure = (line: string): void => void failures.push(line);
  const deps: PeerDeps = { root: ROOT, shared: SHARED, command, results: RESULTS_FOLDER, name, tellFailure };
  let sum = NO_COUNTS;
  for (const suite of suites) {
    console.log(`\n== ${suite}`);
    const before = failures.length;
    const counts = suite === "replay" ? await runReplay(deps, replay) : await SUITES[suite](deps);
    await writeCounts(`${name}-${suite}`, counts);
    sum = addCounts(sum, counts);
    if (counts.failed > 0) failures.splice(before, 0, `== what failed in ${suite}`);
  }
  for (const line of failures) console.log(line);
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 ? 0 : 1;
}

const wanted = parse(process.argv.slice(2));
if (wanted === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else if (existsSync(SHARED)) {
  process.exitCode = await run(wanted);
} else {
  console.error(`There are no peers at ${SHARED}; WINDFIRE_SHARED names another folder.`);
  process.exitCode = 2;
}
