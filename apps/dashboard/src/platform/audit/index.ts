export { actorOf, SYSTEM } from "./actor.ts";
export type { Actor } from "./actor.ts";
export { createAuditLog } from "./audit-log.ts";
export type { AuditLine, AuditLog, Deed } from "./audit-log.ts";
export type { ChangedField } from "./changed-fields.ts";
