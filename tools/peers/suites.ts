import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { unusedPort } from "@windfire/testkit";
import { hurriedIn } from "./hurried.ts";
import { cycleSumReason, isEarly } from "./drop-in-hours.ts";
import { BROKEN, judgeDriver } from "./driver.ts";
import type { Excuse, Judged } from "./driver.ts";
import { addCounts, failedInVitestReport, NO_COUNTS, parseVitestReport } from "../results.ts";
import type { Counts } from "../results.ts";
import { runNode } from "../run-node.ts";
import { toleratedReason } from "./tolerated.ts";

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
  /** Told a line about each failure, which is said again at the end: what drivers print holds what is excused, too. */
  readonly tellFailure: (line: string) => void;
}

/** Tests of ours that read recorded traffic and answers. */
export async function runPeerTests({ root, shared, results, name, tellFailure }: PeerDeps): Promise<Counts> {
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
    const text = await readFile(report, "utf8");
    const counts = parseVitestReport(text);
    for (const line of failedInVitestReport(text)) tellFailure(line);
    return code !== 0 && counts.failed === 0 ? addCounts(counts, BROKEN) : counts;
  } catch {
    return BROKEN;
  }
}

/** The driver of the replay lets its stub listen on the port after that of the dashboard. */
const STUB_BESIDE = 1;

/** Scripted API scenarios against recorded answers, once for each profile of configuration; those that hurry once more where they failed. */
export async function runReplay(deps: PeerDeps, extra: readonly string[] = []): Promise<Counts> {
  const command = [...deps.command, "-c", "{config}", "-db", "{db}"];
  const run = async (options: readonly string[]): Promise<DriverResult> => {
    const port = await unusedPort(STUB_BESIDE);
    const args = [join(deps.shared, "replay", "run.mjs"), "--port", String(port), ...options, "--", ...command];
    return runDriver({ args, cwd: deps.root, env: { NZ_ADMIN_PASSWORD: "admin" } }, toleratedReason);
  };
  const first = await run(extra);
  let { counts } = first;
  const failures = [...first.failures];
  for (const { profile, scenario, reason, passed, failed } of hurriedIn(first.output)) {
    console.log(`once more: ${scenario}: ${reason}`);
    const again = await run(["--profiles", profile, "--only", `^${scenario}$`]);
    counts = addCounts({ passed: counts.passed - passed, failed: counts.failed - failed }, again.counts);
    failures.push(...again.failures);
  }
  if (counts.failed > 0) for (const line of failures) deps.tellFailure(line);
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
    const port = await unusedPort();
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
    const env = withSeries ? {} : { NZ_HISTORY: "off" };
    const { counts, failures } = await runDriver({ args, cwd: deps.root, env }, (line) => (early ? cycleSumReason(line) : undefined));
    for (const line of failures) deps.tellFailure(line);
    sum = addCounts(sum, counts);
  }
  return sum;
}

export type DropInDeps = Pick<PeerDeps, "root" | "shared" | "command" | "tellFailure">;

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

interface DriverResult extends Judged {
  readonly output: string;
}

async function runDriver({ args, cwd, env }: DriverRun, excuse: Excuse): Promise<DriverResult> {
  let output = "";
  const code = await runNode({
    args,
    cwd,
    env,
    onOutput: (text) => {
      output += text;
    },
  });
  const judged = judgeDriver(output, code, excuse);
  for (const reason of judged.reasons) console.log(`tolerated: ${reason}`);
  return { output, ...judged };
}
