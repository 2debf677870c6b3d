import type { RunProgram } from "../tasks/icmp-ping.ts";
import { isErrorCode } from "../fault.ts";

const MAX_COMPLAINT_CHARACTERS = 1000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Without a shell. A program that fails without output has said why on standard error, or not at all. */
export const runProgram: RunProgram = async (file, args, { timeoutMs, signal }) => {
  const { spawn } = await import("node:child_process");
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      stdio: ["ignore", "pipe", "pipe"],
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
    let complaint = "";
    child.stderr.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString("utf8")}`.slice(0, MAX_COMPLAINT_CHARACTERS)));
    child.once("close", (code) => {
      const [firstLine = ""] = complaint.trim().split("\n");
      if (code !== 0 && length === 0 && firstLine !== "") reject(new Error(firstLine));
      else resolve(Buffer.concat(chunks).toString("utf8"));
    });
  });
};
