import { refuseText } from "#kernel";
import { MAX_PASSWORD_BYTES } from "#platform/password";

const MIN_BYTES = 6;

export function isTooShort(password: string): boolean {
  return Buffer.byteLength(password) < MIN_BYTES;
}

/** @throws {AppError} with the text clients know when the rest of a password would not count. */
export function requireWhole(password: string): void {
  if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw refuseText("bcrypt: password length exceeds 72 bytes");
}
