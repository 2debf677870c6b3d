import { DatabaseError } from "../database-error.ts";

/** Whether a text names a database of PostgreSQL, and no file. */
export function isPostgresAddress(text: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(text);
}

/** An address without user, password and options, for people to read. */
export function shownAddress(address: string): string {
  try {
    const { host, pathname } = new URL(address);
    return `postgres://${host}${pathname}`;
  } catch {
    return "postgres://…";
  }
}

/** @throws {DatabaseError} `unsupported` when it is none; never with the text itself, which may hold a password */
export function requireAddress(address: string): void {
  if (!URL.canParse(address))
    throw new DatabaseError("unsupported", "the address is not one: write postgres://user:password@host:port/name");
  const { pathname, searchParams } = new URL(address);
  if (pathname.length < 2 && !searchParams.has("dbname")) {
    throw new DatabaseError("unsupported", "the address names no database: write postgres://user:password@host:port/name");
  }
}
