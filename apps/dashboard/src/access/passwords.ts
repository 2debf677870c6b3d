import { refuseText } from "#kernel";

/** Hashes as the reference stores them; made and compared off the event loop. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** A damaged or empty hash matches nothing, and takes as long as one that is whole. */
  verify(password: string, hash: string): Promise<boolean>;
}

/** bcrypt looks at no more. */
const MAX_BYTES = 72;
const MIN_BYTES = 6;

export function byteLength(password: string): number {
  return Buffer.byteLength(password);
}

export function isTooShort(password: string): boolean {
  return byteLength(password) < MIN_BYTES;
}

/** @throws {AppError} with the text clients know when the rest of a password would not count. */
export function requireWhole(password: string): void {
  if (byteLength(password) > MAX_BYTES) throw refuseText("bcrypt: password length exceeds 72 bytes");
}
