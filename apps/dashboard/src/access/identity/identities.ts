import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { Clock } from "@windfire/kit";
import type { MaybePromise } from "#platform/http";
import type { Account } from "./account-store.ts";
import type { Users } from "./accounts.ts";
import { createBoundedCache } from "@windfire/kit";
import type { IdCodec } from "./id-codec.ts";
import type { Jwt, SignedClaims } from "./jwt.ts";
import type { Session } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import type { Waf } from "#access/protection";

/**
 * What a session token proves (spec 10 section 6.3).
 *
 * - `known`: who it is.
 * - `unsigned`: not ours, too old, or no token at all.
 * - `moved`: a good session, used from another address.
 * - `ended`: rightly signed, but its session, user or password is no longer what it was.
 */
export type Identity =
  | { readonly kind: "known"; readonly account: Account; readonly session: Session }
  | { readonly kind: "unsigned" }
  | { readonly kind: "moved" }
  | { readonly kind: "ended" };

export interface Identities {
  /** Notes the use of the session. A token whose claims contradict its session counts as a strike. */
  identify(token: string, ip: string): MaybePromise<Identity>;
}

/** Checking a signature costs more than all the rest: tokens seen lately are known by their text. */
const CACHED_TOKENS = 10_000;
/** Longer texts are no tokens of ours. */
const LONGEST_TOKEN = 4_096;

const UNSIGNED: Identity = { kind: "unsigned" };
const MOVED: Identity = { kind: "moved" };
const ENDED: Identity = { kind: "ended" };

export interface IdentitiesDeps {
  readonly clock: Clock;
  readonly jwt: Jwt;
  readonly idCodec: IdCodec;
  readonly sessions: Pick<Sessions, "find" | "touch">;
  readonly users: Users;
  readonly waf: Waf;
  /** Whether sessions outlive a change of the client's address; asked each time. */
  readonly mayMove: () => boolean;
}

interface Verified {
  readonly keyId: string;
  /** `undefined` when the claim was made by another key. */
  readonly userId: number | undefined;
  /** Unix seconds. */
  readonly exp: number;
}

export function createIdentities(deps: IdentitiesDeps): Identities {
  const { clock, sessions, users } = deps;
  const verified = createBoundedCache<string, Verified>(CACHED_TOKENS);

  const verify = (token: string): Verified | undefined => {
    const known = verified.get(token);
    if (known) return known;
    const claims = token.length <= LONGEST_TOKEN ? deps.jwt.verify(token) : undefined;
    const result = claims && readClaims(claims, deps.idCodec);
    if (result) verified.set(token, result);
    return result;
  };
  const contradicted = async (ip: string): Promise<Identity> => {
    await deps.waf.strike(ip, BLOCK_REASON.token, BLOCK_IDENTIFIER.token);
    return ENDED;
  };
  const judge = (session: Session | undefined, userId: number, ip: string): MaybePromise<Identity> => {
    if (!session || session.revoked || clock.now() > session.expiresAt) return ENDED;
    if (session.userId !== userId) return contradicted(ip);
    if (session.ip !== ip && !deps.mayMove()) return MOVED;
    const account = users.get(userId);
    if (!account || account.disabled || account.tokenVersion !== session.tokenVersion) return ENDED;
    sessions.touch(session);
    return { kind: "known", account, session };
  };
  return {
    identify(token, ip) {
      const claims = verify(token);
      if (!claims || claims.exp * 1000 < clock.now()) return UNSIGNED;
      const { keyId, userId } = claims;
      if (keyId === "") return ENDED;
      if (userId === undefined) return contradicted(ip);
      const found = sessions.find(keyId);
      return found instanceof Promise ? found.then(async (session) => judge(session, userId, ip)) : judge(found, userId, ip);
    },
  };
}

/** A token without `exp` is no token; without `uid` or `keyId` it is one of nobody. */
function readClaims(claims: SignedClaims, idCodec: IdCodec): Verified | undefined {
  const { exp, keyId, uid } = claims;
  if (typeof exp !== "number") return undefined;
  if (typeof keyId !== "string" || typeof uid !== "string" || uid === "") return { keyId: "", userId: undefined, exp };
  return { keyId, userId: idCodec.decode(uid), exp };
}
