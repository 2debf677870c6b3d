import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import type { Readable } from "node:stream";
import type { ExecEnd, RunExec } from "../tasks/mcp/index.ts";
import { killGroup } from "./process-group.ts";

/** How long output may still come after the end, through descendants that left the group. */
const DRAIN_MS = 500;
/** How long a killed process may take to be gone. */
const KILL_MS = 2000;

export const runExec: RunExec = (order, signal) =>
  new Promise((resolve, reject) => {
    const child = spawn(order.cmd, [...order.args], {
      cwd: order.cwd,
      env: { ...order.env },
      detached: process.platform !== "win32",
      windowsHide: true,
      stdio: "pipe",
    });
    const stdout = collect(child.stdout, order.maxOutputBytes);
    const stderr = collect(child.stderr, order.maxOutputBytes);
    let timedOut = false;
    const end = (exitCode: number, isStuck = false): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      resolve({ exitCode, stdout: stdout(), stderr: stderr(), timedOut, isStuck } satisfies ExecEnd);
    };
    const stop = (): void => {
      killGroup(child);
      release(child);
      setTimeout(() => end(-1, true), KILL_MS).unref();
    };
    const timer = setTimeout(() => {
      timedOut = true;
      stop();
    }, order.timeoutMs);
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", (error) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      reject(error);
    });
    child.once("exit", (code) => {
      killGroup(child);
      setTimeout(() => release(child), DRAIN_MS).unref();
      child.once("close", () => end(code ?? -1));
    });
    // A program that does not read its input may be gone before all of it is written.
    child.stdin.on("error", () => undefined);
    child.stdin.end(order.stdin);
  });

/** Descendants may hold the pipes for ever; we do not. */
function release(child: ChildProcessWithoutNullStreams): void {
  child.stdin.destroy();
  child.stdout.destroy();
  child.stderr.destroy();
}

function collect(stream: Readable, maxBytes: number): () => ExecEnd["stdout"] {
  const chunks: Buffer[] = [];
  let room = maxBytes;
  let isTruncated = false;
  stream.on("data", (chunk: Buffer) => {
    isTruncated ||= chunk.length > room;
    chunks.push(chunk.subarray(0, room));
    room -= Math.min(room, chunk.length);
  });
  return () => ({ text: Buffer.concat(chunks).toString("utf8"), isTruncated });
}
