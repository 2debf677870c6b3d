import { createSigner, createVerifier } from "fast-jwt";

/** What a session token says (spec 10 section 6.2). Times in Unix seconds. */
export interface Claims {
  /** User id, encoded by the id codec. */
  readonly uid: string;
  /** Key of the server-side session. */
  readonly keyId: string;
  readonly exp: number;
  readonly orig_iat: number;
}

/** Claims of a token whose signature is right; nothing else about them has been checked. */
export type SignedClaims = { readonly [Name in keyof Claims]?: unknown };

export interface Jwt {
  sign(claims: Claims): string;
  /** `undefined` when the token was not signed with our key by HS256. Says nothing about its age. */
  verify(token: string): SignedClaims | undefined;
}

/** HS256 alone: a token naming another algorithm (`none` too) is no token. */
export function createJwt(key: string): Jwt {
  const sign = createSigner({ key, algorithm: "HS256", noTimestamp: true });
  // The verifier takes a fixed clock only; whoever reads the claims compares `exp` with the injected one.
  const verify = createVerifier({ key, algorithms: ["HS256"], ignoreExpiration: true, ignoreNotBefore: true, cache: false });
  return {
    sign: (claims) => sign({ ...claims }),
    verify(token) {
      try {
        const claims: unknown = verify(token);
        return typeof claims === "object" && claims !== null ? claims : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
