import type { SessionCaller } from "#kernel";
import { header } from "#platform/http";
import type { Visit } from "#platform/http";
import { SESSION_COOKIE } from "./cookies.ts";
import { TOKEN_PREFIX } from "./tokens.ts";

/** A session token and where it came from. */
export interface Credential {
  readonly token: string;
  readonly via: SessionCaller["via"];
}

const BEARER = "Bearer ";

/** The first that is there is used alone: a bad header does not fall through to the cookie (spec 10 section 6.3). */
export function sessionCredential(visit: Visit): Credential | undefined {
  const bearer = bearerOf(visit);
  if (bearer) return { token: bearer, via: "header" };
  const query = visit.query.get("token");
  if (query) return { token: query, via: "query" };
  const cookie = visit.cookies[SESSION_COOKIE];
  return cookie ? { token: cookie, via: "cookie" } : undefined;
}

/** The text of a personal access token; only the header carries one (spec 10 section 12.4). */
export function accessToken(visit: Visit): string | undefined {
  const bearer = bearerOf(visit);
  return bearer?.startsWith(TOKEN_PREFIX) ? bearer : undefined;
}

function bearerOf(visit: Visit): string | undefined {
  const value = header(visit, "authorization").trim();
  return value.startsWith(BEARER) ? value.slice(BEARER.length).trim() : undefined;
}
