import { z } from "zod";
import { flagsById, ids, mapById } from "./lists.ts";
import { count, decimal32, float32, id, int64, rowId, uint64, uint8 } from "./numbers.ts";
import { ReachedThrough, reachedThroughForm } from "./reached-through.ts";
import { flag, line, name, time } from "./text.ts";

const truth = z.boolean().optional();
const taskIds = z.array(id).nullable().meta({ description: "Ids of crons" });

/** `GET /service/list` (spec 11 section 4.1). */
export const Service = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    name: z.string(),
    type: uint8.meta({ description: "1 HTTP GET, 2 ICMP ping, 3 TCP ping" }),
    target: z.string().meta({ description: "URL, host, or host:port" }),
    duration: count.meta({ description: "Seconds between probes" }),
    display_index: int64.meta({ description: "Larger comes first" }),
    notify: truth,
    notification_group_id: count.meta({ description: "0: none" }),
    cover: uint8.meta({ description: "0 all servers except the listed, 1 only the listed" }),
    skip_servers: mapById(z.boolean())
      .nullable()
      .meta({
        description: "The list that `cover` speaks of; only true counts",
        examples: [{ "3": true }],
      }),
    enable_trigger_task: truth,
    hide_for_guest: truth,
    fail_trigger_tasks: taskIds,
    recover_trigger_tasks: taskIds,
    min_latency: decimal32.meta({ description: "Milliseconds" }),
    max_latency: decimal32.meta({ description: "Milliseconds" }),
    latency_notify: truth,
    reached_through: ReachedThrough.optional(),
  })
  .meta({ id: "Service" });
export type Service = z.output<typeof Service>;

/** `POST /service`, `PATCH /service/{id}` (spec 11 section 4.3): full replacement. */
export const ServiceForm = z
  .object({
    name: name(),
    type: uint8.default(0).meta({ description: "1 HTTP GET, 2 ICMP ping, 3 TCP ping" }),
    target: line().meta({
      description: "URL, host, or host:port",
      examples: ["https://example.com"],
    }),
    duration: uint64.default(0).meta({ description: "Seconds between probes; 0 means 30" }),
    display_index: int64.default(0),
    notify: flag(),
    notification_group_id: rowId.default(0),
    cover: uint8.default(0).meta({ description: "0 all servers except the listed, 1 only the listed" }),
    skip_servers: flagsById.nullable().default(null),
    enable_trigger_task: flag(),
    hide_for_guest: flag(),
    fail_trigger_tasks: ids.nullable().default(null),
    recover_trigger_tasks: ids.nullable().default(null),
    min_latency: float32.default(0),
    max_latency: float32.default(0),
    latency_notify: flag(),
    reached_through: reachedThroughForm,
  })
  .meta({ id: "ServiceForm" });
export type ServiceForm = z.output<typeof ServiceForm>;
export type ServiceFormInput = z.input<typeof ServiceForm>;
