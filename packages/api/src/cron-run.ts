import { z } from "zod";
import { ids } from "./lists.ts";
import { count, decimal, id } from "./numbers.ts";
import { time } from "./text.ts";

export const CRON_RUN_CAUSES = ["schedule", "manual", "trigger", "missed"] as const;
export const CRON_RUN_STATES = ["running", "succeeded", "failed", "cancelled", "missed", "empty"] as const;
export const CRON_RESULT_STATES = ["running", "succeeded", "failed", "offline", "busy", "cancelled", "unknown"] as const;

const optionalCount = count.optional();

/** `GET /cron-run` (ours): one run of a task on all its servers. */
export const CronRun = z
  .object({
    id,
    cron_id: id,
    cron_name: z.string(),
    cause: z.enum(CRON_RUN_CAUSES).meta({ description: "`missed`: the dashboard was down; not made up for" }),
    by: z.string().optional().meta({ description: "Who ran it by hand" }),
    trigger_server_id: optionalCount.meta({ description: "Server whose alert or service set it off" }),
    started_at: time,
    ended_at: time.optional().meta({ description: "Left out while somebody has not answered" }),
    state: z.enum(CRON_RUN_STATES).meta({ description: "`empty`: there was no server to run it on" }),
    servers: z
      .object({
        total: count,
        running: count,
        succeeded: count,
        failed: count,
        offline: count,
        busy: count,
        cancelled: count,
        unknown: count,
      })
      .meta({ description: "How many servers are in which state" }),
    missed: z
      .object({
        count,
        more: z.boolean().meta({ description: "There were more; counting stops at 100" }),
        first: time,
        last: time,
      })
      .optional(),
  })
  .meta({ id: "CronRun" });
export type CronRun = z.output<typeof CronRun>;

/** A run on one server. */
export const CronResult = z
  .object({
    server_id: id,
    server_name: z.string(),
    state: z.enum(CRON_RESULT_STATES).meta({
      description:
        "`offline`: not connected. `busy`: takes nothing at present. `cancelled`: nobody waits for it. `unknown`: its agent's connection ended before the answer, or no answer within 24 hours",
    }),
    sent_at: time.optional(),
    ended_at: time.optional(),
    seconds: decimal.optional().meta({ description: "How long the command ran" }),
    output_bytes: count.meta({ description: "As reported" }),
    excerpt: z.string().meta({ description: "The first 300 characters of the output" }),
    can_stop: z.boolean().meta({ description: "Whether this agent can be told to end the command" }),
  })
  .meta({ id: "CronResult" });
export type CronResult = z.output<typeof CronResult>;

/** `GET /cron-run/{id}`. */
export const CronRunDetail = CronRun.extend({ results: z.array(CronResult) }).meta({ id: "CronRunDetail" });
export type CronRunDetail = z.output<typeof CronRunDetail>;

/** `GET /cron-run/{id}/output`. */
export const CronOutput = z
  .object({
    server_id: id,
    output: z.string(),
    output_bytes: count.meta({ description: "As reported" }),
    cut: z.boolean().meta({ description: "Not all of it was kept" }),
  })
  .meta({ id: "CronOutput" });
export type CronOutput = z.output<typeof CronOutput>;

/** `POST /cron-run/{id}/cancel`. */
export const CronCancelForm = z
  .object({ servers: ids.optional().meta({ description: "Left out: all that have not answered" }) })
  .meta({ id: "CronCancelForm" });
export const CronCancelled = z
  .object({
    stopped: z.array(id).meta({ description: "Agents that were told to end the command" }),
    unwatched: z.array(id).meta({ description: "Agents that cannot be told: the command goes on there, nobody waits for it any more" }),
  })
  .meta({ id: "CronCancelled" });
export type CronCancelled = z.output<typeof CronCancelled>;
