import { z } from "zod";
import { flagsById, ids, mapById } from "./lists.ts";
import { count, decimal32, float32, id, int64, rowId, uint64, uint8 } from "./numbers.ts";
import { ReachedThrough, reachedThroughForm } from "./reached-through.ts";
import { flag, line, name, time } from "./text.ts";

const truth = z.boolean().optional();
/** From how many of the servers that answered lately a service is down. */
export const ServiceQuorum = z
  .union([z.strictObject({ count: z.int().min(1).max(10_000) }), z.strictObject({ percent: z.int().min(1).max(100) })])
  .meta({
    id: "ServiceQuorum",
    description: "Down when so many of the servers that answered lately agree, or so many percent of them; good when fewer do",
  });
export type ServiceQuorum = z.output<typeof ServiceQuorum>;

/** What a service is like. */
export const SERVICE_STATES = ["no-data", "good", "low", "down"] as const;

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
    quorum: ServiceQuorum.nullable().optional().meta({ description: "null: judged by the last 15 minutes" }),
    retries: count.optional().meta({ description: "Failures in a row of one server that do not count yet" }),
    state: z.enum(SERVICE_STATES).optional().meta({ description: "Left out: never judged" }),
    certificate: z
      .object({ issuer: z.string(), expires_at: time, days_left: z.int().meta({ description: "Negative when it has expired" }) })
      .optional()
      .meta({ description: "As it was seen last, of an https target" }),
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
    min_latency: float32.default(0).meta({ description: "Milliseconds, at most `max_latency`; 0: none" }),
    max_latency: float32.default(0).meta({ description: "Milliseconds; 0: none" }),
    latency_notify: flag(),
    reached_through: reachedThroughForm,
    quorum: ServiceQuorum.nullable().optional().meta({ description: "Left out: stays as it is; null: judged by the last 15 minutes" }),
    retries: z.int().min(0).max(10).optional().meta({
      description: "Failures in a row of one server that do not count yet; it is asked again soon. Left out: stays as it is; 0 at first",
    }),
  })
  .meta({ id: "ServiceForm" });
export type ServiceForm = z.output<typeof ServiceForm>;
export type ServiceFormInput = z.input<typeof ServiceForm>;
