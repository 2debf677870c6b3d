export { createImport } from "./room.ts";
export type { ImportDeps } from "./room.ts";
