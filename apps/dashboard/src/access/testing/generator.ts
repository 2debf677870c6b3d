import { generateSync } from "otplib";
import type { Answer, Browser } from "./browser.ts";

/** A code generator and its recovery codes, as a person holds them. */
export interface Generator {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** The code shown at this moment, Unix milliseconds. */
  at(now: number): string;
}

/** Six digits that a secret shows at a moment, Unix milliseconds. */
export function codeAt(secret: string, now: number): string {
  return generateSync({ secret, epoch: Math.floor(now / 1000) });
}

/** Sets up a second factor for whoever is signed in and has just proven who they are. */
export async function setUpGenerator(browser: Browser, now: number): Promise<Generator> {
  const { secret } = dataOf(await browser.post("/second-factor")) as { secret: string };
  const confirmed = await browser.post("/second-factor/confirm", { code: codeAt(secret, now) });
  const { recovery_codes: recoveryCodes } = dataOf(confirmed) as { recovery_codes: string[] };
  return { secret, recoveryCodes, at: (moment) => codeAt(secret, moment) };
}

function dataOf({ data, error }: Answer): unknown {
  if (error !== "") throw new Error(error);
  return data;
}
