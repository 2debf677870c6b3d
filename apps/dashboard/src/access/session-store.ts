import { readTime, writeTime } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import type { Session } from "./sessions.ts";

const HOUR = 3_600_000;
const EXPIRED_KEPT_MS = HOUR;
const REVOKED_KEPT_MS = 24 * HOUR;
/** Rows looked at in one go, so that collecting garbage never holds up others. */
const BATCH = 500;

/** SQL of the table `jwt_sessions`. */
export function createSessionStore(database: Database) {
  const db = database.kysely;
  return {
    async find(key: string): Promise<Session | undefined> {
      const row = await db.selectFrom("jwt_sessions").selectAll().where("key_id", "=", key).executeTakeFirst();
      return (
        row && {
          key: row.key_id,
          userId: row.user_id ?? 0,
          ip: row.ip ?? "",
          tokenVersion: row.token_version ?? 0,
          expiresAt: readTime(row.expires_at).epochMs,
          revoked: row.revoked_at !== null,
          lastUsedAt: readTime(row.last_used_at).epochMs,
        }
      );
    },
    async insert(session: Session, more: { uaHash: string; now: number }): Promise<void> {
      const now = writeTime(more.now);
      await db
        .insertInto("jwt_sessions")
        .values({
          key_id: session.key,
          user_id: session.userId,
          ip: session.ip,
          ua_hash: more.uaHash,
          token_version: session.tokenVersion,
          expires_at: writeTime(session.expiresAt),
          revoked_at: null,
          created_at: now,
          last_used_at: now,
        })
        .execute();
    },
    async touch(key: string, now: number): Promise<void> {
      await db
        .updateTable("jwt_sessions")
        .set({ last_used_at: writeTime(now) })
        .where("key_id", "=", key)
        .execute();
    },
    async refresh(session: Session): Promise<void> {
      const times = { expires_at: writeTime(session.expiresAt), last_used_at: writeTime(session.lastUsedAt) };
      await db.updateTable("jwt_sessions").set(times).where("key_id", "=", session.key).execute();
    },
    async revoke(keys: readonly string[], now: number): Promise<void> {
      for (let from = 0; from < keys.length; from += BATCH) {
        const some = keys.slice(from, from + BATCH);
        await db
          .updateTable("jwt_sessions")
          .set({ revoked_at: writeTime(now) })
          .where("key_id", "in", some)
          .execute();
      }
    },
    async liveKeysByAddress(ips: readonly string[]): Promise<readonly string[]> {
      const keys: string[] = [];
      for (let from = 0; from < ips.length; from += BATCH) {
        const some = ips.slice(from, from + BATCH);
        const rows = await db.selectFrom("jwt_sessions").select("key_id").where("ip", "in", some).where("revoked_at", "is", null).execute();
        keys.push(...rows.map((row) => row.key_id));
      }
      return keys;
    },
    async liveKeysByUser(tx: Queries, userIds: readonly number[]): Promise<readonly string[]> {
      const rows = await tx
        .selectFrom("jwt_sessions")
        .select("key_id")
        .where("user_id", "in", userIds)
        .where("revoked_at", "is", null)
        .execute();
      return rows.map((row) => row.key_id);
    },
    async revokeByUser(tx: Queries, userIds: readonly number[], now: number): Promise<void> {
      await tx
        .updateTable("jwt_sessions")
        .set({ revoked_at: writeTime(now) })
        .where("user_id", "in", userIds)
        .where("revoked_at", "is", null)
        .execute();
    },
    async deleteByUser(tx: Queries, userIds: readonly number[]): Promise<void> {
      await tx.deleteFrom("jwt_sessions").where("user_id", "in", userIds).execute();
    },
    /** The database compares times as text, which only a zone that never changed makes exact: each row is judged again before it goes. */
    async collectGarbage(now: number): Promise<void> {
      const expired = now - EXPIRED_KEPT_MS;
      const revoked = now - REVOKED_KEPT_MS;
      for (;;) {
        const rows = await db
          .selectFrom("jwt_sessions")
          .select(["key_id", "expires_at", "revoked_at"])
          .where((where) => where.or([where("expires_at", "<", writeTime(expired)), where("revoked_at", "<", writeTime(revoked))]))
          .limit(BATCH)
          .execute();
        const dead = rows.filter(
          (row) => readTime(row.expires_at).epochMs < expired || (row.revoked_at !== null && readTime(row.revoked_at).epochMs < revoked),
        );
        const keys = dead.map((row) => row.key_id);
        if (keys.length > 0) await db.deleteFrom("jwt_sessions").where("key_id", "in", keys).execute();
        if (rows.length < BATCH || keys.length === 0) return;
      }
    },
  };
}
