import { hash, verify } from "@node-rs/bcrypt";

/** bcrypt looks at no more; the reference refuses longer ones (spec 41 section 10.18). */
export const MAX_PASSWORD_BYTES = 72;
const COST = 10;
const HASH = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
/** Well-formed, of the usual cost, and the hash of nothing anybody can type in. */
const HASH_OF_NOTHING = `$2b$${COST}$${".".repeat(53)}`;

/** Password hashes as the reference stores them; made and compared in the thread pool. */
export interface Passwords {
  /** Fails with `bcrypt: password length exceeds 72 bytes`. */
  hash(password: string): Promise<string>;
  /** Accepts `$2a$`, `$2b$` and `$2y$`. A damaged or empty hash matches nothing, and takes as long as a whole one. */
  verify(password: string, hash: string): Promise<boolean>;
}

/** `cost` is for tests only: the reference's is 10. */
export function createPasswords(options: { cost?: number } = {}): Passwords {
  return {
    hash: async (password) => {
      if (Buffer.byteLength(password) > MAX_PASSWORD_BYTES) throw new RangeError("bcrypt: password length exceeds 72 bytes");
      return hash(password, options.cost ?? COST);
    },
    verify: async (password, stored) => {
      const isWhole = HASH.test(stored);
      const matches = await verify(password, isWhole ? stored : HASH_OF_NOTHING);
      return isWhole && matches;
    },
  };
}
