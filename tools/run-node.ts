import { spawn } from "node:child_process";
import { once } from "node:events";

export interface NodeRun {
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to our own environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told every chunk of its standard output, which is shown as well. */
  readonly onOutput?: (text: string) => void;
}

/** Runs a Node program on the Node we run on, with our own output, and returns its exit code (1 when a signal ended it). */
export async function runNode({ args, cwd, env, onOutput }: NodeRun): Promise<number> {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", onOutput ? "pipe" : "inherit", "inherit"],
  });
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    process.stdout.write(text);
    onOutput?.(text);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
