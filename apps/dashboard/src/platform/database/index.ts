export * from "./columns.ts";
export * from "./json-columns.ts";
export type * from "./schema.ts";
export * from "./times.ts";
