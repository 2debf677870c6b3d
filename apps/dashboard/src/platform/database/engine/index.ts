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
export {
  abandon,
  asPostgresError,
  beTheWriter,
  claimDatabase,
  compatStatements,
  connect,
  createPostgresEngine,
  createPostgresWriter,
  createReader,
  isPostgresAddress,
  lateCompatStatements,
  requireAddress,
  shownAddress,
  translate,
} from "./postgres/index.ts";
export type { Claim } from "./postgres/index.ts";
