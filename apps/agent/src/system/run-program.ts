import type { RunProgram } from "../tasks/icmp-ping.ts";
import { isErrorCode } from "../fault.ts";

const MAX_COMPLAINT_CHARACTERS = 1000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;
const KILL = "SIGKILL";

/** Without a shell. A program that fails without output has said why on standard error, or not at all. */
export const runProgram: RunProgram = async (file, args, { timeoutMs, signal }) => {
  const { spawn } = await import("node:child_process");
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
      killSignal: KILL,
      windowsHide: true,
      env: { ...process.env, LC_ALL: "C" },
    });
    // The runtime's own option for it leaves its listener, and with it the child, on the signal when a program does not start.
    const stop = (): void => {
      child.kill(KILL);
      reject(new Error("the operation was aborted"));
    };
    signal.addEventListener("abort", stop, { once: true });
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_OUTPUT_BYTES) chunks.push(chunk);
    });
    child.once("error", (error) => reject(isErrorCode(error, "ENOENT") ? new Error(`${file}: executable file not found`) : error));
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString("utf8")}`.slice(0, MAX_COMPLAINT_CHARACTERS)));
    child.once("close", (code) => {
      signal.removeEventListener("abort", stop);
      const [firstLine = ""] = complaint.trim().split("\n");
      if (code !== 0 && length === 0 && firstLine !== "") reject(new Error(firstLine));
      else resolve(Buffer.concat(chunks).toString("utf8"));
    });
  });
};
