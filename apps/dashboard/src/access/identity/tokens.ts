import { createHash } from "node:crypto";
import type { Clock, LateWrites, RandomBytes } from "@windfire/kit";
import type { FactBus, TokenCaller } from "#kernel";
import { timeOf } from "#platform/database";
import type { Database, Queries } from "#platform/database";
import type { Users } from "./accounts.ts";
import { randomText } from "@windfire/kit";
import { createTokenCache } from "./token-cache.ts";
import type { CachedToken } from "./token-cache.ts";
import { createTokenStore } from "./token-store.ts";
import type { NewToken, Token } from "./token-store.ts";

/** Why a token is no use; the text goes into the answer (spec 10 section 12.4). */
export type TokenFailure = "invalid api token" | "api token lookup failed" | "api token expired" | "owner of api token not found";

export interface Tokens {
  /** Who stands behind the text of a token. Notes the use. From memory for a token seen lately. */
  authenticate(text: string, ip: string): Authentication | Promise<Authentication>;
  /** Those of these texts that are tokens, expired or not; one query. @throws {DatabaseError} */
  stored(texts: readonly string[]): Promise<ReadonlySet<string>>;
  /** The text is given this once. Nothing is made when the owner is gone or has `most` tokens already. */
  create(token: NewToken, most: number): Promise<{ readonly token: Token; readonly text: string } | "no owner" | "too many">;
  /** A user's own, newest first. */
  listOf(userId: number): Promise<readonly Token[]>;
  find(id: number): Promise<Token | undefined>;
  /** Ends everything that runs under it. */
  delete(id: number): Promise<void>;
  /** Part of a larger change; call `forget` with the result after the commit. */
  deleteOfUsers(tx: Queries, userIds: readonly number[]): Promise<readonly number[]>;
  forget(ids: readonly number[]): void;
  /** Unix milliseconds; `undefined`: never, or not used lately. */
  expiryOf(id: number): number | undefined;
}

export type Authentication = { readonly caller: TokenCaller } | { readonly failure: TokenFailure };

export const TOKEN_PREFIX = "nzp_";
const BODY_LENGTH = 32;
const TOUCH_EVERY_MS = 60_000;

export interface TokensDeps {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly database: Database;
  readonly facts: FactBus;
  readonly users: Users;
  readonly lateWrites: LateWrites;
  readonly onError: (error: unknown) => void;
}

export function createTokens(deps: TokensDeps): Tokens {
  const { clock, users } = deps;
  const store = createTokenStore(deps.database);
  const cache = createTokenCache();

  const judge = (known: CachedToken, ip: string): Authentication => {
    const { token } = known;
    if (token.expiresAt !== null && token.expiresAt.epochMs < clock.now()) return { failure: "api token expired" };
    const account = users.get(token.userId);
    if (!account) return { failure: "owner of api token not found" };
    if (noteUse(known, ip, clock.now())) deps.lateWrites.begin(async () => store.touch(token));
    return {
      caller: { kind: "token", user: account.user, tokenId: token.id, scopes: known.scopes, serverIds: known.serverIds, address: ip },
    };
  };
  // A token read just before its deletion must not stay in memory: what is read while something ends is not kept.
  let endings = 0;
  const lookUp = async (hash: string, ip: string): Promise<Authentication> => {
    const before = endings;
    try {
      const token = await store.byHash(hash);
      if (!token) return { failure: "invalid api token" };
      if (before !== endings) return await lookUp(hash, ip);
      return judge(cache.add(token, hash), ip);
    } catch (error) {
      deps.onError(error);
      return { failure: "api token lookup failed" };
    }
  };
  const forget = (ids: readonly number[]): void => {
    endings++;
    for (const id of ids) cache.remove(id);
    if (ids.length > 0) deps.facts.publish("token.ended", { tokenIds: ids, reason: "deleted" });
  };

  return {
    authenticate(text, ip) {
      const hash = hashOf(text);
      const known = cache.byHash(hash);
      return known ? judge(known, ip) : lookUp(hash, ip);
    },
    async stored(texts) {
      const hashes = new Map(texts.map((text) => [hashOf(text), text]));
      const found = await store.stored([...hashes.keys()]);
      return new Set(found.map((hash) => hashes.get(hash) ?? ""));
    },
    async create(fields, most) {
      const text = TOKEN_PREFIX + randomText(deps.random, BODY_LENGTH);
      const token = await store.insert(fields, hashOf(text), clock.now(), most);
      return typeof token === "string" ? token : { token, text };
    },
    // The time of last use reaches the table a little later than memory.
    listOf: async (userId) => (await store.listOf(userId)).map((token) => cache.byId(token.id)?.token ?? token),
    find: async (id) => store.byId(id),
    async delete(id) {
      await store.delete(id);
      forget([id]);
    },
    deleteOfUsers: async (tx, userIds) => store.deleteOfUsers(tx, userIds),
    forget,
    expiryOf: (id) => cache.byId(id)?.token.expiresAt?.epochMs,
  };
}

/** Whether this use is to be written: the first, one from a new address, and otherwise one a minute. */
function noteUse({ token }: CachedToken, ip: string, now: number): boolean {
  const { lastUsedAt } = token;
  if (lastUsedAt !== null && token.lastUsedIp === ip && Math.abs(now - lastUsedAt.epochMs) < TOUCH_EVERY_MS) return false;
  token.lastUsedIp = ip;
  token.lastUsedAt = timeOf(now);
  return true;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
