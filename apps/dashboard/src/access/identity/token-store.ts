import { readCsv, readNumber, readOptionalTime, readText, readTime, writeTime } from "#platform/database";
import type { Database, Queries, StoredTime } from "#platform/database";

/** A personal access token as stored (spec 10 section 12). Of the token itself only a hash is kept. */
export interface Token {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  /** `null` in damaged rows: no route lets such a token in. */
  readonly scopes: readonly string[] | null;
  /** Empty: no restriction. */
  readonly serverIds: readonly number[];
  readonly expiresAt: StoredTime | null;
  readonly createdAt: StoredTime;
  lastUsedAt: StoredTime | null;
  lastUsedIp: string;
}

export interface NewToken {
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly serverIds: readonly number[];
  /** Unix milliseconds; `undefined`: never. */
  readonly expiresAt: number | undefined;
}

/** SQL of the table `api_tokens` (spec 41 section 10.15). */
export function createTokenStore(database: Database) {
  const db = database.kysely;
  const select = () => db.selectFrom("api_tokens").selectAll();
  return {
    async byHash(hash: string): Promise<Token | undefined> {
      return readRow(await select().where("token_hash", "=", hash).executeTakeFirst());
    },
    /** Those of the hashes that some token has. */
    async stored(hashes: readonly string[]): Promise<readonly string[]> {
      const rows = await db.selectFrom("api_tokens").select("token_hash").where("token_hash", "in", hashes).execute();
      return rows.map((row) => readText(row.token_hash));
    },
    async byId(id: number): Promise<Token | undefined> {
      return readRow(await select().where("id", "=", id).executeTakeFirst());
    },
    async listOf(userId: number): Promise<readonly Token[]> {
      const rows = await select().where("user_id", "=", userId).orderBy("id", "desc").execute();
      return rows.map(readRow).filter((token) => token !== undefined);
    },
    /** Nothing is written when the owner is gone or has `most` tokens already. */
    async insert(fields: NewToken, hash: string, now: number, most: number): Promise<Token | "no owner" | "too many"> {
      const time = writeTime(now);
      const row = {
        user_id: fields.userId,
        name: fields.name,
        token_hash: hash,
        scopes_csv: fields.scopes.join(","),
        servers_csv: fields.serverIds.join(","),
        expires_at: fields.expiresAt === undefined ? null : writeTime(fields.expiresAt),
        last_used_at: null,
        last_used_ip: "",
        created_at: time,
        updated_at: time,
      };
      return database.transaction(async (tx) => {
        const owner = await tx.selectFrom("users").select("id").where("id", "=", fields.userId).executeTakeFirst();
        if (!owner) return "no owner";
        if ((await countOf(tx, fields.userId)) >= most) return "too many";
        const { id } = await tx.insertInto("api_tokens").values(row).returning("id").executeTakeFirstOrThrow();
        return tokenOf({ ...row, id });
      });
    },
    async touch({ id, lastUsedAt, lastUsedIp }: Token): Promise<void> {
      const use = { last_used_at: writeTime(lastUsedAt?.epochMs ?? 0), last_used_ip: lastUsedIp };
      await db.updateTable("api_tokens").set(use).where("id", "=", id).execute();
    },
    async delete(id: number): Promise<void> {
      await db.deleteFrom("api_tokens").where("id", "=", id).execute();
    },
    async deleteOfUsers(tx: Queries, userIds: readonly number[]): Promise<readonly number[]> {
      const rows = await tx.deleteFrom("api_tokens").where("user_id", "in", userIds).returning("id").execute();
      return rows.map((row) => row.id);
    },
  };
}

async function countOf(tx: Queries, userId: number): Promise<number> {
  const { total } = await tx
    .selectFrom("api_tokens")
    .select((table) => table.fn.countAll<number>().as("total"))
    .where("user_id", "=", userId)
    .executeTakeFirstOrThrow();
  return total;
}

interface StoredToken {
  readonly id: number;
  readonly user_id: number | null;
  readonly name: string | null;
  readonly scopes_csv: string | null;
  readonly servers_csv: string | null;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly last_used_ip: string | null;
  readonly created_at: string | null;
}

function readRow(row: StoredToken | undefined): Token | undefined {
  return row && tokenOf(row);
}

function tokenOf(row: StoredToken): Token {
  return {
    id: row.id,
    userId: readNumber(row.user_id),
    name: readText(row.name),
    scopes: readText(row.scopes_csv) === "" ? null : readCsv(row.scopes_csv),
    // An unreadable entry stands for server 0, which is none: dropping it could turn a restriction into no restriction.
    serverIds: readCsv(row.servers_csv).map((text) => (/^\d{1,15}$/.test(text) ? Number(text) : 0)),
    expiresAt: readOptionalTime(row.expires_at),
    lastUsedAt: readOptionalTime(row.last_used_at),
    lastUsedIp: readText(row.last_used_ip),
    createdAt: readTime(row.created_at),
  };
}
