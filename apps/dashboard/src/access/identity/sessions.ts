import { createHash } from "node:crypto";
import type { Clock, LateWrites, RandomBytes } from "@windfire/kit";
import type { FactBus, Facts } from "#kernel";
import type { Database, Queries } from "#platform/database";
import { createBoundedCache, randomText } from "@windfire/kit";
import { createSessionStore } from "./session-store.ts";
import type { Session } from "./session-store.ts";

export interface NewSession {
  readonly userId: number;
  readonly tokenVersion: number;
  readonly ip: string;
  readonly userAgent: string;
}

type EndReason = Facts["session.ended"]["reason"];

export interface Sessions {
  /** Lives for `jwt_timeout` hours unless refreshed. `undefined` when the user is gone or has another password by now. */
  create(session: NewSession): Promise<Session | undefined>;
  /** From memory; asks the database only for a session not seen lately. */
  find(key: string): Session | undefined | Promise<Session | undefined>;
  /** Notes the use, in the database at most once a minute. */
  touch(session: Session): void;
  /** Begins another `jwt_timeout` hours. */
  refresh(session: Session): Promise<void>;
  /** Revokes these sessions and tells everybody. */
  end(keys: readonly string[], reason: EndReason): Promise<void>;
  /** Revokes all sessions bound to these addresses and tells everybody. */
  endByAddress(ips: readonly string[]): Promise<void>;
  /** Part of a larger change: revokes all sessions of users, or deletes them. Call `forget` with the result after the commit. */
  endByUser(tx: Queries, userIds: readonly number[], how: "revoke" | "delete"): Promise<readonly string[]>;
  forget(keys: readonly string[], reason: EndReason): void;
  /** Deletes what expired an hour ago or was revoked a day ago. */
  collectGarbage(): Promise<void>;
}

const KEY_LENGTH = 32;
const TOUCH_EVERY_MS = 60_000;
const CACHED = 10_000;
/** Past that the session of a user unused for longest ends: scripts that sign in for every call would fill the table. */
const MAX_PER_USER = 1_000;

export interface SessionsDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly database: Database;
  readonly facts: FactBus;
  readonly lateWrites: LateWrites;
  readonly lifeSeconds: number;
  readonly maxPerUser?: number;
}

export function createSessions(deps: SessionsDeps): Sessions {
  const { clock, facts, lateWrites } = deps;
  const store = createSessionStore(deps.database);
  const cache = createBoundedCache<string, Session>(CACHED);
  const expiry = (): number => clock.now() + deps.lifeSeconds * 1000;
  // A session read just before its end must not stay in memory: what is read while something ends is read again.
  let endings = 0;
  const load = async (key: string): Promise<Session | undefined> => {
    const before = endings;
    const session = await store.find(key);
    if (before !== endings) return load(key);
    if (session && !session.revoked) cache.set(key, session);
    return session;
  };
  const forget = (keys: readonly string[], reason: EndReason): void => {
    endings++;
    for (const key of keys) cache.delete(key);
    if (keys.length > 0) facts.publish("session.ended", { sessionKeys: keys, reason });
  };
  const end = async (keys: readonly string[], reason: EndReason): Promise<void> => {
    await store.revoke(keys, clock.now());
    forget(keys, reason);
  };
  return {
    async create({ userId, tokenVersion, ip, userAgent }) {
      const times = { expiresAt: expiry(), lastUsedAt: clock.now() };
      const session: Session = { key: randomText(deps.random, KEY_LENGTH), userId, ip, tokenVersion, revoked: false, ...times };
      const before = endings;
      if (!(await store.insert(session, createHash("sha256").update(userAgent).digest("hex")))) return undefined;
      // It may have ended already; it is read again then.
      if (before === endings) cache.set(session.key, session);
      const surplus = await store.keysBeyond(userId, deps.maxPerUser ?? MAX_PER_USER);
      if (surplus.length > 0) await end(surplus, "expired");
      return session;
    },
    find: (key) => cache.get(key) ?? load(key),
    touch(session) {
      const now = clock.now();
      if (Math.abs(now - session.lastUsedAt) < TOUCH_EVERY_MS) return;
      session.lastUsedAt = now;
      lateWrites.begin(async () => store.touch(session.key, now));
    },
    async refresh(session) {
      session.expiresAt = expiry();
      session.lastUsedAt = clock.now();
      await store.refresh(session);
    },
    end,
    endByAddress: async (ips) => end(await store.liveKeysByAddress(ips), "blocked"),
    async endByUser(tx, userIds, how) {
      const keys = await store.liveKeysByUser(tx, userIds);
      await (how === "delete" ? store.deleteByUser(tx, userIds) : store.revokeByUser(tx, userIds, clock.now()));
      return keys;
    },
    forget,
    collectGarbage: async () => store.collectGarbage(clock.now()),
  };
}
