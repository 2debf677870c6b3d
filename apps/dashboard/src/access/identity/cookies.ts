import type { Cookie } from "#platform/http";
import { CSRF_COOKIE } from "./csrf.ts";

export const SESSION_COOKIE = "nz-jwt";
export const OAUTH2_COOKIE = "nz-o2s";

/** Readable by scripts of the same origin: the official front ends read and delete it (spec 10 section 6.1). */
export function sessionCookie(token: string, options: { seconds: number; secure: boolean }): Cookie {
  return { name: SESSION_COOKIE, value: token, maxAge: options.seconds, sameSite: "Lax", secure: options.secure };
}

export function expiredSessionCookie(secure: boolean): Cookie {
  return sessionCookie("", { seconds: 0, secure });
}

export function csrfCookie(value: string, secure: boolean): Cookie {
  return { name: CSRF_COOKIE, value, sameSite: "Strict", secure };
}

export function expiredCsrfCookie(secure: boolean): Cookie {
  return { name: CSRF_COOKIE, value: "", maxAge: 0, sameSite: "Strict", secure };
}

/** Ties an OAuth2 flow to the browser that began it; 0 seconds ends it. */
export function oauth2Cookie(stateKey: string, options: { seconds: number; secure: boolean }): Cookie {
  return { name: OAUTH2_COOKIE, value: stateKey, maxAge: options.seconds, httpOnly: true, secure: options.secure };
}

/** Remembers through whom somebody came, so that signing out can go on there. It proves nothing. */
export const PROVIDER_COOKIE = "wf-provider";
const PROVIDER_SECONDS = 30 * 86_400;

export function providerCookie(provider: string, secure: boolean): Cookie {
  return { name: PROVIDER_COOKIE, value: provider, maxAge: PROVIDER_SECONDS, sameSite: "Lax", httpOnly: true, secure };
}

export function expiredProviderCookie(secure: boolean): Cookie {
  return { ...providerCookie("", secure), maxAge: 0 };
}
