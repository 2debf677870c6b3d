import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const PACKED = fileURLToPath(new URL("../apps/agent/dist/agent.cjs", import.meta.url));
const SOURCE = fileURLToPath(new URL("../apps/agent/src/main.ts", import.meta.url));
const BUILD = fileURLToPath(new URL("../apps/agent/build.ts", import.meta.url));

/** What to run as the agent, and how. */
export interface AgentProgram {
  readonly file: string;
  /** Flags for Node itself. */
  readonly nodeFlags: readonly string[];
}

/**
 * An agent computes next to nothing: without the compilers for hot code and without the snapshot of modules it never uses it takes a sixth
 * less memory.
 */
const SMALL_MEMORY_FLAGS = ["--lite-mode", "--no-node-snapshot", "--max-semi-space-size=1"];

/** The packed agent, which takes half the memory of its sources; the sources where it was not packed. */
export function agentProgram(): AgentProgram {
  return { file: existsSync(PACKED) ? PACKED : SOURCE, nodeFlags: existsSync(PACKED) ? SMALL_MEMORY_FLAGS : [] };
}

/** Packs the agent. Throws when the packer is not installed or fails; it has said why on stderr. */
export async function packAgent(): Promise<void> {
  const child = spawn(process.execPath, [BUILD], { stdio: "inherit" });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new Error(`packing the agent ended with ${code ?? signal}`);
}
