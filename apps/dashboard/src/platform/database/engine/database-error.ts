import { reasonOf } from "@windfire/kit";

/**
 * Why a statement or the start failed:
 * `constraint` (a unique or not-null rule), `statement` (it cannot be carried out as it is written), `busy` (somebody else holds the file), `full` (no space), `read-only`, `damaged`
 * (not a database, or a broken one), `io`, `newer` (written by a newer version of this program), `unsupported` (a generation that
 * cannot be opened), `in-use` (another dashboard runs on the directory), `other`.
 */
export type DatabaseFailure =
  | "constraint"
  | "statement"
  | "busy"
  | "full"
  | "read-only"
  | "damaged"
  | "io"
  | "newer"
  | "unsupported"
  | "in-use"
  | "closed"
  | "other";

/** A failure of the database. `message` of a constraint is the engine's own (`UNIQUE constraint failed: users.username`). */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  readonly failure: DatabaseFailure;

  constructor(failure: DatabaseFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }

  /** `false`: it is the statement's own fault, and the same statement fails again. */
  get isRetryable(): boolean {
    return this.failure !== "constraint" && this.failure !== "statement";
  }
}

/** Primary result codes of SQLite. */
const FAILURES: Readonly<Record<number, DatabaseFailure>> = {
  1: "statement",
  5: "busy",
  6: "busy",
  8: "read-only",
  10: "io",
  11: "damaged",
  13: "full",
  14: "io",
  18: "statement",
  19: "constraint",
  20: "statement",
  25: "statement",
  26: "damaged",
};

/** Turns what the engine throws into a `DatabaseError`; everything else is passed on as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (error instanceof Error && "code" in error && error.code === "ERR_INVALID_STATE") {
    return new DatabaseError("closed", "the database is closed", { cause: error });
  }
  const code = resultCode(error);
  if (code === undefined || !(error instanceof Error)) return error;
  return new DatabaseError(FAILURES[code] ?? "other", error.message, { cause: error });
}

/** The primary result code of an error of the engine. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}

/** The failure of a start as a sentence that names the file. */
export function namedFailure(error: unknown, file: string): DatabaseError {
  const failure = error instanceof DatabaseError ? error.failure : "io";
  const text =
    failure === "in-use" ? `another dashboard is running on the database ${file}` : `cannot open the database ${file}: ${reasonOf(error)}`;
  return new DatabaseError(failure, text, { cause: error });
}
