import type { Csrf } from "./csrf.ts";
import type { Jwt } from "./jwt.ts";
import type { OAuth2 } from "#access/oauth2";
import type { Tokens } from "./tokens.ts";
import { TOKEN_PREFIX } from "./tokens.ts";

/** What this dashboard issued, in force or not: it is kept from strangers (spec 30 section 6.3). */
export interface OwnCredentials {
  /** Those of these texts that are session tokens or access tokens of ours. */
  among(texts: readonly string[]): ReadonlySet<string> | Promise<ReadonlySet<string>>;
  /** A CSRF value that we signed. */
  isCsrf(value: string): boolean;
  /** The key of an OAuth2 flow that is under way. */
  isOAuth2Key(value: string): boolean;
}

export interface OwnCredentialsDeps {
  readonly jwt: Jwt;
  readonly csrf: Csrf;
  readonly oauth2: Pick<OAuth2, "isWaiting">;
  readonly tokens: Pick<Tokens, "isIssued">;
}

export function createOwnCredentials({ jwt, csrf, oauth2, tokens }: OwnCredentialsDeps): OwnCredentials {
  const isSession = (text: string): boolean => jwt.verify(text) !== undefined;
  return {
    among: (texts) => new Set(texts.filter((text) => (text.startsWith(TOKEN_PREFIX) ? tokens.isIssued(text) : isSession(text)))),
    isCsrf: (value) => csrf.accepts(value, value),
    isOAuth2Key: (value) => oauth2.isWaiting(value),
  };
}
