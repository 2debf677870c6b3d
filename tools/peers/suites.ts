import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { hurriedIn } from "./hurried.ts";
import type { Hurried } from "./hurried.ts";
import { isEarly, judgeCycleSums } from "./drop-in-hours.ts";
import { addCounts, NO_COUNTS, parseClosingLine, parseVitestReport } from "../results.ts";
import type { Counts } from "../results.ts";
import { runNode } from "../run-node.ts";
import { withoutTolerated } from "./tolerated.ts";

export interface PeerDeps {
  /** Root of this repository. */
  readonly root: string;
  /** Folder that holds the peers. */
  readonly shared: string;
  /** Starts a dashboard; flags follow. */
  readonly command: readonly string[];
  /** Where reports go. */
  readonly results: string;
  /** Tells the reports of a run from those of another. */
  readonly name: string;
  /** A free port of the loopback interface. The replay's stub takes the one after it. */
  readonly freePort: () => Promise<number>;
}

/** A run that ended without its closing line has failed at least once, whatever it counted before. */
export const BROKEN: Counts = { passed: 0, failed: 1 };

/** Tests of ours that read recorded traffic and answers. */
export async function runPeerTests({ root, shared, results, name }: PeerDeps): Promise<Counts> {
  const report = join(results, `${name}-recorded-report.json`);
  const args = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "vitest.peers.config.ts",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const code = await runNode({ args, cwd: root, env: { WINDFIRE_SHARED: shared } });
  try {
    const counts = parseVitestReport(await readFile(report, "utf8"));
    return code !== 0 && counts.failed === 0 ? addCounts(counts, BROKEN) : counts;
  } catch {
    return BROKEN;
  }
}

/** Scripted API scenarios against recorded answers, once for each profile of configuration; those that hurry once more where they failed. */
export async function runReplay(deps: PeerDeps, extra: readonly string[] = []): Promise<Counts> {
  const command = [...deps.command, "-c", "{config}", "-db", "{db}"];
  const run = async (options: readonly string[], judge?: Judge): Promise<Counts> => {
    const port = await deps.freePort();
    const args = [join(deps.shared, "replay", "run.mjs"), "--port", String(port), ...options, "--", ...command];
    return runDriver({ args, cwd: deps.root, env: { NZ_ADMIN_PASSWORD: "admin" } }, judge);
  };
  let hurried: readonly Hurried[] = [];
  let counts = await run(extra, (output, first) => {
    hurried = hurriedIn(output);
    return first;
  });
  for (const { profile, scenario, reason, passed, failed } of hurried) {
    console.log(`once more: ${scenario}: ${reason}`);
    counts = addCounts(
      { passed: counts.passed - passed, failed: counts.failed - failed },
      await run(["--profiles", profile, "--only", `^${scenario}$`]),
    );
  }
  return counts;
}

/** Existing data directories, opened and handed back. Those recorded without time series are compared with history off. */
export async function runDropIn(deps: DropInDeps, only: (fixture: string) => boolean = () => true): Promise<Counts> {
  const fixtures = join(deps.shared, "fixtures");
  const folders = (await readdir(fixtures, { withFileTypes: true })).filter((entry) => entry.isDirectory() && only(entry.name));
  let sum = NO_COUNTS;
  for (const { name } of folders) {
    console.log(`== fixture ${name}`);
    const command = `${deps.command.join(" ")} -c {dir}/data/config.yaml -db {dir}/data/sqlite.db`;
    const port = await deps.freePort();
    const args = [
      join(deps.shared, "dropin", "check.mjs"),
      "--fixture",
      join(fixtures, name),
      "--dashboard",
      command,
      "--port",
      String(port),
      "--strict",
    ];
    const withSeries = (await readdir(join(fixtures, name))).includes("tsdb");
    const { recordedAt, location } = JSON.parse(await readFile(join(fixtures, name, "fixture.json"), "utf8")) as Recording;
    const early = isEarly(recordedAt, location, Date.now());
    const judge: Judge = (output, counts) => judgeCycleSums(output, counts, early);
    sum = addCounts(sum, await runDriver({ args, cwd: deps.root, env: withSeries ? {} : { NZ_HISTORY: "off" } }, judge));
  }
  return sum;
}

export type DropInDeps = Pick<PeerDeps, "root" | "shared" | "command" | "freePort">;

/** When and where a directory was recorded. */
interface Recording {
  readonly recordedAt: string;
  readonly location: string;
}

interface DriverRun {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a run's counts are taken for, by what it printed. */
type Judge = (output: string, counts: Counts) => Counts;

async function runDriver({ args, cwd, env }: DriverRun, judge: Judge = (_, counts) => counts): Promise<Counts> {
  let output = "";
  const code = await runNode({
    args,
    cwd,
    env,
    onOutput: (text) => {
      output += text;
    },
  });
  const closing = parseClosingLine(output);
  if (closing === undefined) return BROKEN;
  if (code !== 0 && closing.failed === 0) return addCounts(closing, BROKEN);
  const { counts, reasons } = withoutTolerated(output, closing);
  for (const reason of reasons) console.log(`tolerated: ${reason}`);
  return judge(output, counts);
}
