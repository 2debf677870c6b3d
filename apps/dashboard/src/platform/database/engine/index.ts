export { DatabaseError, namedFailure } from "./database-error.ts";
export type { DatabaseFailure } from "./database-error.ts";
export type { Engine } from "./engine.ts";
export { StoredKey } from "./stored-key.ts";
export {
  columnNames,
  copyDatabase,
  createSqliteEngine,
  createWriter,
  lockDirectory,
  openConnection,
  realFile,
  refuseUnreadable,
  runMaintenance,
  tableNames,
} from "./sqlite/index.ts";
export type { Connection, Row, WriteResult } from "./sqlite/index.ts";
// The rest of that folder is loaded where it is used.
export { isPostgresAddress, requireAddress, shownAddress } from "./postgres/address.ts";
export type { Claim } from "./postgres/locks.ts";
