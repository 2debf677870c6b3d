import { createHash } from "node:crypto";

/** A code that is good once, until it expires. The code itself is shown to whoever made it, and kept nowhere. */
export interface EnrolmentCode {
  readonly id: number;
  /** Who the server will belong to. */
  readonly ownerId: number;
  readonly createdBy: number;
  /** Of a server that is made; "": a made-up one. */
  readonly name: string;
  /** Server group a server that is made goes into; 0: none. */
  readonly groupId: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** The credential of one host. */
export interface Enrolment {
  readonly id: number;
  readonly serverId: number;
  /** The only UUID it may sign in with. */
  readonly uuid: string;
  /** Whose code it was: the credential is good while the server is theirs. */
  readonly ownerId: number;
  readonly hash: string;
  /** Where the host was enrolled from; "" when unknown. */
  readonly address: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** 0: it is good. */
  readonly revokedAt: number;
}

export const CODE_LIFE_MS = 10 * 60_000;
/** Codes one user may have open. */
export const CODES_PER_USER = 100;
/** 24 of 62 letters: 142 bits. */
export const CODE_LENGTH = 24;
/** Revoked credentials that are remembered, so that their hosts are told instead of counted as guessing; the oldest go. */
export const KEPT_REVOKED = 1_000;

/** No shared secret that the program makes has such a beginning. */
export const CREDENTIAL_PREFIX = "wfa_";
/** 43 of 62 letters: 256 bits. */
export const CREDENTIAL_LENGTH = 43;

/** What is kept of a code or credential. Both are looked up by it, so that the time taken tells nothing about them. */
export function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

export function isGood(enrolment: Enrolment): boolean {
  return enrolment.revokedAt === 0;
}
