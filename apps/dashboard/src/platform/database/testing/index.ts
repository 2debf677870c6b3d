export type { CallMoment } from "./mortal.ts";
export { createPreparedFiles } from "./prepared-files.ts";
export { createReferenceFile } from "./reference-file.ts";
export { mortalDatabase } from "./mortal.ts";
export { queryPlan } from "./query-plan.ts";
export { isOnSqlite, temporaryPlace } from "./place.ts";
export { statement } from "./statement.ts";
export { openTemporaryDatabase } from "./temporary.ts";
export type { TemporaryDatabase } from "./temporary.ts";
