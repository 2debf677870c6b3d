import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { Scope } from "@windfire/api";
import { GUEST, isAdmin } from "#kernel";
import type { AccessRule, Caller, SessionCaller } from "#kernel";
import { header, refusalJson, refusalPage } from "#platform/http";
import type { Admission, Cookie, Gate, MaybePromise, Refusal, Translate, Visit } from "#platform/http";
import { blockPage, BLOCKED_MESSAGE } from "./block-page.ts";
import { csrfCookie, expiredSessionCookie, SESSION_COOKIE } from "./cookies.ts";
import { CSRF_COOKIE, CSRF_HEADER } from "./csrf.ts";
import type { Csrf } from "./csrf.ts";
import type { Identities, Identity } from "./identity.ts";
import { realIp } from "./real-ip.ts";
import { hasScope } from "./policy.ts";
import { TOKEN_PREFIX } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";
import type { Waf } from "./waf.ts";

export interface GateDeps {
  /** Read for every request: the setting works at once. */
  readonly realIpHeader: () => string;
  /** Routes open to guests ask for a sign-in. */
  readonly forceAuth: boolean;
  /** Value of `WWW-Authenticate`. */
  readonly realm: string;
  readonly identities: Identities;
  readonly tokens: Tokens;
  readonly csrf: Csrf;
  readonly waf: Waf;
  readonly translate: Translate;
}

type StrictRule = AccessRule & { auth: "strict" };
type OptionalRule = AccessRule & { auth: "optional" };

/** Decides who comes in: spec 10 sections 2.1, 6.3 to 6.6, 7 and 12.4. A request of someone known costs no SQL. */
export function createGate(deps: GateDeps): Gate {
  const unauthorized = refusalJson(200, "ApiErrorUnauthorized", { "www-authenticate": deps.realm });
  const blocked = refusalPage(403, blockPage(BLOCKED_MESSAGE));
  const { waf } = deps;

  const byToken = (text: string, ip: string): MaybePromise<Caller | Refusal> => {
    const result = deps.tokens.authenticate(text, ip);
    return result instanceof Promise ? result.then(async (settled) => afterToken(settled, ip)) : afterToken(result, ip);
  };
  const afterToken = (result: Awaited<ReturnType<Tokens["authenticate"]>>, ip: string): MaybePromise<Caller | Refusal> => {
    if ("caller" in result) return then(waf.forgive(ip, BLOCK_IDENTIFIER.token), () => result.caller);
    const refusal = refusalJson(401, `ApiErrorUnauthorized: ${result.failure}`);
    if (result.failure === "api token lookup failed") return refusal;
    return waf.strike(ip, BLOCK_REASON.token, BLOCK_IDENTIFIER.token).then(() => refusal);
  };
  const identify = (credential: Credential, ip: string): MaybePromise<Identity> => deps.identities.identify(credential.token, ip);

  const strict = (visit: Visit, ip: string): MaybePromise<Caller | Refusal> => {
    const token = accessToken(visit);
    if (token !== undefined) return byToken(token, ip);
    const credential = sessionCredential(visit);
    if (!credential) return unauthorized;
    return then(identify(credential, ip), (identity) => (identity.kind === "known" ? callerOf(identity, credential) : unauthorized));
  };
  /** A dead session is no attack: its owner is a guest, and the browser is told to forget it (section 6.5). */
  const fallback = (visit: Visit, ip: string): MaybePromise<Admission> => {
    const credential = sessionCredential(visit);
    if (!credential) return NOBODY;
    return then(identify(credential, ip), (identity): MaybePromise<Admission> => {
      if (identity.kind === "known")
        return then(waf.forgive(ip, BLOCK_IDENTIFIER.token), () => ({ caller: callerOf(identity, credential), cookies: [] }));
      return identity.kind === "ended" && credential.via === "cookie"
        ? { caller: GUEST, cookies: [expiredSessionCookie(visit.secure)] }
        : NOBODY;
    });
  };
  const optional = (visit: Visit, ip: string, rule: OptionalRule): MaybePromise<Admission | Refusal> => {
    if (deps.forceAuth) return admitStrict(visit, ip, { ...rule, auth: "strict", admin: false, csrf: false });
    const token = accessToken(visit);
    if (token === undefined) return fallback(visit, ip);
    return then(byToken(token, ip), (caller) =>
      "refused" in caller ? caller : (missingScope(caller, rule.scopes) ?? { caller, cookies: [] }),
    );
  };
  const admitStrict = (visit: Visit, ip: string, rule: StrictRule): MaybePromise<Admission | Refusal> =>
    then(strict(visit, ip), (caller) => {
      if ("refused" in caller) return caller;
      const cookies = rule.csrf ? passCsrf(visit, caller, deps.csrf) : [];
      if ("refused" in cookies) return cookies;
      const lacking = missingScope(caller, rule.scopes);
      if (lacking) return lacking;
      if (rule.admin && !isAdmin(caller)) return refusalJson(200, deps.translate("permission denied"));
      return { caller, cookies };
    });

  return {
    address(visit) {
      const result = realIp(deps.realIpHeader(), visit.peer, (name) => visit.headers[name]);
      if ("error" in result) return refusalJson(200, result.error);
      return waf.blocked(result.ip) ? blocked : result;
    },
    admit(visit, ip, rule) {
      switch (rule.auth) {
        case "open":
          return NOBODY;
        case "fallback":
          return fallback(visit, ip);
        case "optional":
          return optional(visit, ip, rule);
        case "strict":
          return admitStrict(visit, ip, rule);
      }
    },
  };
}

const NOBODY: Admission = { caller: GUEST, cookies: [] };

/** Goes on at once when there is nothing to wait for: most requests are admitted without leaving the tick. */
function then<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

interface Credential {
  readonly token: string;
  readonly via: SessionCaller["via"];
}

/** The first that is there is used alone: a bad header does not fall through to the cookie (spec 10 section 6.3). */
function sessionCredential(visit: Visit): Credential | undefined {
  const bearer = bearerOf(visit);
  if (bearer) return { token: bearer, via: "header" };
  const query = visit.query.get("token");
  if (query) return { token: query, via: "query" };
  const cookie = visit.cookies[SESSION_COOKIE];
  return cookie ? { token: cookie, via: "cookie" } : undefined;
}

function accessToken(visit: Visit): string | undefined {
  const bearer = bearerOf(visit);
  return bearer?.startsWith(TOKEN_PREFIX) ? bearer : undefined;
}

const BEARER = "Bearer ";

function bearerOf(visit: Visit): string | undefined {
  const value = header(visit, "authorization").trim();
  return value.startsWith(BEARER) ? value.slice(BEARER.length).trim() : undefined;
}

function callerOf({ account, session }: Identity & { kind: "known" }, { via }: Credential): Caller {
  return { kind: "session", user: account.user, sessionKey: session.key, via };
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Safe methods hand out a pair where there is none; others must show one, unless a token or a header carried the credential: a browser
 * adds neither by itself (spec 10 section 7).
 */
function passCsrf(visit: Visit, caller: Caller, csrf: Csrf): readonly Cookie[] | Refusal {
  const cookie = visit.cookies[CSRF_COOKIE];
  if (SAFE_METHODS.has(visit.method)) return cookie ? [] : [csrfCookie(csrf.mint(), visit.secure)];
  const exempt = caller.kind === "token" || (caller.kind === "session" && caller.via === "header");
  return exempt || csrf.accepts(cookie, header(visit, CSRF_HEADER))
    ? []
    : refusalJson(403, "ApiErrorForbidden: missing or invalid CSRF token");
}

function missingScope(caller: Caller, scopes: readonly Scope[] | "forbidden"): Refusal | undefined {
  if (caller.kind !== "token") return undefined;
  if (scopes === "forbidden" || scopes.length === 0)
    return refusalJson(403, "ApiErrorForbidden: this endpoint is not accessible by api token");
  const missing = scopes.find((scope) => !hasScope(caller, scope));
  return missing && refusalJson(403, `ApiErrorForbidden: api token lacks scope ${missing}`);
}
