import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A server of somebody else's that tests talk to. */
export interface ServerProgram {
  /** Ends it as its own service manager would, or at once with `SIGKILL`; resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Sends a signal that does not end it. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void;
}

export interface ServerProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** User and group it runs as; ours when left out. */
  readonly as?: { readonly uid: number; readonly gid: number };
  /** Asked again and again until it is true; an answer that never comes ends the program with an error that holds what it printed. */
  readonly isReady: () => Promise<boolean>;
  readonly patienceMs?: number;
}

/** Bytes of output that an error shows. */
const SHOWN_OUTPUT = 4_000;
const PAUSE_MS = 50;

/** Starts a server and resolves once it answers. @throws when it ends or does not answer in time */
export async function startServerProgram(options: ServerProgramOptions): Promise<ServerProgram> {
  const child = spawn(options.command, options.args, { stdio: ["ignore", "pipe", "pipe"], ...options.as });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-SHOWN_OUTPUT)));
  }
  const gone = once(child, "close");
  let ended = false;
  gone.then(
    () => (ended = true),
    () => (ended = true),
  );
  const stop: ServerProgram["stop"] = async (signal = "SIGTERM") => {
    if (!ended) child.kill(signal);
    await gone;
  };
  const deadline = performance.now() + (options.patienceMs ?? 20_000);
  while (!(await options.isReady().catch(() => false))) {
    if (ended || performance.now() > deadline) {
      await stop("SIGKILL").catch(() => undefined);
      throw new Error(`${options.command} does not answer: ${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return { stop, signal: (signal) => void child.kill(signal) };
}

/** A folder for what such a server writes. */
export async function serverFolder(name: string): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `windfire-${name}-`));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
