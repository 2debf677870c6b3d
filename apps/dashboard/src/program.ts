import { flushCompileCache } from "node:module";
import { isatty } from "node:tty";
import { reasonOf, systemClock } from "@windfire/kit";
import { takeBackReplacement } from "#features/backup";
import { parseFlags } from "#platform/config";
import type { Flags } from "#platform/config";
import { composeDashboard } from "./compose.ts";
import type { Dashboard } from "./compose.ts";
import { filesOf } from "./compose/installation.ts";
import { compileHotCode, processCpuMs, watchForWork } from "./hot-code.ts";
import { VERSION } from "./version.ts";

/** Time for a graceful stop (spec 41 section 2.2). */
const STOP_MS = 5000;

/** What a far side that never answers still holds open ends with the process, so long after all else. */
const LAST_MS = 1000;

/** Whatever is made here (database, journals, history, copies) holds secrets: nobody else may read it (spec 41 section 2). */
const OWNER_ONLY = 0o077;

async function untilStopped(onStarted: () => void): Promise<number> {
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
  const flags = parsed.flags;
  const stop = createStop();
  watchForWork({ clock: systemClock, cpuMs: processCpuMs, onBusy: compileHotCode });
  for (;;) {
    const dashboard = await startOrTakeBack(flags, stop);
    flushCompileCache();
    onStarted();
    const asked = await stop.asked();
    await dashboard.handOver();
    const isClean = await dashboard.stop(STOP_MS);
    if (asked === "stop") return isClean ? 0 : 1;
  }
}

/** What ends the run of a dashboard: a signal its process, an order of its own only itself. */
function createStop() {
  let order = Promise.withResolvers<"stop" | "restart">();
  let isStopping = false;
  let isListening = false;
  let running: Dashboard | undefined;
  const stop = (): void => {
    isStopping = true;
    order.resolve("stop");
  };
  // Later ones change nothing: a Ctrl-C, or a signal to all processes of a service, comes once of its own and once from the launcher.
  const listen = (): void => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
    // From a terminal its end is meant, as before; a service is asked to read its files again.
    if (isatty(0)) process.on("SIGHUP", stop);
    else process.on("SIGHUP", () => void running?.reload());
    isListening = true;
  };
  return {
    restart: () => order.resolve("restart"),
    follow(dashboard: Dashboard): void {
      running = dashboard;
      // Until then a signal ends a process that has done nothing yet.
      if (!isListening) listen();
      if (isStopping) stop();
    },
    async asked(): Promise<"stop" | "restart"> {
      const asked = await order.promise;
      running = undefined;
      order = Promise.withResolvers();
      return asked;
    },
  };
}

/** When it does not start on a backup that was restored from the console, what ran before comes back, and says why. */
async function startOrTakeBack(flags: Flags, { restart, follow }: ReturnType<typeof createStop>): Promise<Dashboard> {
  const start = async (): Promise<Dashboard> => {
    const dashboard = await composeDashboard({ flags, env: process.env, clock: systemClock, output: process.stdout, restart });
    follow(dashboard);
    await dashboard.start();
    return dashboard;
  };
  try {
    return await start();
  } catch (error) {
    if (!(await takeBackReplacement(filesOf(flags), error))) throw error;
    process.stderr.write(`NEZHA>> ERROR: the backup that was restored does not start, what ran before is put back: ${reasonOf(error)}\n`);
    return start();
  }
}

/** What nobody waited for and failed is a fault of ours, and no reason to leave every agent alone. */
function reportRejection(error: unknown): void {
  process.stderr.write(
    `NEZHA>> ERROR: a failure that nobody waited for: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
}

/** Runs the dashboard of this process until a signal ends it, and leaves the exit code. `onStarted`: when everything of a start has run. */
export async function run(onStarted: () => void = () => undefined): Promise<void> {
  process.on("unhandledRejection", reportRejection);
  try {
    process.exitCode = await untilStopped(onStarted);
  } catch (error) {
    process.stderr.write(`NEZHA>> ERROR: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    setTimeout(() => process.exit(), LAST_MS).unref();
  }
}
