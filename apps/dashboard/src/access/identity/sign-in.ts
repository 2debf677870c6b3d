import { BLOCK_IDENTIFIER, BLOCK_REASON } from "@windfire/api";
import type { LoginRequest, PasskeyAnswer } from "@windfire/api";
import type { Lane, Turn, Turns } from "@windfire/kit";
import { factorStore } from "#access/factors";
import type { FactorRoom, RelyingParty } from "#access/factors";
import type { Waf } from "#access/protection";
import { networkOf } from "#kernel";
import type { SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { userKind } from "./account-store.ts";
import type { Account } from "./account-store.ts";
import type { AccountDirectory } from "./accounts.ts";
import type { CodePace } from "./code-pace.ts";
import type { Csrf } from "./csrf.ts";
import { deviceStore } from "./device-store.ts";
import type { FailedSignIns } from "./failed-sign-ins.ts";
import { claimOf } from "./login-form.ts";
import type { PasswordCheck } from "./password-check.ts";
import type { Session } from "./session-store.ts";
import type { Origin, SessionStart, SignedIn } from "./session-start.ts";
import type { Sessions } from "./sessions.ts";

export type PasswordResult =
  | { readonly outcome: "signed-in"; readonly signedIn: SignedIn }
  | { readonly outcome: "refused" }
  /** The password is right, and no code came with it. */
  | { readonly outcome: "second-factor" }
  | { readonly outcome: "wait"; readonly seconds: number };

export interface SignIn {
  /**
   * Spec 10 section 6.1. Takes as long for an unknown name as for a known one. Nobody is refused for another's failures: those of an
   * address are the WAF's to count, and where none is known nobody counts (spec 41 section 7.3). `wait`: newer attempts of the same
   * address came before this one, or too many codes were wrong.
   */
  byPassword(form: LoginRequest, origin: Origin): Promise<PasswordResult>;
  /** A new session for whoever has a passkey and has shown their device who they are: nothing else is asked for. */
  byPasskey(answer: PasskeyAnswer, party: RelyingParty, origin: Origin): Promise<SignedIn | undefined>;
  /** A new session for somebody whom a provider knows: it asks for no code. `undefined` when the account is gone by now. */
  byProvider(account: Account, origin: Origin, provider: string): Promise<SignedIn | undefined>;
  /** Spec 10 section 6.7. */
  refresh(account: Account, session: Session, origin: Origin): Promise<SignedIn>;
  /** Ends the caller's session and everything open under it. */
  signOut(caller: SessionCaller): Promise<void>;
}

export interface SignInDeps {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly csrf: Pick<Csrf, "accepts">;
  readonly start: SessionStart;
  readonly sessions: Pick<Sessions, "end" | "refresh">;
  readonly accounts: AccountDirectory;
  readonly check: PasswordCheck;
  readonly failed: Pick<FailedSignIns, "note">;
  readonly factors: Pick<FactorRoom, "has" | "passkeys" | "prepareUse">;
  readonly pace: Pick<CodePace, "signIn">;
  readonly waf: Waf;
  readonly turns: Turns;
}

const SIX_DIGITS = /^\d{6}$/;

export function createSignIn(deps: SignInDeps): SignIn {
  const { factors, start, waf } = deps;
  /** `id` 0: nobody's account. */
  const fail: Fail = async (id, ip) => {
    deps.failed.note(id, ip);
    await waf.strike(ip, BLOCK_REASON.login, id === 0 ? BLOCK_IDENTIFIER.unknownUser : id);
  };
  const check = createAttempts(deps, fail);
  const hasFactor = (account: Account | undefined): boolean => account !== undefined && factors.has(account.user.id);

  /** One that got a second factor while the password was compared has to show it. */
  const withoutCode = async (account: Account, origin: Origin): Promise<PasswordResult> => {
    const signedIn = await start.begin(account, origin, async (tx) =>
      (await factorStore.isAsked(tx, account.user.id)) ? undefined : { by: "password", whole: true },
    );
    return signedIn ? { outcome: "signed-in", signedIn } : { outcome: "refused" };
  };
  /** Wrong codes count like wrong passwords; guesses at six digits are paced besides. */
  const withCode = async (account: Account, code: string, origin: Origin): Promise<PasswordResult> => {
    const { id } = account.user;
    const known = await deviceStore.knowsNetwork(deps.database.kysely, id, networkOf(origin.ip));
    const attempt = SIX_DIGITS.test(code) ? deps.pace.signIn(id, { ip: origin.ip, known }) : undefined;
    if (attempt?.allowed === false) return { outcome: "wait", seconds: attempt.waitSeconds };
    const use = await factors.prepareUse();
    const signedIn = await start.begin(account, origin, async (tx) => {
      const proof = await use(tx, id, code);
      return proof && { by: `password and ${proof}`, whole: true };
    });
    if (signedIn) {
      attempt?.succeeded();
      return { outcome: "signed-in", signedIn };
    }
    await fail(id, origin.ip);
    return { outcome: "refused" };
  };
  return {
    async byPassword(form, origin) {
      const named = deps.accounts.byName(form.username);
      const asksCode = hasFactor(named);
      const claim = asksCode ? claimOf(form) : { password: form.password, code: "" };
      const turn = await check(named, claim.password, origin);
      if (turn.outcome === "displaced") return { outcome: "wait", seconds: 1 };
      const account = turn.value;
      if (!account) return { outcome: "refused" };
      if (asksCode && claim.code === "") return { outcome: "second-factor" };
      const result = asksCode ? await withCode(account, claim.code, origin) : await withoutCode(account, origin);
      if (result.outcome === "signed-in") await waf.forgive(origin.ip, BLOCK_IDENTIFIER.unknownUser, account.user.id);
      return result;
    },
    async byPasskey(answer, party, origin) {
      const proof = await factors.passkeys.check(answer, 0, party);
      const account = proof && deps.accounts.get(proof.userId);
      const signedIn =
        account && (await start.begin(account, origin, async (tx) => ((await proof.use(tx)) ? { by: "passkey", whole: true } : undefined)));
      if (signedIn) await waf.forgive(origin.ip, BLOCK_IDENTIFIER.unknownUser, account.user.id);
      else await fail(0, origin.ip);
      return signedIn;
    },
    byProvider: (account, origin, provider) => start.begin(account, origin, async () => ({ by: provider, whole: !hasFactor(account) })),
    async refresh(account, session, origin) {
      await deps.sessions.refresh(session);
      // Another tab may be about to send the value it has read: one that is valid stays.
      const kept = deps.csrf.accepts(origin.csrf, origin.csrf) ? origin.csrf : undefined;
      return start.issue(account.user.id, session.key, origin, kept);
    },
    signOut: async (caller) =>
      deps.database.change(async (tx, changes) => {
        await deps.sessions.end(tx, changes, [caller.sessionKey], "logout");
        await deps.audit.write(tx, { actor: actorOf(caller), action: "user.sign-out", kind: userKind.name, key: caller.user.id });
      }),
  };
}

type Fail = (id: number, ip: string) => Promise<void>;

/** Compares a password, in the turn of whoever asks, and counts what is wrong. */
function createAttempts({ accounts, check, turns, waf }: Pick<SignInDeps, "accounts" | "check" | "turns" | "waf">, fail: Fail) {
  /** The account as it is now: the password may have been changed, or the user deleted, while the old one was compared. */
  const admitted = ({ user, tokenVersion }: Account): Account | undefined => {
    const current = accounts.get(user.id);
    return current && !current.rejectPassword && current.tokenVersion === tokenVersion ? current : undefined;
  };
  const settle = async (account: Account | undefined, matches: boolean, ip: string): Promise<Account | undefined> => {
    const current = account && matches ? admitted(account) : undefined;
    if (!current) await fail(account?.user.id ?? 0, ip);
    return current;
  };
  return async (account: Account | undefined, password: string, origin: Origin): Promise<Turn<Account | undefined>> => {
    const { ip } = origin;
    const userId = account?.user.id ?? 0;
    if (await check.remembers(userId, password)) return { outcome: "done", value: await settle(account, true, ip) };
    // Whoever sends many guesses at once is blocked by the first that fails, before the others cost anything.
    return turns.take(laneOf(origin), async () =>
      waf.blocked(ip) ? undefined : settle(account, await check.verify(userId, password), ip),
    );
  };
}

/** Waiting comparisons of one address or /64 (spec 60 section 3). */
const WAITING_OF_ADDRESS = 2;
/** Where no address is known, many people may stand behind one peer: all that may wait at all. */
const WAITING_OF_PEER = 512;

function laneOf({ ip, peer }: Origin): Lane {
  return ip === "" ? { key: `peer ${networkOf(peer)}`, waiting: WAITING_OF_PEER } : { key: networkOf(ip), waiting: WAITING_OF_ADDRESS };
}
