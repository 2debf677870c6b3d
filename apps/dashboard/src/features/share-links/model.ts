import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { ShareKind } from "@windfire/api";

export interface SharedRow {
  readonly kind: ShareKind;
  readonly id: number;
}

/** A link that shows some rows to whoever has it. Its secret is shown once and kept nowhere. */
export interface ShareLink {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  readonly rows: readonly SharedRow[];
  /** Of the secret. */
  readonly hash: string;
  /** bcrypt; "": the secret alone opens it. */
  readonly passwordHash: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** To the hour; 0: never. */
  readonly openedAt: number;
}

/** 43 of 62 letters: 256 bits. */
export const SECRET_LENGTH = 43;
/** Links that ended are kept so long, so that their owners see what was there. */
export const KEPT_ENDED_MS = 30 * 86_400_000;
/** Whoever opened a link is asked again for its secret, and its password, after so long. */
export const OPEN_MS = 24 * 3_600_000;

export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** What a browser shows once it opened a link: until when, and that it did. */
export function passOf(key: string, link: ShareLink, until: number): string {
  return `${until}.${sealOf(key, link, until)}`;
}

/** Whether a pass was given out for this link as it is, and still holds. */
export function isPass(key: string, link: ShareLink, text: string, now: number): boolean {
  const dot = text.indexOf(".");
  const until = Number(text.slice(0, Math.max(0, dot)));
  if (!Number.isSafeInteger(until) || until <= now) return false;
  const [given, right] = [Buffer.from(text.slice(dot + 1)), Buffer.from(sealOf(key, link, until))];
  return given.length === right.length && timingSafeEqual(given, right);
}

function sealOf(key: string, link: ShareLink, until: number): string {
  return createHmac("sha256", key)
    .update(JSON.stringify(["share link", link.id, link.hash, link.passwordHash, until]))
    .digest("base64url");
}
