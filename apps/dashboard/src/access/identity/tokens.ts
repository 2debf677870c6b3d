import { createHash } from "node:crypto";
import type { Clock } from "@windfire/kit";
import type { TokenCaller } from "#kernel";
import type { Users } from "./accounts.ts";
import type { Token, TokenRecords } from "./token-store.ts";
import type { TokenUses } from "./token-uses.ts";

/** Why a token is no use; the text goes into the answer (spec 10 section 12.4). */
export type TokenFailure = "invalid api token" | "api token expired" | "owner of api token not found" | "owner of api token is disabled";

/** `guess`: whoever shows such a text may be guessing, and it counts against the address. */
export type Authentication = { readonly caller: TokenCaller } | { readonly failure: TokenFailure; readonly guess: boolean };

export interface Tokens {
  /** Who stands behind the text of a token. Notes the use. */
  authenticate(text: string, ip: string): Authentication;
  /** Whether this text is a token, expired or not. */
  isIssued(text: string): boolean;
  find(id: number): Token | undefined;
  /** Unix milliseconds; `undefined`: never, or there is no such token. */
  expiryOf(id: number): number | undefined;
}

export const TOKEN_PREFIX = "nzp_";

const NO_SCOPES: readonly string[] = [];

export interface TokensDeps {
  readonly clock: Clock;
  readonly records: TokenRecords;
  readonly uses: TokenUses;
  readonly users: Users;
}

export function createTokens({ clock, records, uses, users }: TokensDeps): Tokens {
  const byText = (text: string): Token | undefined => records.by("hash", hashOf(text))[0];
  return {
    authenticate(text, ip) {
      const token = byText(text);
      if (!token) return { failure: "invalid api token", guess: true };
      if (token.expiresAt !== null && token.expiresAt.epochMs < clock.now()) return { failure: "api token expired", guess: true };
      const account = users.get(token.userId);
      if (!account) return { failure: "owner of api token not found", guess: true };
      // The token is right: agents of the user that stand behind the same address are not to be kept out for it.
      if (account.disabled) return { failure: "owner of api token is disabled", guess: false };
      uses.note(token, ip);
      const { id: tokenId, name, scopes, reach: serverIds } = token;
      return { caller: { kind: "token", user: account.user, tokenId, name, scopes: scopes ?? NO_SCOPES, serverIds, address: ip } };
    },
    isIssued: (text) => byText(text) !== undefined,
    find: records.get,
    expiryOf: (id) => records.get(id)?.expiresAt?.epochMs,
  };
}

/** What is stored of a token. */
export function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
