import { z } from "zod";
import { ids } from "./lists.ts";
import { count, id, rowId, uint8 } from "./numbers.ts";
import { flag, line, name, note, time } from "./text.ts";

/** `task_type` of a cron. */
export const CRON_TYPE = { scheduled: 0, triggered: 1 } as const;
/** `cover` of a cron; services and alert rules number it the other way round (spec 11 section 0.7). */
export const CRON_COVER = { onlyListed: 0, allExcept: 1, alerting: 2 } as const;

const cover = uint8.meta({
  description: "0 only the listed servers, 1 all except the listed, 2 the server that raised the alert",
});
const scheduler = "Six fields with seconds, or `@every 30s`, `@hourly` …; a `TZ=` prefix is allowed";

/** `GET /cron` (spec 11 section 9.1). */
export const Cron = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    name: z.string(),
    task_type: uint8.meta({ description: "0 scheduled, 1 triggered by alerts and services" }),
    scheduler: z.string().meta({ description: scheduler, examples: ["0 0 3 * * *"] }),
    command: z.string().optional(),
    servers: z.array(id).nullable().meta({ description: "The list that `cover` speaks of" }),
    cover,
    push_successful: z.boolean().optional().meta({ description: "Notify of successes too" }),
    notification_group_id: count.meta({ description: "0: none" }),
    last_executed_at: time.meta({
      description: "Start of the last reported run; zero time: never",
    }),
    last_result: z.boolean().optional(),
    cron_job_id: count.optional(),
    keep_runs: count.optional().meta({ description: "Runs that are kept" }),
    keep_output: count.optional().meta({ description: "Bytes of output that are kept of each server" }),
    tell_missed: z
      .boolean()
      .optional()
      .meta({ description: "Whether the group is told of runs that were missed while the dashboard was down" }),
  })
  .meta({ id: "Cron" });
export type Cron = z.output<typeof Cron>;

/** `POST /cron`, `PATCH /cron/{id}` (spec 11 section 9.3): full replacement but for what is ours. */
export const CronForm = z
  .object({
    task_type: uint8.default(0).meta({ description: "0 scheduled, 1 triggered by alerts and services" }),
    name: name(),
    scheduler: line().meta({ description: scheduler, examples: ["0 0 3 * * *"] }),
    command: note(),
    servers: ids.nullable().default(null),
    cover: cover.default(0),
    push_successful: flag(),
    notification_group_id: rowId.default(0),
    keep_runs: z.int().min(1).max(1_000).optional().meta({ description: "Left out: stays as it is; 100 at first" }),
    keep_output: z
      .int()
      .min(0)
      .max(256 * 1024)
      .optional()
      .meta({ description: "Bytes of output that are kept of each server; left out: stays as it is; 16384 at first" }),
    tell_missed: z.boolean().optional().meta({ description: "Left out: stays as it is; true at first" }),
  })
  .meta({ id: "CronForm" });
export type CronForm = z.output<typeof CronForm>;
export type CronFormInput = z.input<typeof CronForm>;
