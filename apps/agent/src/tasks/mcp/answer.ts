import { GuardFault } from "../../gate/index.ts";
import type { FileGuard } from "../../gate/index.ts";
import { failed } from "../task-kind.ts";
import type { RunTask, TaskOutcome } from "../task-kind.ts";

/** A refusal whose text the caller may see. */
export class McpFault extends Error {}

/** Reads one member of a request. @throws McpFault when it is there and of another type */
export type Member = <T extends keyof MemberTypes>(name: string, type: T) => MemberTypes[T] | undefined;

interface MemberTypes {
  string: string;
  number: number;
  boolean: boolean;
  object: Readonly<Record<string, unknown>>;
  array: readonly unknown[];
}

/**
 * Carries out an MCP task. A request that cannot be read fails the task; everything else is a result, whose `error` says
 * what went wrong, in words that tell nothing about the host (spec 21 section 12).
 */
export function mcpTask<T extends object>(invalid: string, empty: T, run: (member: Member, guard: FileGuard) => Promise<T>): RunTask {
  return async ({ data }, { guard }): Promise<TaskOutcome> => {
    const request = parseObject(data);
    if (request === undefined) return failed(`${invalid}: not a JSON object`);
    try {
      return answer(await run(memberOf(request), guard));
    } catch (error) {
      if (error instanceof MemberFault) return failed(`${invalid}: ${error.message}`);
      return answer({ ...empty, error: sanitized(error) });
    }
  };
}

function answer(result: object): TaskOutcome {
  return { data: JSON.stringify(result), successful: true };
}

class MemberFault extends Error {}

function memberOf(request: Readonly<Record<string, unknown>>): Member {
  return <T extends keyof MemberTypes>(name: string, type: T): MemberTypes[T] | undefined => {
    const value = request[name];
    if (value === undefined || value === null) return undefined;
    if (!isOfType(value, type)) throw new MemberFault(`${name} must be of type ${type}`);
    return value;
  };
}

function isOfType<T extends keyof MemberTypes>(value: unknown, type: T): value is MemberTypes[T] {
  if (type === "array") return Array.isArray(value);
  if (type === "number") return typeof value === "number" && Number.isSafeInteger(value);
  return typeof value === type && !Array.isArray(value);
}

export function parseObject(data: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const TEXTS: Readonly<Record<string, string>> = {
  ENOENT: "file or directory does not exist",
  ENOTDIR: "file or directory does not exist",
  EACCES: "permission denied",
  EPERM: "permission denied",
  // A symbolic link where none is followed.
  ELOOP: "path is not a regular file",
};

/** What may be said about a failure (spec 21 section 12.2). */
export function sanitized(error: unknown): string {
  if (error instanceof McpFault || error instanceof GuardFault) return error.message;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return TEXTS[code] ?? "internal agent error";
}
