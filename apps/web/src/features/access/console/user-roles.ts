import type { User } from "@windfire/api";

export const ADMIN = 0;
export const MEMBER = 1;

/** In the order of the form. */
export const ROLES = ["member", "viewer", "admin"] as const;
export type RoleName = (typeof ROLES)[number];

export const roleOf = (user: User): RoleName => (user.role === ADMIN ? "admin" : (user.access ?? "member"));

/** What the dashboard says of a name without naming the field. */
export const USER_SPELLINGS = { username: /^username / };
