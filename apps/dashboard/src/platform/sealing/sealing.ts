import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First character of a sealed text: how it was made. */
const VERSION = "1";

/** Keeps secrets unreadable for whoever has the database without the key beside it. */
export interface Sealing {
  /** `place` says where the text belongs, such as `channel 3`: elsewhere it cannot be opened. */
  seal(text: string, place: string): string;
  /** `undefined` for what was sealed by another key, for another place, or was changed. */
  open(sealed: string, place: string): string | undefined;
  /** Bytes that are always the same for a label, and tell nothing of the key. */
  derive(label: string, bytes: number): Buffer;
}

/** AES-256-GCM under a key derived from 32 secret bytes. */
export function createSealing(secret: Uint8Array): Sealing {
  const derive = (label: string, bytes: number): Buffer => Buffer.from(hkdfSync("sha256", secret, "", `windfire ${label}`, bytes));
  const key = derive("stored secrets", 32);
  return {
    derive,
    seal(text, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(place));
      const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return VERSION + sealed.toString("base64url");
    },
    open(sealed, place) {
      const bytes = Buffer.from(sealed.slice(VERSION.length), "base64url");
      if (!sealed.startsWith(VERSION) || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString("utf8");
      } catch {
        return undefined;
      }
    },
  };
}
