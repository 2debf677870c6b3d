import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { Clock } from "@windfire/kit";
import { FOLLOW_PARENT } from "../launch.mjs";

const LAUNCHER = fileURLToPath(new URL("../node.mjs", import.meta.url));

/** How a program ended: its exit code, the signal that ended it, or why it could not be started. */
export type ProgramEnd =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  | { readonly kind: "failure"; readonly message: string };

/** A running child. */
export interface Program {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when the program is gone; never rejects. */
  readonly ended: Promise<ProgramEnd>;
  /** Asks it to stop, kills it when it still runs after `deadlineMs`, and resolves when it is gone. */
  stop(deadlineMs: number): Promise<ProgramEnd>;
}

export interface ProgramDeps {
  readonly clock: Clock;
  readonly output: Writable;
  readonly errors: Writable;
}

export interface ProgramOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
  /** Put before every line of its output. */
  readonly prefix?: string;
  /** Told every line of its output. */
  readonly onLine?: (line: string) => void;
}

/**
 * Starts a program of this repository. It gets a process group of its own, so that a Ctrl-C in the terminal reaches us alone and we
 * decide the order of stopping; when we are killed it notices and stops by itself.
 */
export function runProgram(deps: ProgramDeps, options: ProgramOptions): Program {
  const child = spawn(process.execPath, [...(options.nodeFlags ?? []), LAUNCHER, options.file, ...options.args], {
    env: { ...options.env, [FOLLOW_PARENT]: "1" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  passOn(child.stdout, deps.output, options);
  passOn(child.stderr, deps.errors, options);
  const ended = new Promise<ProgramEnd>((resolve) => {
    child.once("error", (error) => resolve({ kind: "failure", message: error.message }));
    child.once("close", (code, signal) => resolve(signal === null ? { kind: "exit", code: code ?? 0 } : { kind: "signal", signal }));
  });
  return {
    pid: child.pid,
    ended,
    stop: async (deadlineMs) => {
      child.kill("SIGTERM");
      const hard = deps.clock.setTimeout(() => child.kill("SIGKILL"), deadlineMs);
      const end = await ended;
      hard.cancel();
      return end;
    },
  };
}

function passOn(from: Readable, to: Writable, options: ProgramOptions): void {
  createInterface({ input: from }).on("line", (line) => {
    to.write(`${options.prefix ?? ""}${line}\n`);
    options.onLine?.(line);
  });
}

/** The exit code by which a shell knows this end: 0 only for a clean one. */
export function exitCodeOf(end: ProgramEnd): number {
  return end.kind === "exit" ? end.code : 1;
}

export function describeEnd(end: ProgramEnd): string {
  switch (end.kind) {
    case "exit":
      return `ended with exit code ${end.code}`;
    case "signal":
      return `was ended by ${end.signal}`;
    case "failure":
      return `could not be started: ${end.message}`;
  }
}
