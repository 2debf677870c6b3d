export { copyForBackup, databaseSize, schemaVersion } from "./backup-copy.ts";
export * from "./cascade.ts";
export { DatabaseError, isPostgresAddress, shownAddress, StoredKey } from "./engine/index.ts";
export { moveToPostgres, moveToSqlite } from "./move-rows.ts";
export type { Moved } from "./moving/copy.ts";
export type { DatabaseFailure } from "./engine/index.ts";
export type { ChangeFeed, Changes, Verb } from "./change-feed/change-feed.ts";
export type { Kept, RecordChange, RecordKind, Subscriber } from "./change-feed/kind.ts";
export type { FollowedKind, Follower } from "./change-feed/followed-kind.ts";
export type { Lazy, LazyKind, LazySubscriber } from "./change-feed/lazy-kind.ts";
export type { RecordKey, Records } from "./change-feed/record-cache.ts";
export type { Database } from "./database.ts";
export { collapseNeighbours, createGroupStore, groupKind } from "./group-store.ts";
export type { GroupTables } from "./group-members.ts";
export type { Groups, GroupStore, StoredGroup } from "./group-store.ts";
export {
  readCsv,
  readFlag,
  readIdFlags,
  readIdList,
  readIdTextLists,
  readJson,
  readNumber,
  readOptionalFlag,
  readOptionalTime,
  readText,
  readTextList,
  readTime,
  timeOf,
  writeFlag,
  writeTime,
  zeroTime,
} from "./nezha-file/index.ts";
export { createLateWrites } from "./late-writes.ts";
export type { LateWrites } from "./late-writes.ts";
export { databaseFile, openDatabase, refuseSecondDashboard, withDirectory } from "./open-database.ts";
export type { OpenDatabaseOptions } from "./open-database.ts";
export type { Queries } from "./queries.ts";
export type { AuditTable, ChangesTable, OutboxTable } from "./machinery-tables.ts";
export type { CronOptionsTable, CronResultsTable, CronRunsTable, ReportsTable } from "./job-tables.ts";
export type {
  MaintenanceSpansTable,
  PageIncidentsTable,
  PageMaintenancesTable,
  PageSubscribersTable,
  PageTemplatesTable,
  PageUpdatesTable,
  StatusPagesTable,
} from "./page-tables.ts";
export type { IncidentEntriesTable, IncidentsTable, MaintenanceWindowsTable, SnoozesTable } from "./incident-tables.ts";
export type { PasskeysTable } from "./sign-in-tables.ts";
export type { DdnsRecordsTable, EnrolmentCodesTable, EnrolmentsTable } from "./own-rows.ts";
export type * from "./nezha-file/index.ts";
export type { Schema } from "./schema.ts";
export { takeOverOnce } from "./taken-over.ts";
export { backUpBeforeFirstWrite } from "./take-over.ts";
