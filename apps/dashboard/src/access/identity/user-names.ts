import { characters, LIMITS } from "@windfire/api";
import { oneLine } from "@windfire/kit";
import { refuseText } from "#kernel";
import { DatabaseError } from "#platform/database";
import type { Account } from "./account-store.ts";

export const NAME_TAKEN = "username already exists";

/**
 * What a new user name may not be; names in use stay good. One that reads like another user's counts as taken: in other case, with other
 * blanks, or in characters that look the same (Unicode NFKC).
 *
 * @param self who has the name afterwards, where that is somebody already
 * @throws {AppError} that names the field
 */
export function requireNewName(name: string, field: string, accounts: { list(): readonly Account[] }, self?: number): void {
  if (!characters(LIMITS.name).safeParse(name).success) throw refuseText(`${field}: must have at most ${LIMITS.name} characters`);
  if (name !== name.trim()) throw refuseText(`${field}: must not begin or end with a blank`);
  if (name !== oneLine(name)) throw refuseText(`${field}: must not hold control or direction characters`);
  const read = readAs(name);
  const twin = accounts.list().find(({ user }) => user.id !== self && readAs(user.username) === read);
  if (twin === undefined) return;
  throw refuseText(twin.user.username === name ? NAME_TAKEN : `${field}: reads like that of another user`);
}

function readAs(name: string): string {
  return oneLine(name).normalize("NFKC").toLowerCase().replace(INVISIBLE, "").replace(/\s+/gu, " ").trim();
}

/** Takes no place in a line. */
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/g;

/** Two requests may ask for one name at the same time; the database decides. */
export async function orNameTaken<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (error) {
    throw error instanceof DatabaseError && error.failure === "constraint" ? refuseText(NAME_TAKEN) : error;
  }
}
