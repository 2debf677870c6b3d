import type { Cron, CronFormInput } from "@windfire/api";
import { coversNothing, readTaskCoverage, writeTaskCoverage } from "#shell/console/fields/coverage.ts";
import type { Coverage } from "#shell/console/fields/coverage.ts";
import type { Together } from "#shell/console/form-errors.ts";

/** Names of the numbers of `task_type` (spec 11 section 9.1). */
export const TASK_KINDS = ["scheduled", "triggered"] as const;

export interface TaskValues {
  readonly name: string;
  readonly kind: (typeof TASK_KINDS)[number];
  readonly expression: string;
  readonly command: string;
  readonly coverage: Coverage;
  readonly group: number;
  readonly pushSuccess: boolean;
  readonly tellMissed: boolean;
  readonly keepRuns: string;
  /** KiB of output of each server. */
  readonly keepOutput: string;
}

const KIB = 1024;
const FIRST = { runs: 100, output: 16 * KIB } as const;
const MOST = { runs: 1000, outputKib: 256 } as const;

/** Six fields with seconds: examples to start from. */
export const PRESETS = {
  minute: "0 * * * * *",
  hour: "0 0 * * * *",
  night: "0 0 3 * * *",
  week: "0 0 3 * * 1",
  month: "0 0 3 1 * *",
} as const;

export function readTask(task: Cron | undefined): TaskValues {
  return {
    name: task?.name ?? "",
    kind: TASK_KINDS[task?.task_type ?? 0] ?? "triggered",
    expression: task === undefined ? PRESETS.night : task.scheduler,
    command: task?.command ?? "",
    coverage: readTaskCoverage(task?.cover ?? 0, task?.servers),
    group: task?.notification_group_id ?? 0,
    pushSuccess: task?.push_successful ?? false,
    tellMissed: task?.tell_missed ?? true,
    keepRuns: String(task?.keep_runs ?? FIRST.runs),
    keepOutput: String((task?.keep_output ?? FIRST.output) / KIB),
  };
}

export function writeTask(values: TaskValues): CronFormInput {
  return {
    name: values.name.trim(),
    task_type: TASK_KINDS.indexOf(values.kind),
    scheduler: values.expression.trim(),
    command: values.command,
    ...writeTaskCoverage(values.coverage),
    push_successful: values.pushSuccess,
    notification_group_id: values.group,
    tell_missed: values.tellMissed,
    keep_runs: Number(values.keepRuns),
    keep_output: Math.round(Number(values.keepOutput) * KIB),
  };
}

/** Six fields, or a word with @; the dashboard reads them closely and answers with its own text. */
const EXPRESSION = /^(?:(?:CRON_)?TZ=\S+\s+)?(?:@\S+(?:\s+\S+)?|\S+(?:\s+\S+){5})$/;

export function checkTask(values: TaskValues): Partial<Record<keyof TaskValues, string>> {
  const wrong: Partial<Record<keyof TaskValues, string>> = {};
  if (values.name.trim() === "") wrong.name = "form.required";
  if (values.command.trim() === "") wrong.command = "form.required";
  if (values.kind === "scheduled" && !EXPRESSION.test(values.expression.trim())) wrong.expression = "tasks.fields";
  else if (values.kind === "scheduled" && neverComes(values.expression.trim())) wrong.expression = "tasks.neverComes";
  if (!/^[1-9]\d*$/.test(values.keepRuns.trim()) || Number(values.keepRuns) > MOST.runs) wrong.keepRuns = "tasks.keepRunsWrong";
  const output = values.keepOutput.trim();
  if (!/^\d+(?:\.\d+)?$/.test(output) || Number(output) > MOST.outputKib) wrong.keepOutput = "tasks.keepOutputWrong";
  if (values.kind === "scheduled" && values.coverage.mode === "alerting") wrong.coverage = "tasks.needsTrigger";
  else if (coversNothing(values.coverage)) wrong.coverage = "cover.needed";
  if (values.pushSuccess && values.group === 0) wrong.group = "notify.needed";
  return wrong;
}

export const TOGETHER: Together<TaskValues> = [
  ["group", "pushSuccess"],
  ["kind", "coverage"],
  ["kind", "expression"],
];

const LONGEST_DAY = 31;
/** Days of each month, in a leap year. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether days are named that none of the named months has, such as 30 February; days of the week say nothing then. */
function neverComes(expression: string): boolean {
  const [days = "", months = "", weekdays = ""] = expression.split(/\s+/).slice(-3);
  if (!/^\d+(,\d+)*$/.test(days) || !/^\d+(,\d+)*$/.test(months) || !/^[*?]$/.test(weekdays)) return false;
  const longest = Math.max(...months.split(",").map((month) => MONTH_DAYS[Number(month) - 1] ?? LONGEST_DAY));
  return days.split(",").every((day) => Number(day) > longest);
}
