import type { PasskeyAnswer, PasskeyCreation, PasskeyOptions } from "@windfire/api";
import type { Clock, RandomBytes } from "@windfire/kit";
import { refuseText } from "#kernel";
import type { SessionCaller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Changes, Database, Queries } from "#platform/database";
import { createLocalTickets } from "#platform/tickets";
import type { TicketOffice } from "#platform/tickets";
import { createChallenges } from "./challenges.ts";
import { passkeyKind, passkeyStore } from "./passkey-store.ts";
import type { KeptPasskeys, Passkey } from "./passkey-store.ts";
import { checkAnswer, checkCreation } from "./passkey-checks.ts";
import type { RelyingParty } from "./relying-party.ts";
import { factorStore } from "./store.ts";
import type { OnFirst } from "./store.ts";

/** Whose passkey signed; `use` notes it within the transaction of what it was asked for, once. */
export interface PasskeyProof {
  readonly userId: number;
  use(tx: Queries): Promise<boolean>;
}

/** Passkeys of users: made, listed, used, removed. What takes `tx` is part of a larger change. */
export interface Passkeys {
  has(userId: number): boolean;
  listOf(userId: number): Promise<readonly Passkey[]>;
  creationOptions(caller: SessionCaller, party: RelyingParty, siteName: string): Promise<PasskeyOptions>;
  add(caller: SessionCaller, form: PasskeyCreation, party: RelyingParty, onFirst: OnFirst): Promise<void>;
  remove(caller: SessionCaller, id: string): Promise<void>;
  /** `userId` 0: for whoever has a passkey of this site. `address`: who asks. */
  requestOptions(userId: number, party: RelyingParty, address: string): Promise<PasskeyOptions>;
  /** `undefined`: it proves nothing. */
  check(answer: PasskeyAnswer, userId: number, party: RelyingParty): Promise<PasskeyProof | undefined>;
  removeUsers(tx: Queries, changes: Changes, userIds: readonly number[]): Promise<void>;
}

export interface PasskeyDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly database: Pick<Database, "change" | "keep" | "kysely">;
  readonly audit: Pick<AuditLog, "write">;
  /** Keeps challenges. Without it this process does, in memory. */
  readonly tickets?: TicketOffice;
}

const KIND = passkeyKind.name;
const MOST_OF_USER = 20;
const TIMEOUT_MS = 5 * 60_000;
/** ES256, EdDSA, RS256: what authenticators have. */
const ALGORITHMS = [-7, -8, -257] as const;

export async function createPasskeys(deps: PasskeyDeps): Promise<Passkeys> {
  const { clock, database, audit } = deps;
  const kept: KeptPasskeys = await database.keep(passkeyKind);
  const challenges = await createChallenges({ ...deps, tickets: deps.tickets ?? createLocalTickets(clock) });
  return {
    has: (userId) => kept.by("user", userId).length > 0,
    listOf: (userId) => passkeyStore.ofUser(database.kysely, userId),
    creationOptions: async ({ user, address = "" }, party, siteName) => ({
      challenge: await challenges.begin({ purpose: "create", userId: user.id, address }),
      timeout: TIMEOUT_MS,
      rp: { id: party.id, name: siteName },
      user: { id: Buffer.from(`user ${user.id}`).toString("base64url"), name: user.username, displayName: user.username },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: kept.by("user", user.id).map(({ id }) => ({ type: "public-key", id })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
    }),
    async add(caller, { name, response }, party, onFirst) {
      const use = { purpose: "create", userId: caller.user.id } as const;
      const key = await checkCreation(response, party, (challenge) => challenges.take(challenge, use));
      if (!key) throw refuseText("response: it is not that of a passkey made just now for this site");
      await database.change(async (tx, changes) => {
        const { id } = caller.user;
        const mine = await passkeyStore.ofUser(tx, id);
        if (mine.length >= MOST_OF_USER) throw refuseText(`too many passkeys (max ${MOST_OF_USER})`);
        if (await passkeyStore.find(tx, key.id)) throw refuseText("response: this passkey is there already");
        if (!(await tx.selectFrom("users").select("id").where("id", "=", id).executeTakeFirst())) throw refuseText("ApiErrorUnauthorized");
        if (!(await factorStore.isAsked(tx, id))) await onFirst(tx, changes);
        const shown = name.trim() === "" ? `Passkey ${mine.length + 1}` : name.trim();
        await passkeyStore.insert(tx, { ...key, user_id: id, name: shown, created_at: clock.now(), used_at: 0 });
        changes.put(KIND, key.id);
        await audit.write(tx, { actor: actorOf(caller), action: "user.add-passkey", kind: "user", key: id, to: { name: shown } });
      });
    },
    remove: async (caller, id) =>
      database.change(async (tx, changes) => {
        const key = await passkeyStore.find(tx, id);
        if (key?.user_id !== caller.user.id) throw refuseText("there is no such passkey");
        await passkeyStore.delete(tx, [id]);
        await factorStore.dropUselessCodes(tx, key.user_id);
        changes.gone(KIND, [id]);
        const from = { name: key.name };
        await audit.write(tx, { actor: actorOf(caller), action: "user.remove-passkey", kind: "user", key: key.user_id, from });
      }),
    requestOptions: async (userId, party, address) => ({
      challenge: await challenges.begin({ purpose: "use", userId, address }),
      timeout: TIMEOUT_MS,
      rpId: party.id,
      userVerification: "required",
      allowCredentials: userId === 0 ? [] : kept.by("user", userId).map(({ id }) => ({ type: "public-key", id })),
    }),
    async check(answer, userId, party) {
      // Nothing is loaded for keys that nobody has.
      const key = kept.get(answer.id) && (await passkeyStore.find(database.kysely, answer.id));
      if (!key || (userId !== 0 && key.user_id !== userId)) return undefined;
      const to = await checkAnswer(answer, key, party, (challenge) => challenges.take(challenge, { purpose: "use", userId }));
      if (to === undefined) return undefined;
      return { userId: key.user_id, use: (tx) => passkeyStore.noteUse(tx, key.id, { from: key.counter, to, at: clock.now() }) };
    },
    async removeUsers(tx, changes, userIds) {
      changes.gone(KIND, await passkeyStore.deleteOfUsers(tx, userIds));
    },
  };
}
