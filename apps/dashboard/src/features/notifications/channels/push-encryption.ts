import { createCipheriv, createECDH, createPrivateKey, hkdfSync, randomBytes, sign } from "node:crypto";
import type { ECDH } from "node:crypto";

const CURVE = "prime256v1";
const RECORD_BYTES = 4096;
const TOKEN_SECONDS = 12 * 3600;
/** Last and only record of a message. */
const LAST_RECORD = 2;

export type Derive = (label: string, bytes: number) => Buffer;

/** The installation's own key pair, by which push services know it. */
function ownKeys(derive: Derive): ECDH {
  const pair = createECDH(CURVE);
  // One in 2^32 numbers of 32 bytes is no key of this curve: the next label is tried then.
  for (let attempt = 0; ; attempt++) {
    try {
      pair.setPrivateKey(derive(`web push ${attempt}`, 32));
      return pair;
    } catch (error) {
      if (attempt > 3) throw error;
    }
  }
}

/** What a browser is given when it subscribes, base64url. */
export function applicationServerKey(derive: Derive): string {
  return ownKeys(derive).getPublicKey("base64url");
}

/** `Authorization` that says who sends (RFC 8292). `now` is Unix milliseconds. */
export function vapidHeader({ endpoint, now, site }: { endpoint: string; now: number; site: string }, derive: Derive): string {
  const pair = ownKeys(derive);
  const point = pair.getPublicKey();
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    aud: new URL(endpoint).origin,
    exp: Math.floor(now / 1000) + TOKEN_SECONDS,
    sub: site === "" ? "https://windfire.invalid" : site,
  };
  const token = `${encode({ typ: "JWT", alg: "ES256" })}.${encode(claims)}`;
  const key = createPrivateKey({
    format: "jwk",
    key: {
      kty: "EC",
      crv: "P-256",
      d: pair.getPrivateKey("base64url"),
      x: point.subarray(1, 33).toString("base64url"),
      y: point.subarray(33).toString("base64url"),
    },
  });
  const signature = sign("sha256", Buffer.from(token), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
  return `vapid t=${token}.${signature}, k=${point.toString("base64url")}`;
}

/**
 * A text only the subscribed browser can read (RFC 8291, one record of RFC 8188).
 *
 * @throws {Error} when the browser's public key is none
 */
export function encryptPush(text: string, browser: { readonly p256dh: string; readonly auth: string }): Buffer {
  const theirs = Buffer.from(browser.p256dh, "base64url");
  const pair = createECDH(CURVE);
  const ours = pair.generateKeys();
  const salt = randomBytes(16);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), theirs, ours]);
  const secret = derived(pair.computeSecret(theirs), Buffer.from(browser.auth, "base64url"), info, 32);
  const key = derived(secret, salt, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = derived(secret, salt, Buffer.from("Content-Encoding: nonce\0"), 12);
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  const head = Buffer.alloc(21);
  salt.copy(head);
  head.writeUInt32BE(RECORD_BYTES, 16);
  head.writeUInt8(ours.length, 20);
  const record = Buffer.concat([cipher.update(text, "utf8"), cipher.update(Buffer.of(LAST_RECORD)), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([head, ours, record]);
}

function derived(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, salt, info, bytes));
}
