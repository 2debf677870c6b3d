import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { LoginResponse } from "@windfire/api";
import { formatInstant } from "#kernel";
import type { Cookie } from "#platform/http";
import type { AccountDirectory, Account } from "./accounts.ts";
import type { AccountStore } from "./account-store.ts";
import { csrfCookie, sessionCookie } from "./cookies.ts";
import type { Csrf } from "./csrf.ts";
import type { IdCodec } from "./id-codec.ts";
import type { Jwt } from "./jwt.ts";
import type { LoginThrottle } from "./login-throttle.ts";
import type { Passwords } from "#platform/password";
import type { Session, Sessions } from "./sessions.ts";
import type { Turns } from "./turns.ts";
import type { Waf } from "./waf.ts";

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
  /** Spec 10 section 6.1. Takes as long for an unknown name as for a known one. */
  byPassword(username: string, password: string, origin: Origin): Promise<PasswordResult>;
  /** A new session for somebody whose identity is proven. */
  begin(account: Account, origin: Origin): Promise<SignedIn>;
  /** Spec 10 section 6.7. */
  refresh(account: Account, session: Session, origin: Origin): Promise<SignedIn>;
}

export interface SignInDeps {
  readonly now: () => number;
  readonly jwt: Jwt;
  readonly csrf: Csrf;
  readonly idCodec: IdCodec;
  readonly sessions: Sessions;
  readonly accounts: AccountDirectory;
  readonly store: AccountStore;
  readonly passwords: Passwords;
  readonly waf: Waf;
  readonly throttle: LoginThrottle;
  /** Comparing a password is slow on purpose and uses threads that others need. */
  readonly turns: Turns;
  /** Life of a token and its session. */
  readonly lifeSeconds: number;
  /** A session was issued on a request with this `Host`. */
  readonly onSession: (host: string, userId: number) => void;
}

export function createSignIn(deps: SignInDeps): SignIn {
  const { accounts, waf, lifeSeconds } = deps;

  const issue = (userId: number, keyId: string, { host, secure }: Origin): SignedIn => {
    deps.onSession(host, userId);
    const now = Math.floor(deps.now() / 1000);
    const exp = now + lifeSeconds;
    const token = deps.jwt.sign({ uid: deps.idCodec.encode(userId), keyId, exp, orig_iat: now });
    return {
      answer: { token, expire: formatInstant(exp * 1000) },
      cookies: [sessionCookie(token, { seconds: lifeSeconds, secure }), csrfCookie(deps.csrf.mint(), secure)],
    };
  };
  const begin = async (account: Account, origin: Origin): Promise<SignedIn> => {
    const { ip, userAgent } = origin;
    const session = await deps.sessions.create({ userId: account.user.id, tokenVersion: account.tokenVersion, ip, userAgent });
    return issue(account.user.id, session.key, origin);
  };
  /** The account whose password this is, or what to count. */
  const check = async (username: string, password: string): Promise<Account | number> => {
    const account = accounts.byName(username);
    const matches = await deps.passwords.verify(password, account ? await deps.store.passwordHash(account.user.id) : "");
    if (!account) return BLOCK_IDENTIFIER.unknownUser;
    // The password may have been changed while the old one was compared.
    const current = accounts.get(account.user.id);
    return matches && !account.rejectPassword && current?.tokenVersion === account.tokenVersion ? account : account.user.id;
  };

  /** Whoever sends many guesses at once is blocked by the first that fails, before the others cost anything. */
  const checkUnlessBlocked = async (username: string, password: string, ip: string): Promise<Account | undefined> => {
    if (waf.blocked(ip)) return undefined;
    const result = await check(username, password);
    if (typeof result !== "number") return result;
    await waf.strike(ip, BLOCK_REASON.login, result);
    return undefined;
  };

  return {
    async byPassword(username, password, origin) {
      // Where an address is known the WAF counts; otherwise all that can be told apart is the peer.
      const attempt = origin.ip === "" ? deps.throttle.attempt(origin.peer) : undefined;
      if (attempt?.allowed === false) return { outcome: "wait", seconds: attempt.waitSeconds };
      const checking = deps.turns.take(async () => checkUnlessBlocked(username, password, origin.ip));
      if (!checking) return { outcome: "wait", seconds: 1 };
      const account = await checking;
      if (!account) return { outcome: "refused" };
      attempt?.succeeded();
      await waf.forgive(origin.ip, BLOCK_IDENTIFIER.unknownUser, account.user.id);
      return { outcome: "signed-in", signedIn: await begin(account, origin) };
    },
    begin,
    async refresh(account, session, origin) {
      await deps.sessions.refresh(session);
      return issue(account.user.id, session.key, origin);
    },
  };
}
