export * from "./columns.ts";
export * from "./json-columns.ts";
export { createIndexText, createTableText, referenceTables, serviceHistoriesTable } from "./reference-tables.ts";
export type * from "./rows.ts";
export { addMissing, refuseForeignTables } from "./structure.ts";
export * from "./times.ts";
export { migrateTokenScopes } from "./token-scopes.ts";
export type { TableDefinition } from "./reference-tables.ts";
