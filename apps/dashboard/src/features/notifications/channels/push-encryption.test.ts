import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSealing } from "#platform/sealing";
import { applicationServerKey, encryptPush, vapidHeader } from "./push-encryption.ts";

const { derive } = createSealing(new Uint8Array(32).fill(3));

/** A browser's side of RFC 8291: what it reads with the keys it subscribed with. */
function read(message: Buffer, browser: ReturnType<typeof createECDH>, auth: Buffer): string {
  const salt = message.subarray(0, 16);
  const keyLength = message.readUInt8(20);
  const theirs = message.subarray(21, 21 + keyLength);
  const record = message.subarray(21 + keyLength);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), browser.getPublicKey(), theirs]);
  const secret = Buffer.from(hkdfSync("sha256", browser.computeSecret(theirs), auth, info, 32));
  const key = Buffer.from(hkdfSync("sha256", secret, salt, "Content-Encoding: aes128gcm\0", 16));
  const nonce = Buffer.from(hkdfSync("sha256", secret, salt, "Content-Encoding: nonce\0", 12));
  const decipher = createDecipheriv("aes-128-gcm", key, nonce).setAuthTag(record.subarray(-16));
  const plain = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  expect(plain.at(-1)).toBe(2);
  return plain.subarray(0, -1).toString();
}

test("the subscribed browser reads what was meant for it", () => {
  const browser = createECDH("prime256v1");
  const p256dh = browser.generateKeys("base64url");
  const auth = randomBytes(16);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const message = encryptPush(text, { p256dh, auth: auth.toString("base64url") });
      expect(read(message, browser, auth)).toBe(text);
      expect(() => read(message, browser, randomBytes(16))).toThrow(/auth|state/i);
    }),
  );
});

test("the message of RFC 8291 can be read, so both sides follow the same text", () => {
  // Appendix A: keys of the user agent, and the message that was made for them.
  const browser = createECDH("prime256v1");
  browser.setPrivateKey("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "base64url");
  const message =
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
  expect(read(Buffer.from(message, "base64url"), browser, Buffer.from("BTBZMqHH6r4Tts7J_aSIgg", "base64url"))).toBe(
    "When I grow up, I want to be a watermelon",
  );
});

test("the sender is known by the key that browsers are given, for one push service and half a day", () => {
  const header = vapidHeader({ endpoint: "https://push.test:8443/a/b", now: 1_700_000_000_000, site: "https://m.example.org" }, derive);
  const { token = "", key = "" } = /^vapid t=(?<token>[^,]+), k=(?<key>.+)$/.exec(header)?.groups ?? {};
  expect(key).toBe(applicationServerKey(derive));
  const [head = "", claims = "", signature = ""] = token.split(".");
  const parsed = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());
  expect(parsed(head)).toEqual({ typ: "JWT", alg: "ES256" });
  expect(parsed(claims)).toEqual({ aud: "https://push.test:8443", exp: 1_700_043_200, sub: "https://m.example.org" });
  const point = Buffer.from(key, "base64url");
  const jwk = { kty: "EC", crv: "P-256", x: point.subarray(1, 33).toString("base64url"), y: point.subarray(33).toString("base64url") };
  const publicKey = createPublicKey({ format: "jwk", key: jwk });
  const signed = Buffer.from(`${head}.${claims}`);
  expect(verify("sha256", signed, { key: publicKey, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"))).toBe(true);
});
