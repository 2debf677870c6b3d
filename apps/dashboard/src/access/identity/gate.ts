import { LITERAL_ERRORS } from "@windfire/api";
import type { Scope } from "@windfire/api";
import { isAdmin, sightOf } from "#kernel";
import type { AccessRule, Caller, SharedRows } from "#kernel";
import { header, refusalJson, refusalPage } from "#platform/http";
import type { Admission, Cookie, Gate, MaybePromise, Refusal, Translate, Visit } from "#platform/http";
import { andThen, NOBODY } from "./authentication.ts";
import type { Authentication } from "./authentication.ts";
import { BLOCKED_MESSAGE, blockPage, realIp, USE_PEER_IP } from "#access/protection";
import { csrfCookie } from "./cookies.ts";
import { CSRF_COOKIE, CSRF_HEADER } from "./csrf.ts";
import type { Csrf } from "./csrf.ts";
import type { StepUp } from "./step-up.ts";
import { hasScope, isOpenToViewers } from "#access/policy";
import type { Waf } from "#access/protection";

export interface GateDeps {
  /** Read for every request: the setting works at once. */
  readonly realIpHeader: () => string;
  /** Routes open to guests ask for a sign-in. */
  readonly forceAuth: boolean;
  readonly authentication: Authentication;
  readonly csrf: Csrf;
  readonly stepUp: Pick<StepUp, "isAsked">;
  readonly waf: Waf;
  readonly translate: Translate;
  /** What a request asks to be shown by a share link; "ended": it names one that is not open to it. */
  readonly shared: (visit: Visit) => SharedRows | "ended" | undefined;
}

type StrictRule = AccessRule & { auth: "strict" };

/** Decides who comes in (share links: only where guests are shown something): spec 10 sections 2.1, 6.3 to 6.6, 7 and 12.4. A request of someone known costs no SQL. */
export function createGate(deps: GateDeps): Gate {
  const { authentication, waf } = deps;
  const isClosed = ({ method }: Visit, caller: Caller, rule: AccessRule): boolean =>
    sightOf(caller) !== undefined && !isOpenToViewers(rule, method);
  const blocked = refusalPage(403, blockPage(BLOCKED_MESSAGE));

  const strict = (visit: Visit, ip: string, rule: StrictRule): MaybePromise<Admission | Refusal> =>
    andThen(authentication.strict(visit, ip), (caller) => {
      if ("refused" in caller) return caller;
      if (rule.headerOnly && caller.kind === "session" && caller.via !== "header") return refusalJson(404, "404 Not Found");
      const cookies = rule.csrf ? passCsrf(visit, caller, deps.csrf) : [];
      if ("refused" in cookies) return cookies;
      const lacking = missingScope(caller, rule.scopes);
      if (lacking) return lacking;
      if ((rule.admin && !isAdmin(caller)) || isClosed(visit, caller, rule)) return refusalJson(200, deps.translate("permission denied"));
      if (rule.stepUp && deps.stepUp.isAsked(rule.stepUp, caller)) return refusalJson(200, LITERAL_ERRORS.confirm);
      return { caller, cookies };
    });
  const optional = (visit: Visit, ip: string, scopes: readonly Scope[]): MaybePromise<Admission | Refusal> => {
    // Whoever asks by a link is shown what the link shows, also while signed in, and also where guests have to sign in.
    const share = deps.shared(visit);
    if (share === "ended") return refusalJson(200, LITERAL_ERRORS.shareLink);
    if (share) return { caller: { kind: "guest", share }, cookies: [] };
    if (deps.forceAuth) return strict(visit, ip, { auth: "strict", scopes, admin: false, csrf: false });
    return andThen(authentication.optional(visit, ip), (admission) => {
      if ("refused" in admission) return admission;
      if (isClosed(visit, admission.caller, { auth: "optional", scopes })) return refusalJson(200, deps.translate("permission denied"));
      return missingScope(admission.caller, scopes) ?? admission;
    });
  };

  return {
    address(visit) {
      const setting = deps.realIpHeader();
      const result = realIp(setting, visit.peer, (name) => visit.headers[name]);
      if ("error" in result) return refusalJson(200, result.error);
      return waf.blocked(result.ip) ? blocked : { ...result, viaTls: saysTls(setting, visit) };
    },
    admit(visit, ip, rule) {
      switch (rule.auth) {
        case "open":
          return NOBODY;
        case "fallback":
          return authentication.fallback(visit, ip);
        case "optional":
          return optional(visit, ip, rule.scopes);
        case "strict":
          return strict(visit, ip, rule);
      }
    },
  };
}

/** A proxy is trusted once the settings name the header in which it gives the client's address (spec 60 sections 1 and 3). */
function saysTls(setting: string, visit: Visit): boolean {
  return setting !== "" && setting !== USE_PEER_IP && header(visit, "x-forwarded-proto") === "https";
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
