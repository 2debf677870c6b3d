import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "@windfire/kit";
import { agentProgram, pack } from "../../programs.ts";
import { agentEnvironment, writeAgentSettings } from "../../start/agent-settings.ts";
import { runProgram } from "../../start/program.ts";
import type { Figure } from "../figures.ts";
import { readProcessCost } from "../process-cost.ts";
import type { BenchDashboard } from "../stage.ts";

const SETTLE_MS = 4_000;
const STOP_MS = 5_000;

/** What our own agent costs the host it watches, at the usual interval. */
export async function measureOwnAgent(dashboard: BenchDashboard, seconds: number): Promise<Figure[]> {
  await pack("agent");
  const folder = await mkdtemp(join(tmpdir(), "windfire-agent-"));
  const settings = join(folder, "config.yml");
  await writeAgentSettings(
    settings,
    { server: dashboard.target, secret: dashboard.agentSecret },
    () => "be2cffff-0000-4000-8000-000000000001",
  );
  const silent = new PassThrough().resume();
  const program = runProgram(
    { clock: systemClock, output: silent, errors: process.stderr },
    { ...agentProgram(), args: ["-c", settings], env: agentEnvironment(process.env) },
  );
  await pause(SETTLE_MS);
  const before = await readProcessCost(program.pid ?? 0);
  await pause(seconds * 1000);
  const after = await readProcessCost(program.pid ?? 0);
  await program.stop(STOP_MS);
  await rm(folder, { recursive: true, force: true });
  if (before === undefined || after === undefined) throw new Error("the agent ended while it was measured");
  return [
    { measure: "own agent", name: "CPU", value: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds, unit: "% of a core" },
    { measure: "own agent", name: "memory", value: after.residentMb, unit: "MB" },
    { measure: "own agent", name: "memory of its own", value: after.anonymousMb, unit: "MB" },
  ];
}
