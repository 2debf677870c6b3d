export { createCron } from "./room.ts";
export type { CronDeps, CronRoom } from "./room.ts";
export type { CronCascades } from "./cascades.ts";
export type { Cron } from "./model.ts";
export type { CronResults } from "./results.ts";
export type { CronRun, CronRuns } from "./runs.ts";
export type { Crons } from "./store.ts";
export { createTriggers, startSameCrons } from "./triggers.ts";
export type { TriggerDeps, Triggers } from "./triggers.ts";
