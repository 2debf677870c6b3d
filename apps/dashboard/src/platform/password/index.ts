import { hash, verify } from "@node-rs/bcrypt";

export { isCommonPassword } from "./common.ts";

/** bcrypt looks at no more; the reference refuses longer ones (spec 41 section 10.18). */
export const MAX_PASSWORD_BYTES = 72;
/** The reference makes hashes of cost 10 and reads any. */
const COST = 12;
const LEAST_COST = 4;
const HASH = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
/** Well-formed, and the hash of nothing anybody can type in. */
const hashOfNothing = (cost: number): string => `$2b$${String(cost).padStart(2, "0")}$${".".repeat(53)}`;
const costOf = (stored: string): number => Number(stored.slice(4, 6));

/** Password hashes as the reference stores them; made and compared in the thread pool. */
export interface Passwords {
  /** Fails with `bcrypt: password length exceeds 72 bytes`. */
  hash(password: string): Promise<string>;
  /** Accepts `$2a$`, `$2b$` and `$2y$`. A damaged or empty hash matches nothing, and takes as long as a whole one. */
  verify(password: string, hash: string): Promise<boolean>;
  /** Whether a hash costs a guesser less than one that is made now. */
  isCheap(stored: string): boolean;
}

/** `cost` is for tests only. */
export function createPasswords({ cost = COST }: { cost?: number } = {}): Passwords {
  return {
    isCheap: (stored) => HASH.test(stored) && costOf(stored) < cost,
    hash: async (password) => {
      if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new RangeError("bcrypt: password length exceeds 72 bytes");
      return hash(password, cost);
    },
    verify: async (password, stored) => {
      const isWhole = HASH.test(stored);
      if (!isWhole) {
        await verify(password, hashOfNothing(cost));
        return false;
      }
      const matches = await verify(password, stored);
      // 2^a + 2^a + 2^(a+1) + … + 2^(b-1) = 2^b: an old hash takes as long as a new one, so that time tells nobody who has which.
      for (let step = Math.max(costOf(stored), LEAST_COST); step < cost; step++) await verify(password, hashOfNothing(step));
      return matches;
    },
  };
}
