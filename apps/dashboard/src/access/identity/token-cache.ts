import { createBoundedCache } from "@windfire/kit";
import type { Token } from "./token-store.ts";

/** A token in memory, with what a caller needs of it made once: a request makes as few objects as it can. */
export interface CachedToken {
  readonly token: Token;
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly serverIds: ReadonlySet<number> | null;
}

export interface TokenCache {
  byHash(hash: string): CachedToken | undefined;
  byId(id: number): CachedToken | undefined;
  add(token: Token, hash: string): CachedToken;
  remove(id: number): void;
}

const LIMIT = 5_000;

/** The tokens used last. */
export function createTokenCache(): TokenCache {
  const hashes = createBoundedCache<string, CachedToken>(LIMIT);
  const ids = createBoundedCache<number, CachedToken>(LIMIT);
  return {
    byHash(hash) {
      const cached = hashes.get(hash);
      // A use keeps the token in both.
      return cached && ids.get(cached.token.id);
    },
    byId: (id) => ids.get(id),
    add(token, hash) {
      const serverIds = token.serverIds.length > 0 ? new Set(token.serverIds) : null;
      const cached: CachedToken = { token, hash, scopes: token.scopes ?? [], serverIds };
      hashes.set(hash, cached);
      ids.set(token.id, cached);
      return cached;
    },
    remove(id) {
      const cached = ids.get(id);
      if (cached) hashes.delete(cached.hash);
      ids.delete(id);
    },
  };
}
