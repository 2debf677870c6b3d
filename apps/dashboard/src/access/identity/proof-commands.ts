import { BLOCK_REASON } from "@windfire/api";
import type { PasskeyCreation, StepUpProof } from "@windfire/api";
import type { FactorRoom, OnFirst, RelyingParty } from "#access/factors";
import type { Waf } from "#access/protection";
import { refuse, refuseText, userOf } from "#kernel";
import type { Caller, SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database, Queries } from "#platform/database";
import type { Translate } from "#platform/http";
import { accountStore, userKind } from "./account-store.ts";
import type { CodePace } from "./code-pace.ts";
import { tooManyAttempts } from "./current-password.ts";
import { sessionStore } from "./session-store.ts";
import type { Sessions } from "./sessions.ts";
import type { SignInNotices } from "./sign-in-notices.ts";
import { PROOF_MS } from "./step-up.ts";

export interface ProofCommandDeps {
  readonly now: () => number;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly factors: FactorRoom;
  readonly sessions: Pick<Sessions, "end" | "lapseOthers" | "prove">;
  readonly pace: Pick<CodePace, "session">;
  readonly waf: Waf;
  readonly notices: Pick<SignInNotices, "tell">;
  readonly translate: Translate;
  /** @throws {AppError} unless this is the caller's current password */
  readonly requirePassword: (caller: SessionCaller, password: string) => Promise<void>;
}

/** Where a proof comes from. */
export interface ProofOrigin {
  readonly userAgent: string;
  /** For whom passkeys sign; asked for when one does. */
  readonly party: () => RelyingParty;
}

const KIND = userKind.name;

/** What people signed in do about the second factor, their own and, as administrators, others'. */
export function createProofCommands(deps: ProofCommandDeps) {
  const { audit, database, factors } = deps;
  /** Guesses at codes by whoever holds somebody's session count like guesses at the password, and are paced. */
  const paced = async <T>({ user, sessionKey, address = "" }: SessionCaller, use: () => Promise<T | undefined>): Promise<T> => {
    const attempt = deps.pace.session(sessionKey);
    if (!attempt.allowed) throw tooManyAttempts(attempt.waitSeconds);
    const result = await use();
    if (result === undefined) {
      await deps.waf.strike(address, BLOCK_REASON.login, user.id);
      throw refuse("this code is not the one shown now, or it was used already");
    }
    attempt.succeeded();
    return result;
  };
  /** With the first factor the password is a proof no more, in whichever session it was given. */
  const lapseOthers =
    ({ user, sessionKey }: SessionCaller): OnFirst =>
    (tx, changes) =>
      deps.sessions.lapseOthers(tx, changes, { key: sessionKey, userId: user.id });
  /** What is to be done within the transaction; `undefined` of it: nothing is proven. */
  const prepare = async ({ user }: SessionCaller, { code, passkey }: StepUpProof, party: () => RelyingParty) => {
    if (passkey === undefined) {
      const use = await factors.prepareUse();
      return async (tx: Queries) => use(tx, user.id, code.trim());
    }
    const proof = await factors.passkeys.check(passkey, user.id, party());
    return async (tx: Queries) => (proof && (await proof.use(tx)) ? "passkey" : undefined);
  };
  return {
    /**
     * Proves again who the caller is: by a code or passkey where there is a second factor, by the password where there is none.
     *
     * @returns until when it holds, Unix milliseconds
     */
    async prove(caller: SessionCaller, form: StepUpProof, { userAgent, party }: ProofOrigin): Promise<number> {
      const session = { key: caller.sessionKey, userId: caller.user.id, userAgent };
      const hasFactor = factors.has(caller.user.id);
      if (!hasFactor) await deps.requirePassword(caller, form.password);
      const use = hasFactor ? await prepare(caller, form, party) : undefined;
      const note = async (): Promise<true | undefined> =>
        database.change(async (tx, changes) => {
          const by = use ? await use(tx) : "password";
          if (by === undefined) return undefined;
          await deps.sessions.prove(tx, changes, session);
          await audit.write(tx, { actor: actorOf(caller), action: "user.step-up", kind: KIND, key: caller.user.id, to: { by } });
          return true;
        });
      await (use ? paced(caller, note) : note());
      return deps.now() + PROOF_MS;
    },
    begin: factors.begin,
    confirm: (caller: SessionCaller, code: string): Promise<readonly string[]> =>
      paced(caller, () => factors.confirm(caller, code.trim(), lapseOthers(caller))),
    addPasskey: (caller: SessionCaller, form: PasskeyCreation, party: RelyingParty): Promise<void> =>
      factors.passkeys.add(caller, form, party, lapseOthers(caller)),
    renewRecoveryCodes: factors.renewRecoveryCodes,
    remove: async (caller: SessionCaller): Promise<void> =>
      database.change(async (tx, changes) => {
        const by = { actor: actorOf(caller), action: "user.remove-second-factor" };
        if (!(await factors.removeGenerator(tx, changes, caller.user.id, by))) throw refuseText("there is no second factor");
      }),
    /** For a user who has lost everything. The user's sessions end: whoever has the lost device may hold them. */
    reset: async (caller: Caller, userId: number): Promise<void> =>
      database.change(async (tx, changes) => {
        const account = await accountStore.find(tx, userId);
        if (!account) throw refuse("user id %d does not exist", userId);
        const by = { actor: actorOf(caller), action: "user.reset-second-factor" };
        if (!(await factors.removeAll(tx, changes, userId, by))) throw refuseText("there is no second factor");
        const keys = await sessionStore.liveKeysByUser(tx, [userId]);
        const others = keys.filter((key) => caller.kind !== "session" || key !== caller.sessionKey);
        await deps.sessions.end(tx, changes, others, "logout");
        const { id: callerId = 0, username = "" } = userOf(caller) ?? {};
        const text = deps.translate("The second factor of %s was taken away by %s", account.user.username, username);
        for (const told of new Set([userId, callerId])) await deps.notices.tell(tx, changes, told, text);
      }),
  };
}

export type ProofCommands = ReturnType<typeof createProofCommands>;
