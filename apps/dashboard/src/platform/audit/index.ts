export { actorOf, SYSTEM } from "./actor.ts";
export type { Actor } from "./actor.ts";
export { createAuditLog } from "./audit-log.ts";
export type { AuditLog, Deed } from "./audit-log.ts";
export type { ChangedField } from "./changed-fields.ts";
export type { AuditLine } from "./lines.ts";
export { createAuditSearch } from "./search.ts";
export type { AuditFilter, AuditSearch } from "./search.ts";
