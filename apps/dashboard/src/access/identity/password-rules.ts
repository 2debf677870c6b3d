import { refuse, refuseText } from "#kernel";
import { isCommonPassword, MAX_PASSWORD_BYTES } from "#platform/password";

const MIN_BYTES = 6;

/** @throws {AppError} with the text clients know when a new password has fewer than 6 bytes */
export function requireLength(password: string): void {
  if (Buffer.byteLength(password) < MIN_BYTES) throw refuse("password length must be greater than 6");
}

/** A new password that is looked at. */
export interface NewPassword {
  /** Of the form. */
  readonly field: string;
  readonly password: string;
  /** What whoever knows this place would try first: names of the user, the site, its host. */
  readonly placeWords: readonly string[];
  /** Our own forms do; compatible clients are warned. */
  readonly refuseCommon: boolean;
}

/**
 * Compatible clients are warned of a password that is guessed soon, our own forms refuse it.
 *
 * @returns the warning
 * @throws {AppError} where such ones are refused
 */
export async function warningOf({ field, password, placeWords, refuseCommon }: NewPassword): Promise<string | undefined> {
  const text = isOfPlace(password, placeWords)
    ? `${field}: it is made of a name of this place, and so the first to be guessed`
    : (await isCommonPassword(password))
      ? `${field}: it is among the 10 000 passwords that people choose most, and so the first to be guessed`
      : undefined;
  if (text !== undefined && refuseCommon) throw refuseText(text);
  return text;
}

/** Names that every installation has. */
const PRODUCT_WORDS = ["windfire", "nezha", "dashboard", "monitor", "admin", "server"];
const SHORTEST_WORD = 3;

/** Whether nothing is left of a password but digits and signs once the names of the place are taken out. */
export function isOfPlace(password: string, placeWords: readonly string[]): boolean {
  const words = [...placeWords, ...PRODUCT_WORDS]
    .flatMap((text) => [text.toLowerCase(), ...text.toLowerCase().split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => word.length >= SHORTEST_WORD)
    .toSorted((a, b) => b.length - a.length);
  let rest = password.toLowerCase();
  for (const word of words) rest = rest.replaceAll(word, "");
  return rest.length < password.length && !/\p{L}/u.test(rest);
}

/** @throws {AppError} with the text clients know when the rest of a password would not count. */
export function requireWhole(password: string): void {
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw refuseText("bcrypt: password length exceeds 72 bytes");
}
