import { createHash } from "node:crypto";
import { createBoundedCache, randomText } from "@windfire/kit";
import type { Clock, LateWrites, RandomBytes } from "@windfire/kit";
import type { FactBus, Facts } from "#kernel";
import type { Changes, Database, Queries } from "#platform/database";
import { deviceOf } from "./device.ts";
import { sessionKind, sessionStore } from "./session-store.ts";
import type { Session } from "./session-store.ts";

export interface NewSession {
  readonly userId: number;
  readonly tokenVersion: number;
  readonly ip: string;
  readonly userAgent: string;
  /** Who it is was proven as far as the account allows. */
  readonly proven: boolean;
}

type EndReason = Facts["session.ended"]["reason"];

/** Sign-ins. What takes `tx` is part of a larger change; once that is committed whoever holds something open hears which have ended. */
export interface Sessions {
  /** Lives for `jwt_timeout` hours unless refreshed. `undefined` when the user is gone or has another password by now. */
  create(tx: Queries, changes: Changes, session: NewSession): Promise<Session | undefined>;
  /** From memory; asks the database only for a session not seen lately. */
  find(key: string): Session | undefined | Promise<Session | undefined>;
  /** Notes the use, in the database at most once a minute. */
  touch(session: Session): void;
  /** Notes a new proof of who holds it. */
  prove(
    tx: Queries,
    changes: Changes,
    session: { readonly key: string; readonly userId: number; readonly userAgent: string },
  ): Promise<void>;
  /** From now on the other sessions of its user have proven nothing: what they have proven is not enough any more. */
  lapseOthers(tx: Queries, changes: Changes, session: { readonly key: string; readonly userId: number }): Promise<void>;
  /** Begins another `jwt_timeout` hours. */
  refresh(session: Session): Promise<void>;
  end(tx: Queries, changes: Changes, keys: readonly string[], reason: EndReason): Promise<void>;
  /** All that are bound to these addresses. */
  endByAddress(tx: Queries, changes: Changes, ips: readonly string[]): Promise<void>;
  endByUser(tx: Queries, changes: Changes, userId: number): Promise<void>;
  deleteByUser(tx: Queries, changes: Changes, userIds: readonly number[]): Promise<void>;
  /** Deletes what expired an hour ago or was revoked a day ago. */
  collectGarbage(): Promise<void>;
}

const KIND = sessionKind.name;
const KEY_LENGTH = 32;
const TOUCH_EVERY_MS = 60_000;
/** Past that the session of a user unused for longest ends: scripts that sign in for every call would fill the table. */
const MAX_PER_USER = 1_000;
/** Ends under way whose reason is known here. */
const REASONS = 10_000;

export interface SessionsDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly database: Pick<Database, "change" | "keepLazily" | "kysely">;
  readonly facts: FactBus;
  readonly lateWrites: LateWrites;
  readonly lifeSeconds: number;
  readonly maxPerUser?: number;
}

export async function createSessions(deps: SessionsDeps): Promise<Sessions> {
  const { clock, database, facts, lateWrites } = deps;
  const known = await database.keepLazily(sessionKind);
  // The log says that a session ended, not why: where it was ended here, that is remembered until it is told.
  const reasons = createBoundedCache<string, EndReason>(REASONS);
  const expiry = (): number => clock.now() + deps.lifeSeconds * 1000;
  const gone = (changes: Changes, keys: readonly string[], reason: EndReason): void => {
    for (const key of keys) reasons.set(key, reason);
    changes.gone(KIND, keys);
  };
  const end = async (tx: Queries, changes: Changes, keys: readonly string[], reason: EndReason): Promise<void> => {
    await sessionStore.revoke(tx, keys, clock.now());
    gone(changes, keys, reason);
  };
  known.subscribe({
    changed(change) {
      for (const [reason, sessionKeys] of Map.groupBy(change.gone, (key) => reasons.get(key) ?? "logout")) {
        for (const key of sessionKeys) reasons.delete(key);
        facts.publish("session.ended", { sessionKeys, reason });
      }
    },
  });
  return {
    async create(tx, changes, { userId, tokenVersion, ip, userAgent, proven }) {
      const times = { expiresAt: expiry(), lastUsedAt: clock.now() };
      const provenAt = proven ? clock.now() : 0;
      const session: Session = { key: randomText(deps.random, KEY_LENGTH), userId, ip, tokenVersion, revoked: false, provenAt, ...times };
      const uaHash = createHash("sha256").update(userAgent).digest("hex");
      if (!(await sessionStore.insert(tx, session, { uaHash, device: deviceOf(userAgent) }))) return undefined;
      const surplus = await sessionStore.keysBeyond(tx, userId, deps.maxPerUser ?? MAX_PER_USER);
      if (surplus.length > 0) await end(tx, changes, surplus, "expired");
      return session;
    },
    find: known.get,
    touch(session) {
      const now = clock.now();
      if (Math.abs(now - session.lastUsedAt) < TOUCH_EVERY_MS) return;
      session.lastUsedAt = now;
      // No change of the feed: nobody but the list of a user's oldest sessions reads it.
      lateWrites.begin(async () => sessionStore.touch(database.kysely, session.key, now));
    },
    async prove(tx, changes, { key, userId, userAgent }) {
      await sessionStore.prove(tx, { key, userId, device: deviceOf(userAgent) }, clock.now());
      changes.put(KIND, key);
    },
    async lapseOthers(tx, changes, { key, userId }) {
      for (const other of await sessionStore.lapseOthers(tx, userId, key)) changes.put(KIND, other);
    },
    refresh: ({ key }) =>
      database.change(async (tx, changes) => {
        await sessionStore.refresh(tx, key, { expiresAt: expiry(), at: clock.now() });
        changes.put(KIND, key);
      }),
    end,
    endByAddress: async (tx, changes, ips) => end(tx, changes, await sessionStore.liveKeysByAddress(tx, ips), "blocked"),
    endByUser: async (tx, changes, userId) => end(tx, changes, await sessionStore.liveKeysByUser(tx, [userId]), "password"),
    async deleteByUser(tx, changes, userIds) {
      const keys = await sessionStore.liveKeysByUser(tx, userIds);
      await sessionStore.deleteByUser(tx, userIds);
      gone(changes, keys, "deleted");
    },
    collectGarbage: async () => sessionStore.collectGarbage(database.kysely, clock.now()),
  };
}
