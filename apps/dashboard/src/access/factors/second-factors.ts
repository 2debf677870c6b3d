import type { Clock, RandomBytes } from "@windfire/kit";
import { refuse, refuseText } from "#kernel";
import type { SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { Actor, AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import type { Sealing } from "#platform/sealing";
import type { TicketOffice } from "#platform/tickets";
import { loadCodes } from "./codes.ts";
import type { Codes } from "./codes.ts";
import { createPasskeys } from "./passkeys.ts";
import type { Passkeys } from "./passkeys.ts";
import { hashOfRecoveryCode, makeRecoveryCodes } from "./recovery-codes.ts";
import { factorKind, factorStore } from "./store.ts";
import type { OnFirst, SecondFactor, SecondFactors, StoredGenerator } from "./store.ts";

/** By what somebody proved to hold a second factor. */
export type FactorProof = "code" | "recovery code";

/** Uses a code up, within the transaction of what it is asked for; `undefined` when it is none, and nothing is written. */
export type UseCode = (tx: Queries, userId: number, code: string) => Promise<FactorProof | undefined>;

/** What a person types or scans into a code generator. */
export interface NewGenerator {
  readonly secret: string;
  readonly uri: string;
}

/** Code generators and recovery codes of users. What takes `tx` is part of a larger change. */
export interface FactorRoom {
  /** The code generator of a user. */
  of(userId: number): SecondFactor | undefined;
  /** Whether something is asked for besides the password: a code or a passkey. */
  has(userId: number): boolean;
  readonly passkeys: Passkeys;
  recoveryCodesLeft(userId: number): Promise<number>;
  /** To be called before the transaction: it may have to load the library. */
  prepareUse(): Promise<UseCode>;
  /** A generator that is not asked for until a code of it was shown; another begin replaces it. */
  begin(caller: SessionCaller): Promise<NewGenerator>;
  /** @returns ten recovery codes, this once */
  confirm(caller: SessionCaller, code: string, onFirst: OnFirst): Promise<readonly string[]>;
  /** @returns ten recovery codes, this once; the older ones are no good any more */
  renewRecoveryCodes(caller: SessionCaller): Promise<readonly string[]>;
  /** Takes the generator from its owner, with the recovery codes unless passkeys are left. @returns whether there was one */
  removeGenerator(tx: Queries, changes: Changes, userId: number, by: Deed): Promise<boolean>;
  /** Takes everything from a user, passkeys too. @returns whether there was something */
  removeAll(tx: Queries, changes: Changes, userId: number, by: Deed): Promise<boolean>;
  /** For the deletion of users. */
  removeUsers(tx: Queries, changes: Changes, userIds: readonly number[]): Promise<void>;
}

interface Deed {
  readonly actor: Actor;
  readonly action: string;
}

export interface FactorDeps {
  readonly clock: Clock;
  readonly now: () => number;
  readonly random: RandomBytes;
  readonly database: Pick<Database, "change" | "keep" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  readonly sealing: Pick<Sealing, "seal" | "open">;
  /** How generators name this installation. */
  readonly issuer: () => string;
  /** Keeps challenges for passkeys. Without it this process does, in memory. */
  readonly tickets?: TicketOffice;
}

const KIND = factorKind.name;
const USER = "user";
const NONE = "there is no second factor";
const placeOf = (userId: number): string => `totp ${userId}`;

/** Loads who has a second factor; forgets those of users who are no more, such as all of an emptied table. */
export async function createFactorRoom(deps: FactorDeps): Promise<FactorRoom> {
  const { database } = deps;
  const factors = await database.keep(factorKind);
  const passkeys = await createPasskeys(deps);
  const removeUsers: FactorRoom["removeUsers"] = async (tx, changes, userIds) => {
    await passkeys.removeUsers(tx, changes, userIds);
    await factorStore.removeOf(tx, userIds);
    changes.gone(KIND, userIds);
  };
  const orphans = await factorStore.orphans(database.kysely);
  if (orphans.length > 0) await database.change((tx, changes) => removeUsers(tx, changes, orphans));
  return {
    of: factors.get,
    has: (userId) => factors.get(userId) !== undefined || passkeys.has(userId),
    passkeys,
    recoveryCodesLeft: (userId) => factorStore.countRecoveryCodes(database.kysely, userId),
    async prepareUse() {
      const codes = await loadCodes();
      return (tx, userId, code) => useCode(deps, codes, tx, userId, code);
    },
    begin: (caller) => begin(deps, factors, caller),
    confirm: (caller, code, onFirst) => confirm(deps, caller, code, onFirst),
    renewRecoveryCodes: (caller) =>
      database.change(async (tx) => {
        const { id } = caller.user;
        if (!(await factorStore.isAsked(tx, id))) throw refuseText(NONE);
        await deps.audit.write(tx, { actor: actorOf(caller), action: "user.renew-recovery-codes", kind: USER, key: id });
        return newRecoveryCodes(deps, tx, id);
      }),
    async removeGenerator(tx, changes, userId, deed) {
      if (!(await factorStore.find(tx, userId))?.confirmedAt) return false;
      await factorStore.removeGenerator(tx, userId);
      changes.gone(KIND, [userId]);
      await deps.audit.write(tx, { ...deed, kind: USER, key: userId });
      return true;
    },
    async removeAll(tx, changes, userId, deed) {
      if (!(await factorStore.isAsked(tx, userId))) return false;
      await removeUsers(tx, changes, [userId]);
      await deps.audit.write(tx, { ...deed, kind: USER, key: userId });
      return true;
    },
    removeUsers,
  };
}

async function begin(
  { audit, database, issuer, sealing }: FactorDeps,
  factors: SecondFactors,
  caller: SessionCaller,
): Promise<NewGenerator> {
  const { id, username } = caller.user;
  const refusal = refuseText("a second factor is set up already: remove it first");
  if (factors.get(id)) throw refusal;
  const codes = await loadCodes();
  const secret = codes.makeSecret();
  await database.change(async (tx) => {
    if ((await factorStore.find(tx, id))?.confirmedAt) throw refusal;
    await requireThere(tx, id);
    await factorStore.put(tx, id, sealing.seal(secret, placeOf(id)));
    await audit.write(tx, { actor: actorOf(caller), action: "user.begin-second-factor", kind: USER, key: id });
  });
  return { secret, uri: codes.uri(secret, { issuer: issuer(), account: username }) };
}

/** The code that confirms is used up with it: it cannot be the first one to sign in with. */
async function confirm(deps: FactorDeps, caller: SessionCaller, code: string, onFirst: OnFirst): Promise<readonly string[]> {
  const { audit, database, now } = deps;
  const { id } = caller.user;
  const codes = await loadCodes();
  return database.change(async (tx, changes) => {
    const stored = await factorStore.find(tx, id);
    if (!stored) throw refuseText("begin to set up a second factor first");
    if (stored.confirmedAt) throw refuseText("a second factor is set up already: remove it first");
    await requireThere(tx, id);
    if (!(await useStep(deps, codes, { tx, userId: id, stored }, code)))
      throw refuse("this code is not the one shown now, or it was used already");
    if (!(await factorStore.isAsked(tx, id))) await onFirst(tx, changes);
    await factorStore.confirm(tx, id, now());
    changes.put(KIND, id);
    await audit.write(tx, { actor: actorOf(caller), action: "user.set-up-second-factor", kind: USER, key: id });
    return newRecoveryCodes(deps, tx, id);
  });
}

async function useCode(deps: FactorDeps, codes: Codes, tx: Queries, userId: number, code: string): Promise<FactorProof | undefined> {
  const stored = await factorStore.find(tx, userId);
  if (stored?.confirmedAt && (await useStep(deps, codes, { tx, userId, stored }, code))) return "code";
  // Whoever has passkeys alone may have recovery codes too.
  if (!(await factorStore.isAsked(tx, userId))) return undefined;
  const hash = hashOfRecoveryCode(code);
  return hash !== undefined && (await factorStore.takeRecoveryCode(tx, userId, hash)) ? "recovery code" : undefined;
}

interface Owned {
  readonly tx: Queries;
  readonly userId: number;
  readonly stored: StoredGenerator;
}

/** A secret that another key sealed has no codes: recovery codes are what is left then. */
async function useStep(deps: FactorDeps, codes: Codes, { tx, userId, stored }: Owned, code: string): Promise<boolean> {
  const secret = deps.sealing.open(stored.secret, placeOf(userId));
  const step = secret === undefined ? undefined : codes.stepOf(secret, code, deps.now(), stored.usedSteps);
  if (step === undefined) return false;
  await factorStore.noteStep(tx, userId, stored, step);
  return true;
}

async function newRecoveryCodes({ random }: FactorDeps, tx: Queries, userId: number): Promise<readonly string[]> {
  const codes = makeRecoveryCodes(random);
  const hashes = codes.map(hashOfRecoveryCode).filter((hash) => hash !== undefined);
  await factorStore.replaceRecoveryCodes(tx, userId, hashes);
  return codes;
}

/** The user may have been deleted since the request came in. */
async function requireThere(tx: Queries, userId: number): Promise<void> {
  const row = await tx.selectFrom("users").select("id").where("id", "=", userId).executeTakeFirst();
  if (!row) throw refuse("unauthorized");
}
