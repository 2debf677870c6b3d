import type { Scope } from "@windfire/api";

/**
 * What a route asks of its caller (spec 10 section 3). Every route carries one; a route without a rule does not start.
 *
 * - `open`: no credential is looked at.
 * - `fallback`: a JWT is optional, tokens are not recognised.
 * - `optional`: JWT or token, or guest; becomes `strict` under `force_auth`.
 * - `strict`: JWT or token required. `scopes: "forbidden"` means that tokens always get 403; with `headerOnly` the route does not exist
 *   for a JWT that came otherwise than in the `Authorization` header. `ownAccount`: it touches nothing but the caller's account.
 */
export type AccessRule =
  | { readonly auth: "open" }
  | { readonly auth: "fallback" }
  | { readonly auth: "optional"; readonly scopes: readonly Scope[] }
  | {
      readonly auth: "strict";
      readonly scopes: readonly Scope[] | "forbidden";
      readonly admin: boolean;
      readonly csrf: boolean;
      readonly headerOnly?: true;
      readonly ownAccount?: true;
      readonly stepUp?: StepUpRule;
    };

/**
 * Whether people signed in prove again who they are before they come through, and how long that holds (`#access/identity`, step-up).
 * `by-setting`: as the settings say; `always`: whatever they say. Access tokens are not asked.
 */
export type StepUpRule = "by-setting" | "always";

/** Anybody, no credential is looked at. */
export const open = (): AccessRule => ({ auth: "open" });

/** Anybody; a valid session is recognised, a token is not. */
export const sessionOptional = (): AccessRule => ({ auth: "fallback" });

/** Guests too (unless `force_auth`); tokens need every scope named. */
export const publicScope = (...scopes: Scope[]): AccessRule => ({ auth: "optional", scopes });

/** Signed in; tokens need every scope named; cookies need the CSRF pair on unsafe methods. */
export const scope = (...scopes: Scope[]): AccessRule => ({ auth: "strict", scopes, admin: false, csrf: true });

/**
 * Like {@link scope}, for a GET that changes something: a form of requests that older scripts send (spec 10 section 22). A browser never
 * adds the header by itself, so no other site can make it ask.
 */
export const scopeByHeader = (...scopes: Scope[]): AccessRule => ({ auth: "strict", scopes, admin: false, csrf: false, headerOnly: true });

/** A person signed in, about the own account and nothing else: viewers change theirs too. Tokens always get 403. */
export const ownAccount = (): AccessRule => ({ auth: "strict", scopes: "forbidden", admin: false, csrf: true, ownAccount: true });

/** A person signed in; tokens always get 403, and viewers are refused. */
export const personal = (): AccessRule => ({ auth: "strict", scopes: "forbidden", admin: false, csrf: true });

/** Administrators signed in; tokens always get 403. */
export const adminSession = (): AccessRule => ({ auth: "strict", scopes: "forbidden", admin: true, csrf: true });

/** For what reaches far (terminals, commands, users, tokens, tunnels, rights of agents): {@link StepUpRule} besides the rule. */
export function stepUp(rule: AccessRule, when: StepUpRule = "by-setting"): AccessRule {
  if (rule.auth !== "strict") throw new Error("only who is signed in can prove it again");
  return { ...rule, stepUp: when };
}

/** Administrators; tokens need `nezha:admin:*` as well. */
export const adminOnly = (): AccessRule => ({ auth: "strict", scopes: ["nezha:admin:*"], admin: true, csrf: true });
