export { makeBackup } from "./making.ts";
export { writeWhole } from "./whole-file.ts";
export type { Installation } from "./snapshot.ts";
export { backupName } from "./names.ts";
export { checkBackup, restoreBackup } from "./restore.ts";
export { createBackup } from "./room.ts";
export type { BackupDeps, BackupRoom } from "./room.ts";
export { continueReplacement, takeBackReplacement } from "./replacement/start.ts";
export { refuseUnfinishedRestore } from "./unfinished.ts";
