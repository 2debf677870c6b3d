import { plainAddress } from "#kernel";
import { readNumber, readText, readTime, writeTime } from "#platform/database";
import type { Queries } from "#platform/database";

/** A sign-in, as table `jwt_sessions` keeps it (spec 10 section 6.8). Times in Unix milliseconds. */
export interface Session {
  readonly key: string;
  readonly userId: number;
  /** Address at sign-in, "" when none was known; the session is bound to it. */
  readonly ip: string;
  /** The user's token version at sign-in. */
  readonly tokenVersion: number;
  readonly expiresAt: number;
  readonly revoked: boolean;
  /** When whoever holds it last proved who they are; 0: not as far as the account allows. */
  readonly provenAt: number;
  /** The one field that memory writes: the table follows later. */
  lastUsedAt: number;
}

/** A session as its owner sees it. Times in Unix milliseconds. */
export interface ListedSession extends Pick<Session, "key" | "ip" | "expiresAt" | "lastUsedAt"> {
  /** Program and system; "" when it said nothing. */
  readonly device: string;
  readonly createdAt: number;
}

/** Sessions in one list. */
const LISTED = 100;
const HOUR = 3_600_000;
const EXPIRED_KEPT_MS = HOUR;
const REVOKED_KEPT_MS = 24 * HOUR;
/** Rows in one statement, so that nobody waits long for it. */
const BATCH = 500;

/** Records kept in memory; each takes less than a kilobyte. */
const CACHED = 10_000;

export const sessionKind = {
  name: "session",
  limit: CACHED,
  find: async (queries: Queries, key: string): Promise<Session | undefined> => findSession(queries, key),
};

/** SQL of the table `jwt_sessions` (spec 41 section 10.14). `at` is Unix milliseconds. */
export const sessionStore = {
  /** `false`, and nothing is written, when the user is gone or no longer has this token version. */
  async insert(tx: Queries, session: Session, { uaHash, device }: { uaHash: string; device: string }): Promise<boolean> {
    const at = writeTime(session.lastUsedAt);
    const row = { key_id: session.key, user_id: session.userId, ip: session.ip, ua_hash: uaHash, token_version: session.tokenVersion };
    const times = { expires_at: writeTime(session.expiresAt), revoked_at: null, created_at: at, last_used_at: at };
    const owner = tx.selectFrom("users").select("id").where("id", "=", session.userId).where("token_version", "=", session.tokenVersion);
    if (!(await owner.executeTakeFirst())) return false;
    await tx
      .insertInto("jwt_sessions")
      .values({ ...row, ...times })
      .execute();
    const details = { key_id: session.key, user_id: session.userId, device, proven_at: session.provenAt };
    await tx
      .insertInto("wf_sessions")
      .values(details)
      .onConflict((conflict) => conflict.column("key_id").doUpdateSet(details))
      .execute();
    return true;
  },
  /** `at`: Unix milliseconds. One that the original began has no line yet. */
  async prove(tx: Queries, { key, userId, device }: { key: string; userId: number; device: string }, at: number): Promise<void> {
    await tx
      .insertInto("wf_sessions")
      .values({ key_id: key, user_id: userId, device, proven_at: at })
      .onConflict((conflict) => conflict.column("key_id").doUpdateSet({ proven_at: at }))
      .execute();
  },
  /** Forgets what other sessions of the user have proven. @returns their keys */
  async lapseOthers(tx: Queries, userId: number, kept: string): Promise<readonly string[]> {
    const others = tx.updateTable("wf_sessions").set({ proven_at: 0 }).where("user_id", "=", userId).where("key_id", "!=", kept);
    const rows = await others.where("proven_at", "!=", 0).returning("key_id").execute();
    return rows.map((row) => row.key_id);
  },
  async touch(queries: Queries, key: string, at: number): Promise<void> {
    const times = { last_used_at: writeTime(at) };
    await queries.updateTable("jwt_sessions").set(times).where("key_id", "=", key).execute();
  },
  async refresh(tx: Queries, key: string, times: { readonly expiresAt: number; readonly at: number }): Promise<void> {
    const columns = { expires_at: writeTime(times.expiresAt), last_used_at: writeTime(times.at) };
    await tx.updateTable("jwt_sessions").set(columns).where("key_id", "=", key).execute();
  },
  revoke: async (tx: Queries, keys: readonly string[], at: number): Promise<void> => revokeSessions(tx, keys, at),
  liveKeysByAddress: async (tx: Queries, ips: readonly string[]): Promise<readonly string[]> => liveKeys(tx, "ip", ips),
  liveKeysByUser: async (tx: Queries, userIds: readonly number[]): Promise<readonly string[]> => liveKeys(tx, "user_id", userIds),
  /** Live sessions of a user but the `kept` used last. */
  async keysBeyond(tx: Queries, userId: number, kept: number): Promise<readonly string[]> {
    const live = tx.selectFrom("jwt_sessions").select("key_id").where("user_id", "=", userId).where("revoked_at", "is", null);
    const rows = await live.orderBy("last_used_at", "desc").limit(BATCH).offset(kept).execute();
    return rows.map((row) => row.key_id);
  },
  /** Those that are good at `now`, the one used last first. */
  async listOf(queries: Queries, userId: number, now: number): Promise<readonly ListedSession[]> {
    const rows = await queries
      .selectFrom("jwt_sessions")
      .leftJoin("wf_sessions", "wf_sessions.key_id", "jwt_sessions.key_id")
      .select(["jwt_sessions.key_id", "jwt_sessions.ip", "expires_at", "last_used_at", "created_at", "wf_sessions.device"])
      .where("jwt_sessions.user_id", "=", userId)
      .where("revoked_at", "is", null)
      .orderBy("last_used_at", "desc")
      .limit(LISTED)
      .execute();
    return rows.map(readListed).filter(({ expiresAt }) => expiresAt >= now);
  },
  async deleteByUser(tx: Queries, userIds: readonly number[]): Promise<void> {
    for (const table of ["jwt_sessions", "wf_sessions"] as const) await tx.deleteFrom(table).where("user_id", "in", userIds).execute();
  },
  async collectGarbage(queries: Queries, now: number): Promise<void> {
    await collectGarbage(queries, now);
    const sessions = queries.selectFrom("jwt_sessions").select("key_id");
    await queries.deleteFrom("wf_sessions").where("key_id", "not in", sessions).execute();
  },
};

interface ListedRow extends Readonly<Record<"ip" | "expires_at" | "last_used_at" | "created_at" | "device", string | null>> {
  readonly key_id: string;
}

function readListed(row: ListedRow): ListedSession {
  return {
    key: row.key_id,
    ip: plainAddress(readText(row.ip)),
    device: row.device ?? "",
    createdAt: readTime(row.created_at).epochMs,
    lastUsedAt: readTime(row.last_used_at).epochMs,
    expiresAt: readTime(row.expires_at).epochMs,
  };
}

async function findSession(db: Queries, key: string): Promise<Session | undefined> {
  const row = await db
    .selectFrom("jwt_sessions")
    .leftJoin("wf_sessions", "wf_sessions.key_id", "jwt_sessions.key_id")
    .selectAll("jwt_sessions")
    .select("wf_sessions.proven_at")
    .where("jwt_sessions.key_id", "=", key)
    .executeTakeFirst();
  return (
    row && {
      key: row.key_id,
      userId: readNumber(row.user_id),
      ip: plainAddress(readText(row.ip)),
      tokenVersion: readNumber(row.token_version),
      expiresAt: readTime(row.expires_at).epochMs,
      revoked: row.revoked_at !== null,
      provenAt: row.proven_at ?? 0,
      lastUsedAt: readTime(row.last_used_at).epochMs,
    }
  );
}

async function liveKeys(db: Queries, column: "ip" | "user_id", values: readonly (string | number)[]): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const some of batches(values)) {
    const rows = await db.selectFrom("jwt_sessions").select("key_id").where(column, "in", some).where("revoked_at", "is", null).execute();
    keys.push(...rows.map((row) => row.key_id));
  }
  return keys;
}

async function revokeSessions(db: Queries, keys: readonly string[], now: number): Promise<void> {
  const times = { revoked_at: writeTime(now) };
  for (const some of batches(keys)) {
    await db.updateTable("jwt_sessions").set(times).where("key_id", "in", some).execute();
  }
}

/** The database compares times as text, which only a zone that never changed makes exact: each row is judged again before it goes. */
async function collectGarbage(db: Queries, now: number): Promise<void> {
  const expired = now - EXPIRED_KEPT_MS;
  const revoked = now - REVOKED_KEPT_MS;
  for (;;) {
    const rows = await db
      .selectFrom("jwt_sessions")
      .select(["key_id", "expires_at", "revoked_at"])
      .where((where) => where.or([where("expires_at", "<", writeTime(expired)), where("revoked_at", "<", writeTime(revoked))]))
      .limit(BATCH)
      .execute();
    const keys = rows.filter((row) => isGarbage(row, expired, revoked)).map((row) => row.key_id);
    if (keys.length > 0) await db.deleteFrom("jwt_sessions").where("key_id", "in", keys).execute();
    if (rows.length < BATCH || keys.length === 0) return;
  }
}

function isGarbage(row: { expires_at: string | null; revoked_at: string | null }, expired: number, revoked: number): boolean {
  return readTime(row.expires_at).epochMs < expired || (row.revoked_at !== null && readTime(row.revoked_at).epochMs < revoked);
}

function* batches<T>(values: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < values.length; from += BATCH) yield values.slice(from, from + BATCH);
}
