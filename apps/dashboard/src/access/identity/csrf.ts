import { createHmac, timingSafeEqual } from "node:crypto";
import type { RandomBytes } from "@windfire/kit";

export const CSRF_COOKIE = "nz-csrf";
export const CSRF_HEADER = "x-csrf-token";

const NONCE_BYTES = 32;

/** The signed double-submit value (spec 10 section 7). Not tied to a session; void when the key changes. */
export interface Csrf {
  mint(): string;
  /** Cookie and header are there, equal, and signed by us. */
  accepts(cookie: string | undefined, header: string | undefined): boolean;
}

export function createCsrf(deps: { key: string; random: RandomBytes }): Csrf {
  const sign = (nonce: string): string => createHmac("sha256", deps.key).update(nonce).digest("hex");
  return {
    mint() {
      const nonce = Buffer.from(deps.random(NONCE_BYTES)).toString("hex");
      return `${nonce}.${sign(nonce)}`;
    },
    accepts(cookie, header) {
      if (!cookie || !header || !equal(cookie, header)) return false;
      const dot = cookie.lastIndexOf(".");
      return dot > 0 && equal(cookie.slice(dot + 1), sign(cookie.slice(0, dot)));
    },
  };
}

function equal(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}
