import type * as Library from "otplib";

/** Life of a code (RFC 6238). */
const STEP_SECONDS = 30;
const DIGITS = 6;
/** Clocks may differ by one step either way. */
const STEPS_APART = [0, -1, 1] as const;
const CODE = /^\d{6}$/;

/** Codes that a generator shows, by RFC 6238 with its usual figures: SHA-1, six digits, 30 seconds. */
export interface Codes {
  /** A new secret of 160 bits, in Base32. */
  makeSecret(): string;
  /** What a generator reads from a QR code. */
  uri(secret: string, names: { readonly issuer: string; readonly account: string }): string;
  /**
   * The step that this code belongs to: the one at `now` (Unix milliseconds) or one beside it, and none of those `used`. `undefined`: it is
   * not a code of the secret, or was used.
   */
  stepOf(secret: string, code: string, now: number, used: readonly number[]): number | undefined;
}

/** The library is loaded when somebody first uses a code: where nobody does it costs nothing. */
export async function loadCodes(): Promise<Codes> {
  const { generateSecret, generateURI, verifySync }: typeof Library = await import("otplib");
  return {
    makeSecret: () => generateSecret(),
    uri: (secret, { issuer, account }) => generateURI({ secret, issuer, label: account }),
    stepOf(secret, code, now, used) {
      if (!CODE.test(code)) return undefined;
      const current = Math.floor(now / 1000 / STEP_SECONDS);
      const matches = (step: number): boolean =>
        verifySync({ secret, token: code, epoch: step * STEP_SECONDS, period: STEP_SECONDS, digits: DIGITS, epochTolerance: 0 }).valid;
      return STEPS_APART.map((apart) => current + apart).find((step) => step >= 0 && !used.includes(step) && matches(step));
    },
  };
}
