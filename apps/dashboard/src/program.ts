import { flushCompileCache } from "node:module";
import { isatty } from "node:tty";
import { systemClock } from "@windfire/kit";
import { parseFlags } from "#platform/config";
import { composeDashboard } from "./compose.ts";
import { VERSION } from "./version.ts";

/** Time for a graceful stop (spec 41 section 2.2). */
const STOP_MS = 5000;

/** Whatever is made here (database, journals, history, copies) holds secrets: nobody else may read it (spec 41 section 2). */
const OWNER_ONLY = 0o077;

async function untilStopped(): Promise<number> {
  process.umask(OWNER_ONLY);
  const parsed = parseFlags(process.argv.slice(2));
  if ("exitCode" in parsed) {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
    return parsed.exitCode;
  }
  if (parsed.flags.version) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  const dashboard = await composeDashboard({ flags: parsed.flags, env: process.env, clock: systemClock, output: process.stdout });
  const { promise: stopped, resolve } = Promise.withResolvers<string>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(signal));
  await dashboard.start();
  // From a terminal its end is meant, as before; a service is asked to read its files again.
  if (isatty(0)) process.once("SIGHUP", () => resolve("SIGHUP"));
  else process.on("SIGHUP", () => void dashboard.reload());
  flushCompileCache();
  await stopped;
  return (await dashboard.stop(STOP_MS)) ? 0 : 1;
}

/** What nobody waited for and failed is a fault of ours, and no reason to leave every agent alone. */
function reportRejection(error: unknown): void {
  process.stderr.write(
    `NEZHA>> ERROR: a failure that nobody waited for: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}

/** Runs the dashboard of this process until a signal ends it, and leaves the exit code. */
export async function run(): Promise<void> {
  process.on("unhandledRejection", reportRejection);
  try {
    process.exitCode = await untilStopped();
  } catch (error) {
    process.stderr.write(`NEZHA>> ERROR: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
