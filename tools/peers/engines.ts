import { spawnSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { unusedPort } from "@windfire/testkit";
import { addCounts, NO_COUNTS } from "../results.ts";
import type { Counts } from "../results.ts";
import { runNode } from "../run-node.ts";
import { AWAITED, judgeEngines } from "./awaited.ts";
import type { CheckRow } from "./awaited.ts";
import { BROKEN } from "./driver.ts";
import type { PeerDeps } from "./suites.ts";

/** Black-box checks of what happens behind the API. Left out where the system gives no private network to send messages in. */
export async function runEngines({ root, shared, command, results, name, tellFailure }: PeerDeps): Promise<Counts> {
  if (spawnSync("unshare", ["-n", "-m", "true"], { stdio: "ignore" }).status !== 0) {
    console.log("engines: left out, this user gets no private network namespace");
    return NO_COUNTS;
  }
  const report = join(results, `${name}-engines-report.json`);
  const start = `${command.join(" ")} -c {config} -db {db}`;
  const run = async (extra: readonly string[] = []): Promise<EnginesRun> => {
    await rm(report, { force: true });
    const port = String(await unusedPort());
    const options = ["--start", start, "--env", "NZ_ADMIN_PASSWORD=admin", "--port", port, "--json", report];
    const code = await runNode({ args: [join(shared, "engines", "engines.mjs"), ...options, ...extra], cwd: root });
    return { code, rows: JSON.parse(await readFile(report, "utf8")) as CheckRow[] };
  };
  try {
    const first = await run();
    let { code, rows } = first;
    const missed = rows.filter((row) => hasFailed(row) && !Object.hasOwn(AWAITED, row.id));
    if (missed.length > 0) {
      // They run by the clock of the machine, which other suites share: what is wrong is wrong again when these have it for themselves.
      for (const { id, evidence } of missed) console.log(`once more: ${id}: ${evidence}`);
      const again = await run(["--only", `^(${missed.map(({ id }) => id).join("|")})$`]);
      code = again.code;
      rows = rows.map((row) => again.rows.find(({ id }) => id === row.id) ?? row);
    }
    const { counts, told, failures } = judgeEngines(rows, AWAITED);
    for (const line of told) console.log(line);
    for (const line of failures) tellFailure(line);
    if (code === 0 || rows.some(hasFailed)) return counts;
    tellFailure(`FAIL engines ended with code ${code}, and shows nothing that failed`);
    return addCounts(counts, BROKEN);
  } catch (error) {
    tellFailure(`FAIL engines: ${error instanceof Error ? error.message : String(error)}`);
    return BROKEN;
  }
}

interface EnginesRun {
  readonly code: number;
  readonly rows: readonly CheckRow[];
}

const hasFailed = ({ result }: CheckRow): boolean => result === "WEAK" || result === "ERR";
