import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The key that a release is signed with; made where there is none. */
export function releaseKey(path: string): { readonly key: KeyObject; readonly made: boolean } {
  const made = !existsSync(path);
  if (made) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
    writeFileSync(path, pem, { mode: 0o600, flag: "wx" });
  }
  const key = createPrivateKey(readFileSync(path, "utf8"));
  if (key.asymmetricKeyType !== "ed25519") throw new Error(`${path} is no Ed25519 key`);
  return { key, made };
}

export function publicPem(key: KeyObject): string {
  return createPublicKey(key).export({ type: "spki", format: "pem" });
}

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A list as `sha256sum` writes it, and its signature: 64 bytes of Ed25519 over exactly these bytes. */
export function signedSums(
  hashes: Readonly<Record<string, string>>,
  key: KeyObject,
): { readonly sums: Buffer; readonly signature: Buffer } {
  const lines = Object.entries(hashes)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hash]) => `${hash}  ${name}\n`);
  const sums = Buffer.from(lines.join(""));
  return { sums, signature: sign(null, sums, key) };
}
