import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { z } from "zod";
import { BackupError } from "./backup-error.ts";

export const FORMAT = "windfire-backup";
export const FORMAT_VERSION = 1;
/** Name of the entry that comes last: what is in the backup, signed. */
export const CONTENTS_NAME = "contents.json";
export const MOST_CONTENTS_BYTES = 32 * 1024 * 1024;

const file = z.object({ name: z.string(), size: z.number().int().nonnegative(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const contents = z.object({
  format: z.literal(FORMAT),
  version: z.number().int(),
  created_at: z.string(),
  program: z.string(),
  schema: z.number().int(),
  environment: z.array(z.string()),
  files: z.array(file),
});
const envelope = z.object({ signed: z.string(), key: z.string(), signature: z.string() });

/** One file of a backup; size in bytes. */
export type BackedUpFile = z.output<typeof file>;
/** What is in a backup: `schema` counts the migrations of our tables, `environment` names the variables that were set besides. */
export type Contents = z.output<typeof contents>;

/** What a backup holds, and who signed it. */
export interface SignedContents {
  readonly contents: Contents;
  /** First 32 hexadecimal digits of the SHA-256 of the public key. */
  readonly signer: string;
}

/** A key to sign with, always the same for 32 secret bytes (RFC 8410: this prefix, then the bytes). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The text of {@link CONTENTS_NAME}: the list in base64, the public key, and an Ed25519 signature over exactly those bytes. */
export function signContents(list: Contents, seed: Uint8Array): string {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  const signed = Buffer.from(JSON.stringify(list));
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  return JSON.stringify({
    signed: signed.toString("base64"),
    key: spki.subarray(SPKI_PREFIX.length).toString("base64"),
    signature: sign(null, signed, key).toString("base64"),
  });
}

/** The fingerprint that backups signed with this seed carry. */
export function signerOf(seed: Uint8Array): string {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: "der", type: "pkcs8" });
  return fingerprint(createPublicKey(key).export({ format: "der", type: "spki" }).subarray(SPKI_PREFIX.length));
}

/**
 * Reads and checks a signed list.
 *
 * @throws {BackupError} `damaged` unless signature and form are right, `newer` for a later format
 */
export function readContents(text: string): SignedContents {
  const outer = envelope.safeParse(parse(text));
  if (!outer.success) throw new BackupError("damaged", "the list of contents cannot be read");
  const [signed, key, signature] = [outer.data.signed, outer.data.key, outer.data.signature].map((part) => Buffer.from(part, "base64"));
  if (signed === undefined || key?.length !== 32 || signature === undefined) {
    throw new BackupError("damaged", "the list of contents cannot be read");
  }
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, key]), format: "der", type: "spki" });
  if (!verify(null, signed, publicKey, signature)) throw new BackupError("damaged", "the signature of the list of contents is wrong");
  const inner = parse(signed.toString("utf8"));
  const version = z.object({ version: z.number() }).safeParse(inner);
  if (version.success && version.data.version > FORMAT_VERSION) {
    throw new BackupError("newer", `the backup was made by a newer version of Windfire (format ${version.data.version})`);
  }
  const list = contents.safeParse(inner);
  if (!list.success) throw new BackupError("damaged", "the list of contents cannot be read");
  return { contents: list.data, signer: fingerprint(key) };
}

function fingerprint(publicKey: Uint8Array): string {
  return createHash("sha256").update(publicKey).digest("hex").slice(0, 32);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
