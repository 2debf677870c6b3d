import { readCsv, readNumber, readOptionalTime, readText, readTime, writeTime } from "#platform/database";
import type { Kept, Queries, StoredTime } from "#platform/database";

/** A personal access token as stored (spec 10 section 12). Replaced, never changed. */
export interface Token {
  readonly id: number;
  readonly userId: number;
  readonly name: string;
  /** Of the token's text; the text itself is not kept. */
  readonly hash: string;
  /** `null` in damaged rows: no route lets such a token in. */
  readonly scopes: readonly string[] | null;
  /** Empty: no restriction. */
  readonly serverIds: readonly number[];
  /** The same as a set, made once: `null` is no restriction. */
  readonly reach: ReadonlySet<number> | null;
  readonly expiresAt: StoredTime | null;
  readonly createdAt: StoredTime;
  /** As of when the row was read. */
  readonly lastUse: TokenUse | undefined;
}

export interface TokenUse {
  readonly at: StoredTime;
  readonly ip: string;
}

export interface NewToken {
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly serverIds: readonly number[];
  /** Unix milliseconds; `undefined`: never. */
  readonly expiresAt: number | undefined;
}

/** All access tokens in memory, newest first. */
export type TokenRecords = Kept<number, Token, (typeof tokenKind)["indexes"]>;

export const tokenKind = {
  name: "token",
  keyOf: (token: Token): number => token.id,
  order: (a: Token, b: Token): number => b.id - a.id,
  indexes: { owner: (token: Token): number => token.userId, hash: (token: Token): string => token.hash },
  load: async (queries: Queries, ids?: readonly number[]): Promise<Token[]> => {
    const query = queries.selectFrom("api_tokens").selectAll().orderBy("id");
    return (await (ids ? query.where("id", "in", ids) : query).execute()).map(tokenOf);
  },
};

/** SQL of the table `api_tokens` (spec 41 section 10.15). `at` is Unix milliseconds. */
export const tokenStore = {
  async find(queries: Queries, id: number): Promise<Token | undefined> {
    return (await tokenKind.load(queries, [id]))[0];
  },
  async countOf(queries: Queries, userId: number): Promise<number> {
    const { total } = await queries
      .selectFrom("api_tokens")
      .select((table) => table.fn.countAll<number>().as("total"))
      .where("user_id", "=", userId)
      .executeTakeFirstOrThrow();
    return total;
  },
  async insert(tx: Queries, fields: NewToken, hash: string, at: number): Promise<Token> {
    const time = writeTime(at);
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
    const { id } = await tx.insertInto("api_tokens").values(row).returning("id").executeTakeFirstOrThrow();
    return tokenOf({ ...row, id });
  },
  async touch(queries: Queries, id: number, use: TokenUse): Promise<void> {
    const columns = { last_used_at: writeTime(use.at.epochMs), last_used_ip: use.ip };
    await queries.updateTable("api_tokens").set(columns).where("id", "=", id).execute();
  },
  /** When a user's tokens were last used, as far as the table knows, by their ids. */
  async usesOf(queries: Queries, userId: number): Promise<ReadonlyMap<number, TokenUse>> {
    const rows = await queries
      .selectFrom("api_tokens")
      .select(["id", "last_used_at", "last_used_ip"])
      .where("user_id", "=", userId)
      .execute();
    return new Map(
      rows.flatMap((row) => {
        const at = readOptionalTime(row.last_used_at);
        return at === null ? [] : [[row.id, { at, ip: readText(row.last_used_ip) }]];
      }),
    );
  },
  async delete(tx: Queries, id: number): Promise<void> {
    await tx.deleteFrom("api_tokens").where("id", "=", id).execute();
  },
  async deleteOfUsers(tx: Queries, userIds: readonly number[]): Promise<readonly number[]> {
    const rows = await tx.deleteFrom("api_tokens").where("user_id", "in", userIds).returning("id").execute();
    return rows.map((row) => row.id);
  },
};

interface StoredToken {
  readonly id: number;
  readonly user_id: number | null;
  readonly name: string | null;
  readonly token_hash: string | null;
  readonly scopes_csv: string | null;
  readonly servers_csv: string | null;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
  readonly last_used_ip: string | null;
  readonly created_at: string | null;
}

function tokenOf(row: StoredToken): Token {
  const at = readOptionalTime(row.last_used_at);
  // An unreadable entry stands for server 0, which is none: dropping it could turn a restriction into no restriction.
  const serverIds = readCsv(row.servers_csv).map((text) => (/^\d{1,15}$/.test(text) ? Number(text) : 0));
  return {
    id: row.id,
    userId: readNumber(row.user_id),
    name: readText(row.name),
    hash: readText(row.token_hash),
    scopes: readText(row.scopes_csv) === "" ? null : readCsv(row.scopes_csv),
    serverIds,
    reach: serverIds.length > 0 ? new Set(serverIds) : null,
    expiresAt: readOptionalTime(row.expires_at),
    lastUse: at === null ? undefined : { at, ip: readText(row.last_used_ip) },
    createdAt: readTime(row.created_at),
  };
}
