import type { ChildProcess } from "node:child_process";
import type { CommandEnd, RunShell } from "../tasks/command.ts";
import { killGroup } from "./process-group.ts";

/** What is kept of the output; a result must stay below the dashboard's limit of 4 MiB for a message. */
const MAX_OUTPUT_BYTES = 2 * 1024 * 1024;
/** How long the output of a finished command may still be on its way, through descendants that left the group. */
const DRAIN_MS = 500;

/** As the reference names them: `signal: killed`. */
const SIGNAL_NAMES: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGABRT: "aborted",
  SIGALRM: "alarm clock",
  SIGBUS: "bus error",
  SIGFPE: "floating point exception",
  SIGHUP: "hangup",
  SIGILL: "illegal instruction",
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGPIPE: "broken pipe",
  SIGQUIT: "quit",
  SIGSEGV: "segmentation fault",
  SIGTERM: "terminated",
  SIGTRAP: "trace/breakpoint trap",
};

/** `sh -c` or `cmd /c`, nothing to read from, standard error left out, environment and folder of the agent. */
export const runShell: RunShell = async (commandLine, { timeoutMs, signal }) => {
  const { spawn } = await import("node:child_process");
  return new Promise((resolve) => {
    const isWindows = process.platform === "win32";
    const [file, ...args] = isWindows ? (["cmd", "/d", "/s", "/c", `"${commandLine}"`] as const) : (["sh", "-c", commandLine] as const);
    const child = spawn(file, args, {
      stdio: ["ignore", "pipe", "ignore"],
      detached: !isWindows,
      windowsHide: true,
      windowsVerbatimArguments: isWindows,
    });
    const output = collectOutput(child);
    let timedOut = false;
    const stop = (): void => killGroup(child);
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, timeoutMs);
    signal.addEventListener("abort", stop, { once: true });
    const finish = (failure: string | undefined): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve({ output: output(), failure, timedOut } satisfies CommandEnd);
    };
    child.once("error", (error) => finish(error.message));
    child.once("exit", (code, name) => {
      stop();
      const drained = setTimeout(() => child.stdout?.destroy(), DRAIN_MS);
      child.once("close", () => {
        clearTimeout(drained);
        finish(failureOf(code, name));
      });
    });
  });
};

function collectOutput(child: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  let room = MAX_OUTPUT_BYTES;
  child.stdout?.on("data", (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, room));
    room -= Math.min(room, chunk.length);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function failureOf(code: number | null, signal: NodeJS.Signals | null): string | undefined {
  if (signal !== null) return `signal: ${SIGNAL_NAMES[signal] ?? signal}`;
  return code === 0 ? undefined : `exit status ${code ?? -1}`;
}
