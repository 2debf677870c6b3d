import { refuse, refuseText } from "#kernel";
import { isCommonPassword, MAX_PASSWORD_BYTES } from "#platform/password";

const MIN_BYTES = 6;

/** @throws {AppError} with the text clients know when a new password has fewer than 6 bytes */
export function requireLength(password: string): void {
  if (Buffer.byteLength(password) < MIN_BYTES) throw refuse("password length must be greater than 6");
}

/**
 * Compatible clients are warned of a common password, our own forms refuse it.
 *
 * @returns the warning
 * @throws {AppError} where common ones are refused
 */
export async function warningOf(field: string, password: string, refuseCommon: boolean): Promise<string | undefined> {
  if (!(await isCommonPassword(password))) return undefined;
  const text = `${field}: it is among the 10 000 passwords that people choose most, and so the first to be guessed`;
  if (refuseCommon) throw refuseText(text);
  return text;
}

/** @throws {AppError} with the text clients know when the rest of a password would not count. */
export function requireWhole(password: string): void {
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw refuseText("bcrypt: password length exceeds 72 bytes");
}
