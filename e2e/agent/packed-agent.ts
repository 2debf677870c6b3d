import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { agentProgram, pack } from "../../tools/programs.ts";

/** Our own agent, packed, in a process of its own. */
export interface PackedAgent {
  readonly configPath: string;
  output(): string;
  /** `windfire agent …` on the same configuration; gives what it printed. */
  command(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export interface PackedAgentOptions {
  readonly folder: string;
  /** The configuration, one key a line. */
  readonly config: string;
}

export async function openPackedAgent({ folder, config }: PackedAgentOptions): Promise<PackedAgent> {
  await pack("agent");
  const { file, nodeFlags } = agentProgram();
  const configPath = join(folder, "config.yml");
  await writeFile(configPath, config, { mode: 0o600 });
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("NZ_")));
  const run = (args: readonly string[]) => {
    const child = spawn(process.execPath, [...nodeFlags, file, ...args, "-c", configPath], { env, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
    return { child, text: () => text, gone: new Promise<void>((resolve) => child.once("close", () => resolve())) };
  };
  const agent = run([]);
  return {
    configPath,
    output: agent.text,
    command: async (...args) => {
      const { text, gone } = run(args);
      await gone;
      return text();
    },
    stop: async () => {
      agent.child.kill("SIGTERM");
      await agent.gone;
    },
  };
}
