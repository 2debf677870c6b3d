import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { LoginResponse } from "@windfire/api";
import { formatInstant, networkOf } from "#kernel";
import type { SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import type { Cookie } from "#platform/http";
import { userKind } from "./account-store.ts";
import type { Account } from "./account-store.ts";
import type { AccountDirectory } from "./accounts.ts";
import { csrfCookie, sessionCookie } from "./cookies.ts";
import type { Csrf } from "./csrf.ts";
import type { IdCodec } from "./id-codec.ts";
import type { Jwt } from "./jwt.ts";
import type { PasswordCheck } from "./password-check.ts";
import type { Session } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import type { Lane, Turn, Turns } from "@windfire/kit";
import type { Waf } from "#access/protection";

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

export type PasswordResult =
  | { readonly outcome: "signed-in"; readonly signedIn: SignedIn }
  | { readonly outcome: "refused" }
  | { readonly outcome: "wait"; readonly seconds: number };

export interface SignIn {
  /**
   * Spec 10 section 6.1. Takes as long for an unknown name as for a known one. Nobody is refused for another's failures: those of an
   * address are the WAF's to count, and where none is known nobody counts (spec 41 section 7.3). `wait`: newer attempts of the same
   * address came before this one.
   */
  byPassword(username: string, password: string, origin: Origin): Promise<PasswordResult>;
  /** A new session for somebody whose identity is proven `by` something; `undefined` when the account is gone by now. */
  begin(account: Account, origin: Origin, by: string): Promise<SignedIn | undefined>;
  /** Spec 10 section 6.7. */
  refresh(account: Account, session: Session, origin: Origin): Promise<SignedIn>;
  /** Ends the caller's session and everything open under it. */
  signOut(caller: SessionCaller): Promise<void>;
}

export interface SignInDeps {
  readonly now: () => number;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly jwt: Jwt;
  readonly csrf: Csrf;
  readonly idCodec: IdCodec;
  readonly sessions: Sessions;
  readonly accounts: AccountDirectory;
  readonly check: PasswordCheck;
  readonly waf: Waf;
  readonly turns: Turns;
  /** Life of a token and its session. */
  readonly lifeSeconds: number;
  /** A session was issued on a request with this `Host`. */
  readonly onSession: (host: string, userId: number) => void;
}

const KIND = userKind.name;

export function createSignIn(deps: SignInDeps): SignIn {
  const { accounts, waf, lifeSeconds } = deps;

  const issue = (userId: number, keyId: string, { host, secure }: Origin, csrf = deps.csrf.mint()): SignedIn => {
    deps.onSession(host, userId);
    const now = Math.floor(deps.now() / 1000);
    const exp = now + lifeSeconds;
    const token = deps.jwt.sign({ uid: deps.idCodec.encode(userId), keyId, exp, orig_iat: now });
    return {
      answer: { token, expire: formatInstant(exp * 1000) },
      cookies: [sessionCookie(token, { seconds: lifeSeconds, secure }), csrfCookie(csrf, secure)],
    };
  };
  const begin = async ({ user, tokenVersion }: Account, origin: Origin, by: string): Promise<SignedIn | undefined> => {
    const { ip, userAgent } = origin;
    const session = await deps.database.change(async (tx, changes) => {
      const made = await deps.sessions.create(tx, changes, { userId: user.id, tokenVersion, ip, userAgent });
      const actor = { kind: "user", userId: user.id, username: user.username, tokenId: 0, address: ip } as const;
      if (made) await deps.audit.write(tx, { actor, action: "user.sign-in", kind: KIND, key: user.id, to: { by } });
      return made;
    });
    return session && issue(user.id, session.key, origin);
  };
  /** The account as it is now: the password may have been changed, or the user deleted, while the old one was compared. */
  const admitted = ({ user, tokenVersion }: Account): Account | undefined => {
    const current = accounts.get(user.id);
    return current && !current.rejectPassword && current.tokenVersion === tokenVersion ? current : undefined;
  };
  const settle = async (account: Account | undefined, matches: boolean, ip: string): Promise<Account | undefined> => {
    const current = account && matches ? admitted(account) : undefined;
    if (!current) await waf.strike(ip, BLOCK_REASON.login, account?.user.id ?? BLOCK_IDENTIFIER.unknownUser);
    return current;
  };
  const check = async (account: Account | undefined, password: string, origin: Origin): Promise<Turn<Account | undefined>> => {
    const { ip } = origin;
    const userId = account?.user.id ?? 0;
    if (await deps.check.remembers(userId, password)) return { outcome: "done", value: await settle(account, true, ip) };
    // Whoever sends many guesses at once is blocked by the first that fails, before the others cost anything.
    return deps.turns.take(laneOf(origin), async () =>
      waf.blocked(ip) ? undefined : settle(account, await deps.check.verify(userId, password), ip),
    );
  };

  return {
    async byPassword(username, password, origin) {
      const turn = await check(accounts.byName(username), password, origin);
      if (turn.outcome === "displaced") return { outcome: "wait", seconds: 1 };
      const account = turn.value;
      if (!account) return { outcome: "refused" };
      await waf.forgive(origin.ip, BLOCK_IDENTIFIER.unknownUser, account.user.id);
      const signedIn = await begin(account, origin, "password");
      return signedIn ? { outcome: "signed-in", signedIn } : { outcome: "refused" };
    },
    begin,
    async refresh(account, session, origin) {
      await deps.sessions.refresh(session);
      // Another tab may be about to send the value it has read: one that is valid stays.
      const kept = deps.csrf.accepts(origin.csrf, origin.csrf) ? origin.csrf : undefined;
      return issue(account.user.id, session.key, origin, kept);
    },
    signOut: async (caller) =>
      deps.database.change(async (tx, changes) => {
        await deps.sessions.end(tx, changes, [caller.sessionKey], "logout");
        await deps.audit.write(tx, { actor: actorOf(caller), action: "user.sign-out", kind: KIND, key: caller.user.id });
      }),
  };
}

/** Waiting comparisons of one address or /64 (spec 60 section 3). */
const WAITING_OF_ADDRESS = 2;
/** Where no address is known, many people may stand behind one peer: all that may wait at all. */
const WAITING_OF_PEER = 512;

function laneOf({ ip, peer }: Origin): Lane {
  return ip === "" ? { key: `peer ${networkOf(peer)}`, waiting: WAITING_OF_PEER } : { key: networkOf(ip), waiting: WAITING_OF_ADDRESS };
}
