import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createBackOff, systemClock } from "@windfire/kit";
import { localTarget, parseStartLine } from "./start/address.ts";
import { agentEnvironment, writeAgentSettings } from "./start/agent-settings.ts";
import { banner } from "./start/banner.ts";
import { ensureConfig, readAgentSecret } from "./start/config-file.ts";
import { keepRunning } from "./start/keeper.ts";
import type { Keeper } from "./start/keeper.ts";
import { parseStartOptions, START_USAGE } from "./start/options.ts";
import type { StartOptions } from "./start/options.ts";
import { describeEnd, exitCodeOf, runProgram } from "./start/program.ts";
import type { Program, ProgramDeps } from "./start/program.ts";
import { buildWebOutput, webOutputExists } from "./web-output.ts";

const AGENT_STOP_MS = 5_000;
/** A little more than the five seconds that the dashboard gives its own connections. */
const DASHBOARD_STOP_MS = 7_000;

const programs: ProgramDeps = { clock: systemClock, output: process.stdout, errors: process.stderr };
const programFile = (app: string) => fileURLToPath(new URL(`../apps/${app}/src/main.ts`, import.meta.url));
const log = (line: string) => console.log(`windfire: ${line}`);

async function ensureWebOutput(): Promise<void> {
  if (webOutputExists()) return;
  log("building the web pages, once");
  try {
    await buildWebOutput();
  } catch (error) {
    log(`the web pages are missing: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function startDashboard(data: string): { program: Program; target: Promise<string> } {
  const started = Promise.withResolvers<string>();
  const program = runProgram(programs, {
    file: programFile("dashboard"),
    args: ["-c", join(data, "config.yaml"), "-db", join(data, "sqlite.db")],
    env: process.env,
    onLine: (line) => {
      const address = parseStartLine(line);
      if (address) started.resolve(localTarget(address));
    },
  });
  return { program, target: started.promise };
}

async function startAgent(data: string, server: string): Promise<Keeper> {
  const settings = join(data, "agent", "config.yml");
  const secret = await readAgentSecret(join(data, "config.yaml"), process.env);
  await writeAgentSettings(settings, { server, secret }, randomUUID);
  const env = agentEnvironment(process.env);
  return keepRunning("the agent", {
    clock: systemClock,
    backOff: createBackOff({ baseMs: 1_000, maxMs: 60_000, random: Math.random }),
    start: () => runProgram(programs, { file: programFile("agent"), args: ["-c", settings], env, prefix: "agent: " }),
    log,
  });
}

function stopRequest(): Promise<"stop"> {
  return new Promise((ask) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ask("stop"));
  });
}

/** Runs until a signal comes or the dashboard ends; returns the exit code. */
async function run(options: StartOptions): Promise<number> {
  const data = resolve(options.data);
  await ensureConfig(join(data, "config.yaml"));
  await ensureWebOutput();
  const stop = stopRequest();
  const dashboard = startDashboard(data);
  const over = Promise.race([stop, dashboard.program.ended]);
  const target = await Promise.race([dashboard.target, over.then(() => undefined)]);
  let agent: Keeper | undefined;
  if (target !== undefined) {
    agent = options.agent ? await startAgent(data, target) : undefined;
    console.log(banner({ target, data, agent: options.agent }));
  }
  const first = await over;
  await agent?.stop(AGENT_STOP_MS);
  if (first !== "stop") {
    log(`the dashboard ${describeEnd(first)}`);
    return exitCodeOf(first);
  }
  return exitCodeOf(await dashboard.program.stop(DASHBOARD_STOP_MS));
}

const options = parseStartOptions(process.argv.slice(2));
if (typeof options === "string") {
  console.error(`${options}\n\n${START_USAGE}`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(options);
}
