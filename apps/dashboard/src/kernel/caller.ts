import type { ShareKind } from "@windfire/api";
import { refuse } from "./app-error.ts";

/**
 * Who makes a request (spec 10 sections 6, 12 and 13).
 *
 * - `guest`: no credential, or one that is not looked at on this route.
 * - `session`: a person signed in; `via` says where the JWT came from (a header needs no CSRF pair).
 * - `token`: a personal access token; its rights are its scopes ∩ its owner's rights ∩ its server list.
 */
export type Caller = Guest | SessionCaller | TokenCaller;

export interface Guest {
  readonly kind: "guest";
  /** Came by a share link: sees the rows of the link and nothing else, in the form that guests get. */
  readonly share?: SharedRows;
}

/** What a share link opens, as it is at the moment of asking. */
export interface SharedRows {
  readonly linkId: number;
  /** When it ends, Unix milliseconds. */
  readonly until: number;
  /** `kind` is one of `SHARE_KINDS` of `@windfire/api`. */
  has(kind: ShareKind, rowId: number): boolean;
}

export interface SessionCaller {
  readonly kind: "session";
  readonly user: User;
  readonly sessionKey: string;
  readonly via: "header" | "query" | "cookie";
  /** When whoever holds the session last proved who they are, Unix milliseconds; absent or 0: not as far as the account allows. */
  readonly provenAt?: number;
  /** Where the request came from; absent or "" when unknown. */
  readonly address?: string;
}

export interface TokenCaller {
  readonly kind: "token";
  readonly user: User;
  readonly tokenId: number;
  /** What its owner calls it. */
  readonly name?: string;
  readonly scopes: readonly string[];
  /** Servers the token may touch, or `null` for no restriction. */
  readonly serverIds: ReadonlySet<number> | null;
  /** Where the request came from; absent or "" when unknown. */
  readonly address?: string;
}

export interface User {
  readonly id: number;
  readonly username: string;
  readonly role: Role;
  /** Of a viewer: what there is to read. Viewers own nothing and change nothing; their role is that of members. */
  readonly sight?: Sight;
}

/** The servers of a viewer, as they are at the moment of asking. */
export interface Sight {
  has(serverId: number): boolean;
  serverIds(): readonly number[];
}

export const ROLE = { admin: 0, member: 1 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];

export const GUEST: Guest = { kind: "guest" };

/** The signed-in user of a caller, or `undefined` for a guest. */
export function userOf(caller: Caller): User | undefined {
  return caller.kind === "guest" ? undefined : caller.user;
}

export function isAdmin(caller: Caller): boolean {
  return userOf(caller)?.role === ROLE.admin;
}

/** What a viewer may read; `undefined` for everybody else. */
export function sightOf(caller: Caller): Sight | undefined {
  return userOf(caller)?.sight;
}

/** What a guest's share link opens; `undefined` for everybody who came otherwise. */
export function shareOf(caller: Caller): SharedRows | undefined {
  return caller.kind === "guest" ? caller.share : undefined;
}

/** The signed-in user on a route that guests do not reach. */
export function requireUser(caller: Caller): User {
  const user = userOf(caller);
  if (!user) throw refuse("unauthorized");
  return user;
}
