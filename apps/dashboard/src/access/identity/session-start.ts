import { LITERAL_ERRORS } from "@windfire/api";
import type { LoginResponse } from "@windfire/api";
import { formatInstant, networkOf, refuseText } from "#kernel";
import type { AuditLog } from "#platform/audit";
import type { Database, Queries } from "#platform/database";
import type { Cookie, Translate } from "#platform/http";
import { userKind } from "./account-store.ts";
import type { Account } from "./account-store.ts";
import { csrfCookie, sessionCookie } from "./cookies.ts";
import type { Csrf } from "./csrf.ts";
import { deviceOf } from "./device.ts";
import { deviceStore } from "./device-store.ts";
import { disabledStore } from "./disabled-store.ts";
import type { IdCodec } from "./id-codec.ts";
import type { Jwt } from "./jwt.ts";
import type { Sessions } from "./sessions.ts";
import type { SignInNotices } from "./sign-in-notices.ts";

/** Where a person signs in from. */
export interface Origin {
  /** Real address, "" when unknown. */
  readonly ip: string;
  /** TCP peer. */
  readonly peer: string;
  readonly userAgent: string;
  /** TLS ends here. */
  readonly secure: boolean;
  /** `Host` of the request. */
  readonly host: string;
  /** Value of the CSRF cookie, if there is one. */
  readonly csrf: string | undefined;
}

/** A token, in the body and as cookies together with a fresh CSRF value. */
export interface SignedIn {
  readonly answer: LoginResponse;
  readonly cookies: readonly Cookie[];
}

/** By what it is proven who somebody is, and whether that is all that the account allows. */
export interface Proof {
  readonly by: string;
  readonly whole: boolean;
}

/** Proves within the transaction of the session, so that what is used up is used up with it; `undefined`: it is not proven. */
export type Prove = (tx: Queries) => Promise<Proof | undefined>;

export interface SessionStart {
  /**
   * A new session; `undefined`, and nothing is written, when it is not proven who it is or the account is gone by now.
   *
   * @throws {AppError} when it is proven, and the user is disabled
   */
  begin(account: Account, origin: Origin, prove: Prove): Promise<SignedIn | undefined>;
  /** A token of a session that is there. */
  issue(userId: number, sessionKey: string, origin: Origin, csrf?: string): SignedIn;
}

export interface SessionStartDeps {
  readonly now: () => number;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly jwt: Jwt;
  readonly csrf: Csrf;
  readonly idCodec: IdCodec;
  readonly sessions: Pick<Sessions, "create">;
  readonly notices: Pick<SignInNotices, "tell">;
  readonly translate: Translate;
  /** Life of a token and its session. */
  readonly lifeSeconds: number;
  /** A session was issued on a request with this `Host`. */
  readonly onSession: (host: string, userId: number) => void;
}

/** Ends a transaction that is to leave nothing behind. */
const NOTHING = new Error("nothing is to be written");

export function createSessionStart(deps: SessionStartDeps): SessionStart {
  const { database, lifeSeconds } = deps;
  const issue: SessionStart["issue"] = (userId, keyId, { host, secure }, csrf = deps.csrf.mint()) => {
    deps.onSession(host, userId);
    const now = Math.floor(deps.now() / 1000);
    const exp = now + lifeSeconds;
    const token = deps.jwt.sign({ uid: deps.idCodec.encode(userId), keyId, exp, orig_iat: now });
    return {
      answer: { token, expire: formatInstant(exp * 1000) },
      cookies: [sessionCookie(token, { seconds: lifeSeconds, secure }), csrfCookie(csrf, secure)],
    };
  };
  const open = async ({ user, tokenVersion }: Account, { ip, userAgent }: Origin, prove: Prove): Promise<string> =>
    database.change(async (tx, changes) => {
      const proof = await prove(tx);
      if (!proof) throw NOTHING;
      // Whatever proves who it is comes by here, and only who has proven it is told.
      if ((await disabledStore.load(tx, [user.id])).has(user.id)) throw refuseText(LITERAL_ERRORS.disabled);
      const wish = { userId: user.id, tokenVersion, ip, userAgent, proven: proof.whole };
      const session = await deps.sessions.create(tx, changes, wish);
      if (!session) throw NOTHING;
      const actor = { kind: "user", userId: user.id, username: user.username, tokenId: 0, address: ip } as const;
      await deps.audit.write(tx, { actor, action: "user.sign-in", kind: userKind.name, key: user.id, to: { by: proof.by } });
      const device = { userId: user.id, network: networkOf(ip), device: deviceOf(userAgent) };
      if (await deviceStore.isNew(tx, device)) {
        const text = deps.translate("New sign-in of %s: %s, from %s", user.username, device.device || "?", ip || "?");
        await deps.notices.tell(tx, changes, user.id, text);
      }
      await deviceStore.note(tx, device, deps.now());
      return session.key;
    });
  return {
    issue,
    async begin(account, origin, prove) {
      try {
        return issue(account.user.id, await open(account, origin, prove), origin);
      } catch (error) {
        if (error === NOTHING) return undefined;
        throw error;
      }
    },
  };
}
