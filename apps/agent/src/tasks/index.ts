export { createCommand } from "./command.ts";
export { createApplyConfig, createReportConfig, createServerTransfer } from "./configuration.ts";
export { createHttpGet } from "./http-get.ts";
export { lazyTask } from "./lazy.ts";
export { createIcmpPing } from "./icmp-ping.ts";
export { createTaskRunner } from "./runner.ts";
export type { TaskRunner, TaskSession } from "./runner.ts";
export type { RunTask } from "./task-kind.ts";
export { createTcpPing } from "./tcp-ping.ts";
