import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import { GUEST } from "#kernel";
import type { Caller } from "#kernel";
import { refusalJson } from "#platform/http";
import type { Admission, MaybePromise, Refusal, Visit } from "#platform/http";
import { expiredSessionCookie } from "./cookies.ts";
import { accessToken, sessionCredential } from "./credentials.ts";
import type { Credential } from "./credentials.ts";
import type { Identities, Identity } from "./identities.ts";
import type { Authentication as TokenResult, Tokens } from "./tokens.ts";
import type { Waf } from "#access/protection";

/** Finds out who calls. Most answers are there at once: nothing leaves the tick then. */
export interface Authentication {
  /** A person or a token, or the refusal (spec 10 section 6.4). */
  strict(visit: Visit, ip: string): MaybePromise<Caller | Refusal>;
  /** A person or a guest; tokens are not recognised (section 6.5). */
  fallback(visit: Visit, ip: string): MaybePromise<Admission>;
  /** As `fallback`, but a token is recognised, and refused when it is no good. */
  optional(visit: Visit, ip: string): MaybePromise<Admission | Refusal>;
}

export interface AuthenticationDeps {
  readonly identities: Identities;
  readonly tokens: Pick<Tokens, "authenticate">;
  readonly waf: Waf;
  /** Value of `WWW-Authenticate`. */
  readonly realm: string;
}

export const NOBODY: Admission = { caller: GUEST, cookies: [] };

export function createAuthentication(deps: AuthenticationDeps): Authentication {
  const { waf, identities } = deps;
  const unauthorized = refusalJson(200, "ApiErrorUnauthorized", { "www-authenticate": deps.realm });

  const byToken = (text: string, ip: string): MaybePromise<Caller | Refusal> => {
    const result = deps.tokens.authenticate(text, ip);
    return "caller" in result ? tokenKnown(result, ip) : tokenRefused(result, ip);
  };
  const tokenKnown = ({ caller }: TokenResult & { caller: Caller }, ip: string): MaybePromise<Caller> =>
    andThen(waf.forgive(ip, BLOCK_IDENTIFIER.token), () => caller);
  const tokenRefused = ({ failure, guess }: TokenResult & { failure: string; guess: boolean }, ip: string): MaybePromise<Refusal> => {
    const refusal = refusalJson(401, `ApiErrorUnauthorized: ${failure}`);
    if (!guess) return refusal;
    return waf.strike(ip, BLOCK_REASON.token, BLOCK_IDENTIFIER.token).then(() => refusal);
  };
  /** A dead session is no attack: its owner is a guest, and the browser is told to forget it. */
  const fallback = (visit: Visit, ip: string): MaybePromise<Admission> => {
    const credential = sessionCredential(visit);
    if (!credential) return NOBODY;
    return andThen(identities.identify(credential.token, ip), (identity): MaybePromise<Admission> => {
      if (identity.kind === "known") {
        return andThen(waf.forgive(ip, BLOCK_IDENTIFIER.token), () => ({ caller: callerOf(identity, credential, ip), cookies: [] }));
      }
      const forget = identity.kind === "ended" && credential.via === "cookie";
      return forget ? { caller: GUEST, cookies: [expiredSessionCookie(visit.secure)] } : NOBODY;
    });
  };

  return {
    strict(visit, ip) {
      const token = accessToken(visit);
      if (token !== undefined) return byToken(token, ip);
      const credential = sessionCredential(visit);
      if (!credential) return unauthorized;
      return andThen(identities.identify(credential.token, ip), (identity) =>
        identity.kind === "known" ? callerOf(identity, credential, ip) : unauthorized,
      );
    },
    fallback,
    optional(visit, ip) {
      const token = accessToken(visit);
      if (token === undefined) return fallback(visit, ip);
      return andThen(byToken(token, ip), (caller) => ("refused" in caller ? caller : { caller, cookies: [] }));
    },
  };
}

/** Goes on at once when there is nothing to wait for. */
export function andThen<T, R>(value: T | Promise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

function callerOf({ account, session }: Identity & { kind: "known" }, { via }: Credential, address: string): Caller {
  return { kind: "session", user: account.user, sessionKey: session.key, via, provenAt: session.provenAt, address };
}
