export { parseSchedule } from "./schedule.ts";
export type { Schedule } from "./schedule.ts";
export { createScheduler } from "./scheduler.ts";
export type { Job, JobOptions, JobRun, Scheduler, SchedulerDeps } from "./scheduler.ts";
