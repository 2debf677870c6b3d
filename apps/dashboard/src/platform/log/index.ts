export { createLog, LOG_FORMATS, LOG_LEVELS } from "./log.ts";
export type { Details, Log, LogFormat, LogLevel, LogOptions, LogSettings, ProgramLog } from "./log.ts";
