import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createBackOff } from "@windfire/kit";
import { agentEnvironment, writeAgentSettings } from "./agent-settings.ts";
import { readAgentSecret } from "./config-file.ts";
import { keepRunning } from "./keeper.ts";
import type { Keeper } from "./keeper.ts";
import { runProgram } from "./program.ts";
import type { ProgramDeps } from "./program.ts";

export interface OwnAgentDeps extends ProgramDeps {
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
  /** The agent's main file. */
  readonly file: string;
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
}

/**
 * Runs an agent for this machine and keeps it running. Its settings lie in `agent/config.yml` below the data folder.
 *
 * @param server `host:port` of the running dashboard, whose configuration lies in the data folder
 */
export async function startOwnAgent(deps: OwnAgentDeps, data: string, server: string): Promise<Keeper> {
  const settings = join(data, "agent", "config.yml");
  const secret = await readAgentSecret(join(data, "config.yaml"), deps.env);
  await writeAgentSettings(settings, { server, secret }, randomUUID);
  const env = agentEnvironment(deps.env);
  return keepRunning("the agent", {
    clock: deps.clock,
    backOff: createBackOff({ baseMs: 1_000, maxMs: 60_000, random: Math.random }),
    start: () => runProgram(deps, { file: deps.file, nodeFlags: deps.nodeFlags ?? [], args: ["-c", settings], env, prefix: "agent: " }),
    log: deps.log,
  });
}
