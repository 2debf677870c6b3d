import { createHash } from "node:crypto";
import type { RandomBytes } from "@windfire/kit";

/** Codes of one set. */
export const RECOVERY_CODES = 10;
/** Characters of a code, 5 bits each. */
const LENGTH = 16;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
const GROUPS = /.{4}(?=.)/g;
const SEPARATORS = /[\s-]/g;
const CODE = /^[a-z2-7]{16}$/;

/** Ten codes of 80 random bits in the form `abcd-efgh-ijkl-mnop`: to be shown once. */
export function makeRecoveryCodes(random: RandomBytes): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const text = Array.from(random(LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
    return text.replace(GROUPS, "$&-");
  });
}

/**
 * What is stored of a code, however it was typed; `undefined` when it can be none. With 80 random bits a plain hash tells nobody the code.
 */
export function hashOfRecoveryCode(text: string): string | undefined {
  const code = text.replace(SEPARATORS, "").toLowerCase();
  return CODE.test(code) ? createHash("sha256").update(code).digest("hex") : undefined;
}
