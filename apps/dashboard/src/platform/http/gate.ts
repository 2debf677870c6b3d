import type { AccessRule, Caller } from "#kernel";
import type { Refusal } from "./refusal.ts";

/** What the gate may look at: everything known before the body is read. */
export interface Visit {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names; repeated headers joined with ", ". */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly cookies: Readonly<Record<string, string>>;
  /** TCP peer, IPv4 in dotted form. */
  readonly peer: string;
  /** The request came over TLS: terminated by the dashboard itself, or by a proxy that the gate trusts. */
  readonly secure: boolean;
}

export interface Cookie {
  readonly name: string;
  readonly value: string;
  /** Seconds; absent: a session cookie; 0: expire now. */
  readonly maxAge?: number;
  readonly sameSite?: "Lax" | "Strict";
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

/** Decides who comes in. Implemented by `#access`; handed over by compose. */
export interface Gate {
  /** Before routing: the real client address (spec 10 section 2.1) and the WAF (section 9). `ip` is "" when unknown; `viaTls`: a trusted proxy says so. */
  address(visit: Visit): MaybePromise<{ readonly ip: string; readonly viaTls?: boolean } | Refusal>;
  /** For a matched route: credential, CSRF pair, scope, role (spec 10 sections 6, 7, 12). */
  admit(visit: Visit, ip: string, rule: AccessRule): MaybePromise<Admission | Refusal>;
}

export interface Admission {
  readonly caller: Caller;
  /** Cookies to set with whatever the handler answers (a seeded CSRF value, an expired session cookie). */
  readonly cookies: readonly Cookie[];
}

export type MaybePromise<T> = T | Promise<T>;
