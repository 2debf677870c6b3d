import { z } from "zod";
import { OfflineTime } from "./availability.ts";
import { Delivery } from "./delivery.ts";
import { METRIC_NAMES, MetricPoint } from "./metrics.ts";
import { count, decimal, id } from "./numbers.ts";
import { ReachedThrough } from "./reached-through.ts";
import { flag, name, note, time } from "./text.ts";
import { ids } from "./lists.ts";
import { timeZone } from "./time-zone.ts";

/** How much something matters, from the least. */
export const IncidentSeverity = z.enum(["info", "warning", "critical"]);

/** `GET /incident` (ours): something that failed, from when to when. */
export const Incident = z
  .object({
    id,
    source: z.enum(["alert", "service"]),
    source_id: id.meta({ description: "Alert rule or service" }),
    server_id: count.meta({ description: "0 for a service" }),
    title: z.string().meta({ description: "Name of the rule or service as it was then" }),
    server_name: z.string(),
    severity: IncidentSeverity,
    opened_at: time,
    ended_at: time.optional().meta({ description: "Left out while it lasts" }),
    outcome: z
      .enum(["recovered", "changed", "disabled", "deleted", "server-deleted", "out-of-reach"])
      .optional()
      .meta({ description: "`recovered`: all is well again. Anything else: nobody looks any more, because of what is named" }),
    held: z
      .string()
      .optional()
      .meta({
        description: "Why nobody was told yet",
        examples: ["snoozed", "maintenance: Sunday", "behind: gateway", "waiting for: gateway"],
      }),
    value: z
      .string()
      .optional()
      .meta({ description: "What was measured at its beginning, with its unit", examples: ["97 %"] }),
    limit: z
      .string()
      .optional()
      .meta({ examples: ["90 %"] }),
    acknowledged_at: time.optional(),
    acknowledged_by: z.string().optional(),
    note: z.string().optional(),
  })
  .meta({ id: "Incident" });
export type Incident = z.output<typeof Incident>;

/** `GET /incident/{id}`. */
export const IncidentDetail = Incident.extend({
  timeline: z.array(
    z.object({
      at: time,
      kind: z.enum(["opened", "held", "told", "acknowledged", "ended"]),
      detail: z.unknown().optional().meta({ description: "What belongs to the kind: reason, outcome, who and why" }),
    }),
  ),
  text: z.string().optional().meta({ description: "What people are told of it; of a service with what its server said" }),
  messages: z.array(Delivery).meta({ description: "Through the caller's own channels, oldest first" }),
  parent: ReachedThrough.extend({ name: z.string(), state: z.enum(["up", "down", "unknown"]) })
    .optional()
    .meta({ id: "IncidentParent", description: "What it is reached through, and how that is now" }),
}).meta({ id: "IncidentDetail" });
export type IncidentDetail = z.output<typeof IncidentDetail>;

const bound = decimal.optional();
/** Of a service, as all its servers together saw it: mean delay in milliseconds, share of the probes that failed. */
const SERVICE_METRICS = ["service_delay", "service_loss"] as const;

/** `GET /incident/{id}/samples`: what was measured around it. */
export const IncidentSamples = z
  .object({
    from: time,
    to: time,
    step_seconds: count,
    series: z.array(
      z
        .object({
          metric: z.enum([...METRIC_NAMES, ...SERVICE_METRICS]),
          min: bound.meta({ description: "Lower bound of the condition, in the unit of the points" }),
          max: bound,
          percent: z.literal(true).optional().meta({ description: "Points are percent, of memory, swap, disk and lost probes" }),
          points: z.array(MetricPoint),
        })
        .meta({ id: "IncidentSeries" }),
    ),
    offline: z.array(OfflineTime).meta({ description: "When the server was away, oldest first" }),
  })
  .meta({ id: "IncidentSamples" });
export type IncidentSamples = z.output<typeof IncidentSamples>;

/** `POST /incident/{id}/acknowledge`: somebody has seen it; no reminders any more. */
export const AcknowledgeForm = z.object({ note: note() }).meta({ id: "AcknowledgeForm" });

export const SNOOZE_SCOPES = ["rule", "service", "server", "group", "all"] as const;
const snoozed = {
  scope: z
    .enum(SNOOZE_SCOPES)
    .meta({ description: "`group`: a server group; `all`: everything of the owner, of everybody if an administrator" }),
  scope_id: count.default(0).meta({ description: "Not used with `all`" }),
  until: time,
};

/** `GET /snooze` (ours): until then incidents are recorded and nobody is told; what still fails afterwards is told. */
export const Snooze = z
  .object({ id, ...snoozed, scope_id: count, note: z.string(), created_at: time, created_by: z.string() })
  .meta({ id: "Snooze" });
export type Snooze = z.output<typeof Snooze>;
export const SnoozeForm = z.object({ ...snoozed, note: note() }).meta({ id: "SnoozeForm" });
export type SnoozeForm = z.output<typeof SnoozeForm>;

const minutes = z
  .int()
  .min(1)
  .max(7 * 24 * 60)
  .meta({ description: "How long it lasts" });
/** When a window is open, in the zone of the configuration where none is named. */
export const MaintenancePlan = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("once"), from: time, to: time }),
    z.object({
      kind: z.literal("weekly"),
      days: z.array(z.int().min(0).max(6)).min(1).max(7).meta({ description: "0 is Sunday" }),
      at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be HH:MM"),
      minutes,
      zone: timeZone.optional().meta({ description: "Of `at`; left out or empty: that of the configuration" }),
    }),
    z.object({
      kind: z.literal("cron"),
      schedule: z
        .string()
        .max(256)
        .meta({ examples: ["0 0 3 * * 0"] }),
      minutes,
    }),
  ])
  .meta({ id: "MaintenancePlan" });
export type MaintenancePlan = z.output<typeof MaintenancePlan>;

const covered = { servers: ids.default([]), groups: ids.default([]), services: ids.default([]) };
const silence = z
  .boolean()
  .default(true)
  .meta({ description: "Nobody is told while it is open; else only availability leaves the time out" });

/** `GET /maintenance-window` (ours): while it is open incidents of what it names are recorded and nobody is told. */
export const MaintenanceWindow = z
  .object({
    id,
    name: z.string(),
    enable: z.boolean(),
    plan: MaintenancePlan,
    silence: z.boolean(),
    servers: z.array(id),
    groups: z.array(id),
    services: z.array(id),
    open: z.boolean().meta({ description: "Whether it is open now" }),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: "MaintenanceWindow" });
export type MaintenanceWindow = z.output<typeof MaintenanceWindow>;
export const MaintenanceWindowForm = z
  .object({ name: name(), enable: flag(), plan: MaintenancePlan, silence, ...covered })
  .meta({ id: "MaintenanceWindowForm" });
export type MaintenanceWindowForm = z.output<typeof MaintenanceWindowForm>;
