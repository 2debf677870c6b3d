import { z } from "zod";
import { ids } from "./lists.ts";
import { count, decimal, id, rowId } from "./numbers.ts";
import { flag, name, time } from "./text.ts";
import { timeZone } from "./time-zone.ts";

export const REPORT_PARTS = ["availability", "services", "incidents", "traffic", "expiry"] as const;

const plan = {
  every: z.enum(["daily", "weekly", "monthly"]),
  at: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be HH:MM")
    .meta({ examples: ["08:00"] }),
  weekday: z.int().min(0).max(6).default(1).meta({ description: "Weekly: 0 is Sunday" }),
  day: z.int().min(1).max(31).default(1).meta({ description: "Monthly; in shorter months their last day" }),
  zone: timeZone.default("").meta({
    description: "Of `at` and of the days reported on; empty: that of the configuration",
    examples: ["Europe/Berlin"],
  }),
  parts: z.array(z.enum(REPORT_PARTS)).min(1).max(REPORT_PARTS.length),
};
const covered = {
  servers: ids.default([]),
  groups: ids.default([]).meta({ description: "Server groups" }),
  services: ids.default([]).meta({ description: "With `servers` and `groups` empty too: everything of the owner" }),
};

/** `POST /report`, `PATCH /report/{id}` (ours): full replacement. */
export const ReportForm = z
  .object({ name: name(), enable: flag(), ...plan, notification_group_id: rowId.default(0), ...covered })
  .meta({ id: "ReportForm" });
export type ReportForm = z.output<typeof ReportForm>;

/** `GET /report` (ours): what is told of a fleet at times. */
export const Report = ReportForm.extend({
  id,
  owner_id: count,
  next_at: time.optional().meta({ description: "Left out while it is switched off" }),
  last_sent_at: time.optional(),
  created_at: time,
  updated_at: time,
}).meta({ id: "Report" });
export type Report = z.output<typeof Report>;

const percent = decimal.nullable().meta({ description: "null: nothing is known" });

/** `POST /report/preview`: what would be told of the last whole period. */
export const ReportPreview = z
  .object({
    title: z.string(),
    text: z.string(),
    from: time,
    to: time,
    figures: z.object({
      availability: z.array(z.object({ server_id: id, name: z.string(), percent, offline_seconds: count })).optional(),
      services: z.array(z.object({ service_id: id, name: z.string(), percent, up: count, down: count })).optional(),
      incidents: z
        .object({
          opened: count,
          critical: count,
          warning: count,
          info: count,
          open_now: count,
          longest: z.array(z.object({ id, title: z.string(), server_name: z.string(), opened_at: time, seconds: count })),
        })
        .optional(),
      traffic: z
        .array(z.object({ server_id: id, name: z.string(), in: count, out: count }))
        .optional()
        .meta({ description: "Bytes" }),
      expiry: z.array(z.object({ what: z.enum(["certificate", "server"]), id, name: z.string(), at: time, days_left: z.int() })).optional(),
    }),
  })
  .meta({ id: "ReportPreview" });
export type ReportPreview = z.output<typeof ReportPreview>;
