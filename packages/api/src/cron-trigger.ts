import { z } from "zod";
import { DeliveryState } from "./delivery.ts";
import { id } from "./numbers.ts";
import { time } from "./text.ts";

/** `GET /cron-trigger` (ours): tasks that an alert rule or a service starts, and what became of that. */
export const CronTrigger = z
  .object({
    id,
    source: z.enum(["alert", "service"]),
    source_id: id.meta({ description: "Alert rule or service" }),
    server_id: id.meta({ description: "On which the rule fails or passes, or which saw the service change" }),
    crons: z.array(id),
    state: DeliveryState.meta({ description: "`sent`: started, `GET /cron-run` has the runs. `dead`: given up after a day" }),
    attempts: z.int(),
    created_at: time,
    next_try_at: time.optional().meta({ description: "While it waits" }),
    settled_at: time.optional().meta({ description: "When it came to an end" }),
    error: z.string().optional().meta({ description: "Why the last attempt failed, or why it is not started" }),
  })
  .meta({ id: "CronTrigger" });
export type CronTrigger = z.output<typeof CronTrigger>;
