import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { fail, succeed } from "../config/model.ts";
import type { Outcome } from "../config/model.ts";
import { isVersion } from "./versions.ts";

/** What a release is (docs/formats/agent-release.md). */
export interface Release {
  /** `major.minor.patch` */
  readonly version: string;
  /** Name of the bundle, beside the manifest. */
  readonly file: string;
  /** Of the bundle, hex. */
  readonly sha256: string;
  /** Of the bundle, bytes. */
  readonly size: number;
}

export const MAX_BUNDLE_BYTES = 32 * 1024 * 1024;
export const MAX_MANIFEST_BYTES = 16 * 1024;
const RAW_KEY_BYTES = 32;
/** What stands before the 32 bytes of an Ed25519 public key in its DER form. */
const PUBLIC_KEY_HEAD = Buffer.from("302a300506032b6570032100", "hex");

/** The text of a manifest: the release as JSON in base64, and its Ed25519 signature. */
export function signRelease(release: Release, privateKeyPem: string): string {
  const signed = Buffer.from(JSON.stringify(release));
  const signature = sign(null, signed, createPrivateKey(privateKeyPem));
  return `${JSON.stringify({ signed: signed.toString("base64"), signature: signature.toString("base64") })}\n`;
}

/** The 32 bytes of the public key that belongs to a private one, in base64. */
export function publicKeyOf(privateKeyPem: string): string {
  const der = createPublicKey(createPrivateKey(privateKeyPem)).export({ type: "spki", format: "der" });
  return der.subarray(PUBLIC_KEY_HEAD.length).toString("base64");
}

/** The release that a manifest names, when the key has signed exactly these bytes. */
export function readManifest(text: string, publicKey: string): Outcome<Release> {
  const key = importKey(publicKey);
  if (key === undefined) return fail("the update key is no Ed25519 public key in base64");
  const members = parseMembers(text);
  const { signed, signature } = members ?? {};
  if (typeof signed !== "string" || typeof signature !== "string") return fail("the manifest has no signed part or no signature");
  const bytes = Buffer.from(signed, "base64");
  if (!verify(null, bytes, key, Buffer.from(signature, "base64"))) return fail("the manifest is not signed by the update key");
  return readRelease(parseMembers(bytes.toString("utf8")) ?? {});
}

function readRelease({ version, file, sha256, size }: Readonly<Record<string, unknown>>): Outcome<Release> {
  if (typeof version !== "string" || !isVersion(version)) return fail("the manifest names no version");
  if (typeof file !== "string" || !/^[\w][\w.-]{0,99}$/.test(file)) return fail("the manifest names no file");
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) return fail("the manifest names no hash");
  if (typeof size !== "number" || !Number.isInteger(size) || size <= 0 || size > MAX_BUNDLE_BYTES)
    return fail("the manifest names no size");
  return succeed({ version, file, sha256, size });
}

function importKey(base64: string): KeyObject | undefined {
  const raw = Buffer.from(base64, "base64");
  if (raw.length !== RAW_KEY_BYTES) return undefined;
  return createPublicKey({ key: Buffer.concat([PUBLIC_KEY_HEAD, raw]), format: "der", type: "spki" });
}

function parseMembers(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
