import { spawnSync } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { addCounts, NO_COUNTS } from "../results.ts";
import type { Counts } from "../results.ts";
import { runNode } from "../run-node.ts";
import { AWAITED, judgeEngines } from "./awaited.ts";
import type { CheckRow } from "./awaited.ts";
import { BROKEN } from "./suites.ts";
import type { PeerDeps } from "./suites.ts";

/** Black-box checks of what happens behind the API. Left out where the system gives no private network to send messages in. */
export async function runEngines({ root, shared, command, results, name, freePort }: PeerDeps): Promise<Counts> {
  if (spawnSync("unshare", ["-n", "-m", "true"], { stdio: "ignore" }).status !== 0) {
    console.log("engines: left out, this user gets no private network namespace");
    return NO_COUNTS;
  }
  const report = join(results, `${name}-engines-report.json`);
  await rm(report, { force: true });
  const start = `${command.join(" ")} -c {config} -db {db}`;
  const port = String(await freePort());
  const args = [
    join(shared, "engines", "engines.mjs"),
    "--start",
    start,
    "--env",
    "NZ_ADMIN_PASSWORD=admin",
    "--port",
    port,
    "--json",
    report,
  ];
  const code = await runNode({ args, cwd: root });
  try {
    const rows = JSON.parse(await readFile(report, "utf8")) as CheckRow[];
    const { counts, told } = judgeEngines(rows, AWAITED);
    for (const line of told) console.log(line);
    // A run that says it failed, and shows nothing that did, has failed all the same.
    return code === 0 || rows.some(({ result }) => result === "WEAK" || result === "ERR") ? counts : addCounts(counts, BROKEN);
  } catch (error) {
    console.log(`FAIL engines: ${error instanceof Error ? error.message : String(error)}`);
    return BROKEN;
  }
}
