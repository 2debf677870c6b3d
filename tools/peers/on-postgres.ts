import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { createPostgresDatabase } from "@windfire/testkit";
import { SERVER } from "./on-postgres-server.ts";

/**
 * Runs a dashboard with its rows in a new database of PostgreSQL: `-c config -db file`, as the dashboard itself. Rows of a file that is
 * there are moved first, and back into a new file in its place when the dashboard has stopped.
 */
const SOURCES = join(import.meta.dirname, "..", "..", "apps", "dashboard", "src");
const args = process.argv.slice(2);
const file = args[args.indexOf("-db") + 1] ?? "";
const address = await createPostgresDatabase(process.env[SERVER] ?? "", `peer_${process.pid}_${Date.now()}`);
const env = { ...process.env, NZ_DATABASE: address };
const hasRows = existsSync(file);

function migrate(...more: string[]): void {
  const command = [join(SOURCES, "migrate.ts"), ...args, ...more];
  const { status } = spawnSync(process.execPath, command, { env, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) process.exit(1);
}

if (hasRows) migrate();
const dashboard = spawn(process.execPath, [join(SOURCES, "main.ts"), ...args], { env, stdio: "inherit" });
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => dashboard.kill(signal));
const [code] = (await once(dashboard, "exit")) as [number | null];
if (hasRows) {
  renameSync(file, `${file}.moved`);
  migrate("-back");
}
process.exitCode = code ?? 1;
