import type { Clock } from "@windfire/kit";
import type { Outbound } from "#platform/outbound";
import type { Sealing } from "#platform/sealing";
import type { BackupPlace } from "./local-place.ts";
import { keepBackup, makeBackup } from "./making.ts";
import type { Backup } from "./making.ts";
import { backupName } from "./names.ts";
import { createS3Place } from "./s3-place.ts";
import { bucketOf, passphraseOf } from "./settings.ts";
import type { BackupRun, BackupSettings } from "./settings.ts";
import type { Installation } from "./snapshot.ts";

export interface WorkshopDeps {
  readonly installation: Installation;
  readonly program: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Pick<Clock, "now" | "setTimeout">;
  readonly sealing: Sealing;
  readonly sealingOf: (secret: Uint8Array) => Pick<Sealing, "derive">;
  readonly outbound: Pick<Outbound, "send">;
  /** Writes all history that is still buffered. */
  readonly flushHistory: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Makes backups of the installation that runs, as the settings say. */
export function createWorkshop(deps: WorkshopDeps, local: BackupPlace) {
  const { clock, installation, sealing } = deps;
  /** The caller removes the snapshot. */
  const begin = async (settings: BackupSettings): Promise<{ name: string; backup: Backup }> => {
    const passphrase = passphraseOf(settings, sealing);
    await deps.flushHistory().catch(deps.onError);
    const { program, env, sealingOf } = deps;
    const backup = await makeBackup({ installation, program, env, sealingOf, passphrase, now: clock.now });
    return { name: backupName({ at: clock.now(), signer: backup.signer, encrypted: passphrase !== undefined }), backup };
  };
  /** To where the settings say. */
  const keep = async (settings: BackupSettings): Promise<Pick<BackupRun, "name" | "size" | "error">> => {
    if (!settings.to_disk && !settings.to_s3) throw new Error("the settings name no place where backups go");
    const places = [
      ...(settings.to_disk ? [{ title: "disk", place: local }] : []),
      ...(settings.to_s3 ? [{ title: "S3", place: createS3Place(bucketOf(settings, sealing), deps) }] : []),
    ];
    const { name, backup } = await begin(settings);
    try {
      const { size, errors } = await keepBackup(backup, name, places, settings.keep);
      return { name, size, error: errors.join("; ") };
    } finally {
      await backup.snapshot.remove();
    }
  };
  return { begin, keep };
}
