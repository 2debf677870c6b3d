import { reasonOf } from "@windfire/kit";
import { DatabaseError } from "../database-error.ts";
import type { DatabaseFailure } from "../database-error.ts";

/** By whole SQLSTATE, or by its class of two characters. */
const FAILURES: Readonly<Record<string, DatabaseFailure>> = {
  "21": "statement",
  "22": "statement",
  "23": "constraint",
  "25": "statement",
  "25006": "read-only",
  "25P03": "busy",
  "26": "statement",
  "34": "statement",
  "40": "busy",
  "42": "statement",
  "53": "io",
  "53100": "full",
  "54": "statement",
  "55P03": "busy",
  "57014": "busy",
  "08": "io",
  "28": "io",
  "57": "io",
  "58": "io",
  "0A": "statement",
  P0: "statement",
  XX001: "damaged",
  XX002: "damaged",
};

/** Classes after which the connection is of no use. */
const OVER = /^(?:08|57P|25P03|58)/;

/** Whether the connection went with the statement: then nobody knows more of it than that there was no answer. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  return code === undefined ? !(error instanceof DatabaseError || error instanceof TypeError) : OVER.test(code) || !isState(code);
}

/** Turns what the engine or the way to it throws into a `DatabaseError`; mistakes of ours are passed on as they are. */
export function asDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseError || error instanceof TypeError) return error;
  const code = codeOf(error);
  if (code === undefined || !isState(code))
    return new DatabaseError("io", `the database does not answer: ${reasonOf(error)}`, { cause: error });
  return new DatabaseError(FAILURES[code] ?? FAILURES[code.slice(0, 2)] ?? "other", reasonOf(error), { cause: error });
}

/** Codes of the system (`ECONNREFUSED`) stand in the same place as those of the engine. */
function isState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
