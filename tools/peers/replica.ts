import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, renameSync } from "node:fs";
import { startNatsServer, startPostgres, startVictoriaMetrics } from "@windfire/testkit";
import { programFile } from "../packed.mjs";

/**
 * Runs a dashboard as one replica: `-c config -db file`, as the dashboard itself. PostgreSQL, NATS and VictoriaMetrics are started beside it
 * and end with it, so that they are reached from a private network too. Rows of a file that is there are moved first, and back into a new
 * file in its place when the dashboard has stopped.
 */
const args = process.argv.slice(2);
const file = args[args.indexOf("-db") + 1] ?? "";
const hasRows = existsSync(file);

const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());

const [postgres, nats, victoria] = await Promise.all([startPostgres(), startNatsServer(), startVictoriaMetrics()]);
const env = {
  ...process.env,
  NZ_DATABASE: await postgres.createDatabase("windfire"),
  NZ_BUS: `nats://127.0.0.1:${nats.port}`,
  // Somebody may want none.
  NZ_HISTORY: process.env["NZ_HISTORY"] ?? `victoriametrics ${victoria.url}`,
};

async function run(): Promise<number> {
  if (hasRows) migrate();
  const dashboard = spawn(process.execPath, [programFile("dashboard").file, ...args], { env, stdio: "inherit" });
  const gone = once(dashboard, "exit") as Promise<[number | null]>;
  stop.signal.addEventListener("abort", () => dashboard.kill("SIGTERM"));
  if (stop.signal.aborted) dashboard.kill("SIGTERM");
  const [code] = await gone;
  if (hasRows) {
    renameSync(file, `${file}.moved`);
    migrate("-back");
  }
  return code ?? 1;
}

function migrate(...more: string[]): void {
  const command = [programFile("migrate").file, ...args, ...more];
  const { status } = spawnSync(process.execPath, command, { env, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error("the rows could not be moved");
}

try {
  process.exitCode = await run();
} finally {
  await Promise.all([postgres.remove(), nats.stop("SIGKILL"), victoria.remove()]);
}
