import { join, resolve } from "node:path";
import { reasonOf, systemClock } from "@windfire/kit";
import { programFile } from "./packed.mjs";
import { agentProgram, pack } from "./programs.ts";
import { banner } from "./start/banner.ts";
import { ensureConfig, removeUntouchedConfig } from "./start/config-file.ts";
import { startDashboard } from "./start/dashboard.ts";
import type { Keeper } from "./start/keeper.ts";
import { parseStartOptions, START_USAGE } from "./start/options.ts";
import type { StartOptions } from "./start/options.ts";
import { startOwnAgent } from "./start/own-agent.ts";
import { describeEnd, exitCodeOf } from "./start/program.ts";
import { stopRequest } from "./start/stop-request.ts";
import { buildWebOutput, webOutputExists } from "./web-output.ts";

const AGENT_STOP_MS = 5_000;
/** A little more than the five seconds that the dashboard gives its own connections. */
const DASHBOARD_STOP_MS = 7_000;

const log = (line: string) => console.log(`windfire: ${line}`);
const deps = { clock: systemClock, output: process.stdout, errors: process.stderr, env: process.env, log };

async function ensureWebOutput(): Promise<void> {
  if (webOutputExists()) return;
  log("building the web pages, once");
  try {
    await buildWebOutput();
  } catch (error) {
    log(`the web pages are missing: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** After a change: it takes a second, and a program of yesterday would be a riddle. */
async function preparePrograms(names: readonly ("agent" | "dashboard")[]): Promise<void> {
  for (const name of names) {
    try {
      await pack(name);
    } catch (error) {
      log(`the ${name} runs from its sources and takes more memory: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Runs until a signal comes or the dashboard ends; returns the exit code. */
async function run(options: StartOptions): Promise<number> {
  const data = resolve(options.data);
  const config = join(data, "config.yaml");
  const isNew = (await ensureConfig(config, process.env)) === "created";
  await ensureWebOutput();
  await preparePrograms(options.agent ? ["dashboard", "agent"] : ["dashboard"]);
  const stop = stopRequest();
  const { program: dashboard, target } = startDashboard({ ...deps, file: programFile("dashboard").file }, data, options.port);
  const over = Promise.race([stop, dashboard.ended]);
  const reached = await Promise.race([target, over.then(() => undefined)]);
  let agent: Keeper | undefined;
  if (reached !== undefined) {
    agent = options.agent ? await startOwnAgent({ ...deps, ...agentProgram() }, data, reached) : undefined;
    console.log(banner({ target: reached, data, agent: options.agent }));
  }
  const first = await over;
  await agent?.stop(AGENT_STOP_MS);
  if (isNew && reached === undefined) await removeUntouchedConfig(config, process.env);
  if (first !== "stop") {
    log(`the dashboard ${describeEnd(first)}`);
    return exitCodeOf(first);
  }
  return exitCodeOf(await dashboard.stop(DASHBOARD_STOP_MS));
}

const parsed = parseStartOptions(process.argv.slice(2));
if (parsed.kind === "help") {
  console.log(START_USAGE);
} else if (parsed.kind === "wrong") {
  console.error(`${parsed.text}\n\n${START_USAGE}`);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await run(parsed.options);
  } catch (error) {
    console.error(`windfire could not start: ${reasonOf(error)}`);
    process.exitCode = 1;
  }
}
