export { createAuditLog, SYSTEM } from "./audit-log.ts";
export type { Actor, AuditLine, AuditLog, Deed } from "./audit-log.ts";
export type { ChangedField } from "./changed-fields.ts";
