import { reasonOf } from "@windfire/kit";
import { signerOf, writeBackup } from "#platform/backup-file";
import type { Sealing } from "#platform/sealing";
import { takeSnapshot } from "./snapshot.ts";
import type { Installation, Snapshot } from "./snapshot.ts";
import type { BackupPlace } from "./local-place.ts";
import { namesToDrop } from "./names.ts";

/** A label of its own: what signs backups tells nothing of what seals secrets. */
const SIGNING = "backup signature";
const SEED_BYTES = 32;

/** Who signs backups of an installation: 32 bytes derived from its key. */
export function signingSeed(sealing: Pick<Sealing, "derive">): Uint8Array {
  return sealing.derive(SIGNING, SEED_BYTES);
}

/** The fingerprint under which backups of an installation are known. */
export function ownSigner(sealing: Pick<Sealing, "derive">): string {
  return signerOf(signingSeed(sealing));
}

export interface MakingOptions {
  readonly installation: Installation;
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly sealingOf: (secret: Uint8Array) => Pick<Sealing, "derive">;
  readonly passphrase: string | undefined;
}

/** A backup under way. */
export interface Backup {
  readonly snapshot: Snapshot;
  /** Fingerprint of the key that signs it. */
  readonly signer: string;
  /** Its bytes, as often as they are asked for. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Takes a snapshot and makes a backup of it; `remove` of the snapshot ends it. */
export async function makeBackup(options: MakingOptions): Promise<Backup> {
  const createdAt = new Date(options.now()).toISOString();
  const snapshot = await takeSnapshot(options.installation);
  const seed = signingSeed(options.sealingOf(snapshot.signingSeed));
  const about = {
    created_at: createdAt,
    program: options.program,
    schema: snapshot.schema,
    // Names alone: a restored installation needs them set again, and their values may be secrets that are kept elsewhere on purpose.
    environment: Object.keys(options.env).filter((name) => name.startsWith("NZ_") && options.env[name] !== ""),
  };
  return {
    snapshot,
    signer: signerOf(seed),
    bytes: () => writeBackup({ files: snapshot.files, about, signingSeed: seed, passphrase: options.passphrase }),
  };
}

/** Keeps a backup at several places, one after the other; a place that fails does not keep the others from it. */
export async function keepBackup(
  backup: Pick<Backup, "bytes" | "signer">,
  name: string,
  places: readonly { readonly title: string; readonly place: BackupPlace }[],
  keep: number,
): Promise<{ readonly size: number; readonly errors: readonly string[] }> {
  let size = 0;
  const errors: string[] = [];
  for (const { title, place } of places) {
    try {
      size = await place.put(name, backup.bytes());
      for (const old of namesToDrop(await place.names(), keep, backup.signer)) await place.remove(old);
    } catch (error) {
      errors.push(`${title}: ${reasonOf(error)}`);
    }
  }
  return { size, errors };
}
