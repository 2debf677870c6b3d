export { createLog } from "./log.ts";
export type { Details, Log, LogOptions } from "./log.ts";
