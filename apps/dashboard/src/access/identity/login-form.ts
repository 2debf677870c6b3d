import type { LoginRequest } from "@windfire/api";

/** What of a sign-in is the password, and what the code of the second factor; "": there is none. */
export interface Claim {
  readonly password: string;
  readonly code: string;
}

const PASSWORD_AND_CODE = /^(?<password>.+)(?<code>\d{6})$/s;

/**
 * Takes a sign-in of an account with a second factor apart. Clients that know of codes send the field `code`, if need be empty; of the
 * others the last six digits of the password are the code. One way for each, so that one comparison decides.
 */
export function claimOf({ password, code }: LoginRequest): Claim {
  if (code !== undefined) return { password, code: code.trim() };
  const parts = PASSWORD_AND_CODE.exec(password)?.groups;
  return { password: parts?.["password"] ?? password, code: parts?.["code"] ?? "" };
}
