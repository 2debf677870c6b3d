export { BackupError } from "./backup-error.ts";
export type { BackupFailure } from "./backup-error.ts";
export { signerOf } from "./contents.ts";
export type { Contents, SignedContents } from "./contents.ts";
export { isInstallationFile, looksLikeBackup, looksSealed, readBackup } from "./read-backup.ts";
export { writeBackup } from "./write-backup.ts";
export type { FileToBackUp } from "./write-backup.ts";
