import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { programFile } from "./packed.mjs";

const BUILDS = {
  agent: fileURLToPath(new URL("../apps/agent/build.ts", import.meta.url)),
  dashboard: fileURLToPath(new URL("../apps/dashboard/build.ts", import.meta.url)),
} as const;

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
  const { file, packed } = programFile("agent");
  return { file, nodeFlags: packed ? SMALL_MEMORY_FLAGS : [] };
}

/** Packs a program whose pack is missing or older than its sources. Throws when the packer is not installed or fails; it has said why on stderr. */
export async function pack(name: keyof typeof BUILDS): Promise<void> {
  if (programFile(name).packed) return;
  const child = spawn(process.execPath, [BUILDS[name]], { stdio: "inherit" });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new Error(`packing the ${name} ended with ${code ?? signal}`);
}
