import type { RunProgram } from "../tasks/icmp-ping.ts";
import { isErrorCode } from "../fault.ts";

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Without a shell; what the program prints to standard error is left out. */
export const runProgram: RunProgram = async (file, args, { timeoutMs, signal }) => {
  const { spawn } = await import("node:child_process");
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: timeoutMs,
      killSignal: "SIGKILL",
      signal,
      windowsHide: true,
      env: { ...process.env, LC_ALL: "C" },
    });
    const chunks: Buffer[] = [];
    let length = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= MAX_OUTPUT_BYTES) chunks.push(chunk);
    });
    child.once("error", (error) => reject(isErrorCode(error, "ENOENT") ? new Error(`${file}: executable file not found`) : error));
    child.once("close", () => resolve(Buffer.concat(chunks).toString("utf8")));
  });
};
