import { z } from "zod";
import { IncidentSeverity } from "./incident.ts";
import { flagsById, ids, mapById } from "./lists.ts";
import { count, decimal, float64, id, rowId, uint64, uint8 } from "./numbers.ts";
import { LIMITS, flag, instant, line, name, time } from "./text.ts";

/**
 * All that an alert rule may watch (spec 11 section 8.1): `gpu` is `gpu_max`; the three `_cycle` kinds count traffic of a period;
 * the three `_forecast` kinds are ours, and a Nezha dashboard takes them for 0.
 */
export const ALERT_TYPES = [
  "cpu",
  "gpu",
  "gpu_max",
  "memory",
  "swap",
  "disk",
  "net_in_speed",
  "net_out_speed",
  "net_all_speed",
  "transfer_in",
  "transfer_out",
  "transfer_all",
  "offline",
  "transfer_in_cycle",
  "transfer_out_cycle",
  "transfer_all_cycle",
  "load1",
  "load5",
  "load15",
  "tcp_conn_count",
  "udp_conn_count",
  "process_count",
  "temperature_max",
  "transfer_in_forecast",
  "transfer_out_forecast",
  "transfer_all_forecast",
] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

export const CYCLE_UNITS = ["hour", "day", "week", "month", "year"] as const;
export type CycleUnit = (typeof CYCLE_UNITS)[number];

const taskIds = z.array(id).nullable().meta({ description: "Ids of crons" });

/** One condition of a rule as it is returned. */
export const AlertCondition = z
  .object({
    type: z.string(),
    min: decimal.optional().meta({ description: "Fails below; left out: no lower bound" }),
    max: decimal.optional().meta({ description: "Fails above; left out: no upper bound" }),
    cycle_start: time.optional(),
    cycle_interval: count.optional(),
    cycle_unit: z.string().optional(),
    duration: count.optional().meta({ description: "Window in steps of 3 seconds" }),
    cover: count.meta({ description: "0 all servers except the listed, 1 only the listed" }),
    ignore: mapById(z.boolean()).optional().meta({ description: "The list that `cover` speaks of; only true counts" }),
  })
  .meta({ id: "AlertCondition" });
export type AlertCondition = z.output<typeof AlertCondition>;

/** `GET /alert-rule` (spec 11 section 8.1). */
export const AlertRule = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    name: z.string(),
    enable: z.boolean().optional(),
    trigger_mode: uint8.meta({ description: "0 at every failing check, 1 only on the change" }),
    notification_group_id: count.meta({ description: "0: none" }),
    rules: z.array(AlertCondition.nullable()).nullable().meta({ description: "All must fail together; null in rules that are not valid" }),
    invalid: z
      .string()
      .optional()
      .meta({ description: "Why this stored rule is not evaluated; read only", examples: ["rule 2: unsupported rule type"] }),
    fail_trigger_tasks: taskIds,
    recover_trigger_tasks: taskIds,
    severity: IncidentSeverity.optional().meta({ description: "Left out: warning" }),
  })
  .meta({ id: "AlertRule" });
export type AlertRule = z.output<typeof AlertRule>;

/** One condition of a rule as it is sent. The handler checks what belongs together, and says so in the reference's words. */
export const AlertConditionForm = z
  .object({
    type: line().meta({ examples: [...ALERT_TYPES] }),
    min: float64.default(0).meta({ description: "0: no lower bound" }),
    max: float64.default(0).meta({ description: "0: no upper bound" }),
    cycle_start: instant.optional().meta({
      description:
        "Begin of the first cycle. Months and years are counted on the calendar: with a day from 29 to 31 they begin on the last day of a shorter month",
    }),
    cycle_interval: uint64.default(0).meta({ description: "From 1 to 306783378" }),
    cycle_unit: line().meta({ examples: [...CYCLE_UNITS] }),
    duration: uint64.default(0).meta({ description: "Window in steps of 3 seconds, from 3 to 2147483647; not for cycles" }),
    cover: uint64.default(0).meta({ description: "0 all servers except the listed, 1 only the listed" }),
    ignore: flagsById.default({}),
  })
  .meta({ id: "AlertConditionForm" });
export type AlertConditionForm = z.output<typeof AlertConditionForm>;
export type AlertConditionFormInput = z.input<typeof AlertConditionForm>;

/** Servers that the conditions of one rule list, together. */
function namedServers(rules: readonly (AlertConditionForm | null)[]): number {
  return rules.reduce((sum, condition) => sum + Object.keys(condition?.ignore ?? {}).length, 0);
}

/** `POST /alert-rule`, `PATCH /alert-rule/{id}` (spec 11 section 8.3): full replacement. */
export const AlertRuleForm = z
  .object({
    name: name(),
    rules: z
      .array(AlertConditionForm.nullable())
      .max(LIMITS.entries, `must have at most ${LIMITS.entries} entries`)
      .refine((rules) => namedServers(rules) <= LIMITS.entries, `must name at most ${LIMITS.entries} servers`)
      .default([])
      .meta({ description: "At most 32" }),
    fail_trigger_tasks: ids.nullable().default(null),
    recover_trigger_tasks: ids.nullable().default(null),
    notification_group_id: rowId.default(0),
    trigger_mode: uint8.default(0),
    enable: flag(),
    severity: IncidentSeverity.optional().meta({ description: "Left out it stays what it is, warning at first" }),
    keep_state: flag().meta({
      description:
        "Of a rule that is replaced. Left out or false: every server is judged from scratch, open incidents end as changed, what waits to be told is cancelled. true: what fails goes on, unless enable, trigger_mode or rules differ",
    }),
  })
  .meta({ id: "AlertRuleForm" });
export type AlertRuleForm = z.output<typeof AlertRuleForm>;
export type AlertRuleFormInput = z.input<typeof AlertRuleForm>;

/** Days back and servers that a dry run looks at, at most. */
export const DRY_RUN_LIMITS = { days: 30, servers: 200, firings: 100 } as const;

/** `POST /alert-rule/dry-run` (ours): how often a rule would have failed. */
export const AlertDryRunForm = z
  .object({
    rules: z.array(AlertConditionForm).min(1).max(32).meta({ description: "As in a rule" }),
    days: z.int().min(1).max(DRY_RUN_LIMITS.days).default(7),
    servers: z
      .array(rowId)
      .max(DRY_RUN_LIMITS.servers)
      .optional()
      .meta({ description: "Left out: all servers of the caller that the rules cover" }),
  })
  .meta({ id: "AlertDryRunForm" });
export type AlertDryRunForm = z.output<typeof AlertDryRunForm>;
export type AlertDryRunFormInput = z.input<typeof AlertDryRunForm>;

export const AlertDryRun = z
  .object({
    from: time,
    to: time,
    fired: count.meta({ description: "Of all servers together; at most so often when something could not be judged" }),
    servers: z.array(
      z
        .object({
          server_id: id,
          server_name: z.string(),
          fired: count,
          known: decimal.meta({ description: "Percent of the time that could be judged" }),
          firings: z
            .array(z.object({ from: time, to: time.optional().meta({ description: "Left out: it fails still" }) }))
            .meta({ description: "Oldest first, the newest 100" }),
        })
        .meta({ id: "AlertDryRunServer" }),
    ),
    not_judged: z
      .array(z.object({ rule: count.meta({ description: "Counted from 1" }), type: z.string(), reason: z.string() }))
      .meta({ description: "Conditions that stored history says nothing about; they are left out" }),
    servers_left_out: count.meta({ description: "Servers beyond the most that are looked at" }),
  })
  .meta({ id: "AlertDryRun" });
export type AlertDryRun = z.output<typeof AlertDryRun>;
