import { createHmac, timingSafeEqual } from "node:crypto";
import type { Passwords } from "#platform/password";
import { createBoundedCache } from "@windfire/kit";
import type { RandomBytes } from "@windfire/kit";

/** Whether a password is that of a user; user 0 is nobody, who has none. */
export interface PasswordCheck {
  /** Compares, which is slow on purpose, takes as long for nobody, and uses threads that others need. */
  verify(userId: number, password: string): Promise<boolean>;
  /**
   * Whether this was right lately and still is. Costs next to nothing, so whoever knows the password comes in at any rate of guesses;
   * `false` says nothing about the password.
   */
  remembers(userId: number, password: string): Promise<boolean>;
}

export interface PasswordCheckDeps {
  readonly random: RandomBytes;
  readonly passwords: Passwords;
  readonly passwordHash: (userId: number) => Promise<string>;
  /** A right password whose stored hash is cheap: another one is to take its place. Nobody waits for it. */
  readonly onCheap: (userId: number, stored: string, password: string) => void;
}

const REMEMBERED = 1_000;
const KEY_BYTES = 32;

/** Right passwords are remembered as digests under a key that lives and dies with the process, and only while the stored hash stays. */
export function createPasswordCheck({ random, passwords, passwordHash, onCheap }: PasswordCheckDeps): PasswordCheck {
  const key = random(KEY_BYTES);
  const right = createBoundedCache<number, Buffer>(REMEMBERED);
  const digestOf = (stored: string, password: string): Buffer => createHmac("sha256", key).update(`${stored}\n${password}`).digest();

  return {
    async verify(userId, password) {
      const stored = userId === 0 ? "" : await passwordHash(userId);
      const matches = await passwords.verify(password, stored);
      if (matches) right.set(userId, digestOf(stored, password));
      if (matches && passwords.isCheap(stored)) onCheap(userId, stored, password);
      return matches;
    },
    async remembers(userId, password) {
      const digest = right.get(userId);
      return digest !== undefined && timingSafeEqual(digest, digestOf(await passwordHash(userId), password));
    },
  };
}
