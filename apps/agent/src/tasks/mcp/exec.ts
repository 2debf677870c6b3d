import { stat } from "node:fs/promises";
import type { ExecResult } from "@windfire/protocol";
import { isErrorCode } from "../../fault.ts";
import type { RunTask } from "../task-kind.ts";
import { McpFault, mcpTask } from "./answer.ts";
import type { Member } from "./answer.ts";

/** A program to run, checked and with every limit set. */
export interface ExecOrder {
  readonly cmd: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  readonly timeoutMs: number;
  /** For each of the two outputs. */
  readonly maxOutputBytes: number;
}

/** What became of it: `exitCode` -1 when a signal ended it. */
export interface ExecEnd {
  readonly exitCode: number;
  readonly stdout: { readonly text: string; readonly isTruncated: boolean };
  readonly stderr: { readonly text: string; readonly isTruncated: boolean };
  readonly timedOut: boolean;
  /** It was killed and is still there. */
  readonly isStuck: boolean;
}

/** Runs a program without a shell, in a group of its own that is ended with it. Rejects when it does not start. */
export type RunExec = (order: ExecOrder, signal: AbortSignal) => Promise<ExecEnd>;

export interface ExecDeps {
  readonly run: RunExec;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
}

const DEFAULT_TIMEOUT_SECONDS = 30;
const MAX_TIMEOUT_SECONDS = 300;
const DEFAULT_OUTPUT_BYTES = 64 * 1024;
const MAX_OUTPUT_BYTES = 1024 * 1024;
const MAX_ARGUMENTS = 4096;
/** All that a program learns of the agent's environment. */
const INHERITED = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "TZ",
  "TERM",
  "SystemRoot",
  "windir",
  "TEMP",
  "TMP",
  "PATHEXT",
  "ComSpec",
  "USERPROFILE",
  "HOMEDRIVE",
  "HOMEPATH",
  "SystemDrive",
  "ProgramFiles",
];
const NOT_STARTED = { exit_code: -1, stdout: "", stderr: "", duration_ms: 0 };

/** MCP exec (task 15, spec 21 section 12.1). A program that fails is a result, not an error. */
export function createExec({ run, environment, monotonic }: ExecDeps): RunTask {
  return (task, context) =>
    mcpTask<ExecResult>("invalid exec request", NOT_STARTED, async (member) => {
      const order = readOrder(member, environment);
      if (order.cmd.trim() === "") throw new McpFault("cmd required");
      const startedMs = monotonic();
      const end = await run(order, context.signal).catch((error: unknown) => startFault(order, error));
      return resultOf(end, Math.round(monotonic() - startedMs));
    })(task, context);
}

function readOrder(member: Member, environment: ExecDeps["environment"]): ExecOrder {
  const seconds = member("timeout_seconds", "number") ?? 0;
  const bytes = member("max_output_bytes", "number") ?? 0;
  return {
    cmd: member("cmd", "string") ?? "",
    args: texts(member("args", "array") ?? []),
    cwd: member("cwd", "string") || undefined,
    env: { ...inherited(environment), ...textMap(member("env", "object") ?? {}) },
    stdin: member("stdin", "string") ?? "",
    timeoutMs: 1000 * (seconds > 0 ? Math.min(seconds, MAX_TIMEOUT_SECONDS) : DEFAULT_TIMEOUT_SECONDS),
    maxOutputBytes: bytes > 0 ? Math.min(bytes, MAX_OUTPUT_BYTES) : DEFAULT_OUTPUT_BYTES,
  };
}

function texts(values: readonly unknown[]): string[] {
  if (values.length > MAX_ARGUMENTS) throw new McpFault("too many arguments");
  return values.map((value) => {
    if (typeof value !== "string" || value.includes("\0")) throw new McpFault("args must be texts");
    return value;
  });
}

function textMap(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== "string" || `${name}${value}`.includes("\0")) throw new McpFault("env must be a map of texts");
      return [name, value];
    }),
  );
}

function inherited(environment: ExecDeps["environment"]): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = environment[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** @throws McpFault that says why a program did not start */
async function startFault({ cmd, cwd }: ExecOrder, error: unknown): Promise<never> {
  if (!isErrorCode(error, "ENOENT") && !isErrorCode(error, "ENOTDIR")) throw error;
  const isFolderThere =
    cwd === undefined ||
    (await stat(cwd).then(
      (found) => found.isDirectory(),
      () => false,
    ));
  throw new McpFault(isFolderThere && !/[\\/]/.test(cmd) ? "executable file not found" : "command or working directory not found");
}

function resultOf(end: ExecEnd, milliseconds: number): ExecResult {
  return {
    exit_code: end.exitCode,
    stdout: end.stdout.text,
    stderr: end.stderr.text,
    duration_ms: milliseconds,
    ...(end.stdout.isTruncated ? { stdout_truncated: true } : {}),
    ...(end.stderr.isTruncated ? { stderr_truncated: true } : {}),
    ...(end.timedOut ? { timed_out: true } : {}),
    ...(end.isStuck ? { error: "process did not exit after kill" } : {}),
  };
}
