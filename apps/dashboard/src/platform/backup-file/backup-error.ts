/**
 * Why a backup cannot be read: `foreign` (no backup at all), `newer` (of a later version of the format), `locked` (encrypted, and there was
 * no passphrase), `passphrase` (a wrong one), `damaged` (cut off or changed), `stranger` (signed by another key than was asked for),
 * `large` (more than there is room for).
 */
export type BackupFailure = "foreign" | "newer" | "locked" | "passphrase" | "damaged" | "stranger" | "large";

/** A backup that is not taken; the message is a whole sentence for whoever asked. */
export class BackupError extends Error {
  override readonly name = "BackupError";
  readonly failure: BackupFailure;

  constructor(failure: BackupFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** What a reader could not make sense of, named as damage unless it is named already. */
export function asDamage(error: unknown): BackupError {
  if (error instanceof BackupError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new BackupError("damaged", `the backup is cut off or was changed: ${reason}`, { cause: error });
}
