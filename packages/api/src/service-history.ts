import { z } from "zod";
import { mapById } from "./lists.ts";
import { count, decimal, decimal32, id, int64, uint8, unixMs } from "./numbers.ts";
import { SERVICE_STATES } from "./service.ts";
import { time } from "./text.ts";

const DAYS = 30;

/** Of probes that succeeded; left out where none did. A failed probe has no delay. */
const spread = {
  loss: decimal.optional().meta({ description: "Percent of the probes that failed" }),
  jitter: decimal.optional().meta({ description: "Milliseconds: mean distance of a delay from the one before" }),
  p50_delay: decimal.optional().meta({ description: "Milliseconds" }),
  p95_delay: decimal.optional().meta({ description: "Milliseconds" }),
};

/** One service of the overview (spec 11 section 4.5); index 29 is today. */
export const ServiceOverview = z
  .object({
    service_name: z.string().optional(),
    current_up: count,
    current_down: count,
    total_up: count,
    total_down: count,
    delay: z.array(decimal).length(DAYS).meta({ description: "Mean milliseconds of each day" }),
    up: z.array(count).length(DAYS),
    down: z.array(count).length(DAYS),
    state: z.enum(SERVICE_STATES).optional().meta({ description: "Left out: never judged" }),
    certificate_days_left: z.int().optional().meta({ description: "Of an https target; negative when the certificate has expired" }),
  })
  .meta({ id: "ServiceOverview" });
export type ServiceOverview = z.output<typeof ServiceOverview>;

/** Traffic of the running cycle of an alert rule (spec 11 section 4.5). */
export const CycleTransferStats = z
  .object({
    name: z.string(),
    from: time,
    to: time,
    max: count.meta({ description: "Bytes" }),
    min: count.meta({ description: "Bytes" }),
    server_name: mapById(z.string()).optional(),
    transfer: mapById(count).optional().meta({ description: "Bytes used" }),
    forecast: mapById(count)
      .optional()
      .meta({ description: "Bytes at the end of the cycle if it goes on like this; not in its first twentieth" }),
    next_update: mapById(time).optional(),
  })
  .meta({ id: "CycleTransferStats" });
export type CycleTransferStats = z.output<typeof CycleTransferStats>;

/** `GET /service`. */
export const ServicesOverview = z
  .object({
    services: mapById(ServiceOverview).optional().meta({ description: "By service id" }),
    cycle_transfer_stats: mapById(CycleTransferStats).optional().meta({ description: "By alert rule id" }),
  })
  .meta({ id: "ServicesOverview" });
export type ServicesOverview = z.output<typeof ServicesOverview>;

/** `GET /service/{id}/server` (spec 11 section 4.6a). */
export const ServiceServer = z
  .object({
    id,
    name: z.string(),
    server_id: id,
    server_name: z.string(),
    online: z.boolean(),
    up: count.meta({ description: "Successful probes of the last 24 hours" }),
    down: count,
    up_percent: decimal,
    avg_delay: decimal.meta({
      description: "Milliseconds, successful probes of the last 24 hours",
    }),
    last_delay: decimal.optional(),
    last_status: uint8.optional().meta({ description: "1 up, 0 down" }),
    last_checked_at: time.optional(),
    ...spread,
  })
  .meta({ id: "ServiceServer" });
export type ServiceServer = z.output<typeof ServiceServer>;

/** `GET /service/hours` (ours): what probes came to in the last day. */
export const ServiceHours = z
  .array(
    z.object({
      from: time,
      up: count.meta({ description: "Successful probes; those during planned work are left out" }),
      down: count,
    }),
  )
  .meta({ id: "ServiceHours", description: "Oldest first, without gaps; the last one is still under way" });
export type ServiceHours = z.output<typeof ServiceHours>;

export const ServicePoint = z
  .object({
    ts: unixMs,
    delay: decimal.meta({ description: "Milliseconds; 0 where all failed" }),
    status: uint8.meta({ description: "1 up, 0 down" }),
  })
  .meta({ id: "ServicePoint" });
export type ServicePoint = z.output<typeof ServicePoint>;

export const ServiceDetailPoint = z
  .object({
    ts: unixMs,
    status: uint8.meta({ description: "1 up, 0 down" }),
    loss: decimal.meta({ description: "Percent of the probes that failed" }),
    delay: decimal.optional().meta({ description: "Milliseconds; left out where all failed" }),
    jitter: decimal.optional().meta({ description: "Milliseconds" }),
    p95: decimal.optional().meta({ description: "Milliseconds" }),
  })
  .meta({ id: "ServiceDetailPoint" });
export type ServiceDetailPoint = z.output<typeof ServiceDetailPoint>;

export const ServiceStats = z
  .object({
    avg_delay: decimal,
    up_percent: decimal32,
    total_up: count,
    total_down: count,
    ...spread,
    data_points: z.array(ServicePoint).optional(),
    points: z.array(ServiceDetailPoint).optional().meta({ description: "With `detail`, in place of `data_points`" }),
  })
  .meta({ id: "ServiceStats" });
export type ServiceStats = z.output<typeof ServiceStats>;

/** `GET /service/{id}/history` (spec 11 section 4.7). */
export const ServiceHistory = z
  .object({
    service_id: id,
    service_name: z.string().optional(),
    servers: z.array(z.object({ server_id: id, server_name: z.string().optional(), stats: ServiceStats })),
  })
  .meta({ id: "ServiceHistory" });
export type ServiceHistory = z.output<typeof ServiceHistory>;

/** One item of `GET /server/{id}/service` (spec 11 section 4.8). */
export const ServerServiceHistory = z
  .object({
    monitor_id: id,
    server_id: id,
    monitor_name: z.string(),
    server_name: z.string(),
    display_index: int64,
    created_at: z.array(unixMs),
    avg_delay: z.array(decimal),
  })
  .meta({ id: "ServerServiceHistory" });
export type ServerServiceHistory = z.output<typeof ServerServiceHistory>;

/** `GET /server/{id}/service`: null, never an empty list (spec 11 section 4.8). */
export const ServerServiceHistories = z.array(ServerServiceHistory).min(1).nullable();
