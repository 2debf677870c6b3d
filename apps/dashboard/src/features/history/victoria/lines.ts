import type { FamilyPlan } from "@windfire/tsdb";
import { PROBE_FAMILY } from "../columns.ts";
import type { HeldGroup, HeldRow } from "./row-model.ts";
import { labelsOf, type Names } from "./names.ts";
import { stampOf } from "./stamp.ts";

/** Rows of one family for `/api/v1/import/csv`: a line has all columns of a point, which costs a tenth of a line for each. */
export interface Lines {
  /** What the columns of the lines are, for `format`. */
  readonly format: string;
  readonly text: string;
}

/** A half minute as it is sent. */
export interface SentRow extends Pick<HeldRow, "slot" | "count" | "values"> {
  readonly group: Pick<HeldGroup, "key">;
}

/** @param writer number of who writes, see `stamp.ts` */
export function linesOf(names: Names, plan: FamilyPlan, rows: readonly SentRow[], writer: number): Lines {
  const { family } = plan;
  let text = "";
  for (const { group, slot, count, values } of rows) {
    const { server, service } = labelsOf(family.name, group.key);
    text += service === undefined ? `${server}` : `${server},${service}`;
    for (const [column, { step }] of family.columns.entries()) text += `,${sentValue(values[column] as number, step)}`;
    text += `,${stampOf(slot, count, writer)}\n`;
  }
  return { format: formatOf(names, plan), text };
}

function formatOf(names: Names, { family }: FamilyPlan): string {
  const labels = family.name === PROBE_FAMILY ? ["server", "service"] : ["server"];
  // An empty last field would make the line one field short: the time comes last.
  return [
    ...labels.map((label) => `label:${label}`),
    ...family.columns.map(({ name }) => `metric:${names.metric(family.name, name)}`),
    "time:unix_ms",
  ]
    .map((what, index) => `${index + 1}:${what}`)
    .join(",");
}

/**
 * To what is kept of a column; numbers far beyond that stay as they are. NaN is skipped by who reads it.
 *
 * @param step of the column
 */
export function sentValue(value: number, step: number): number {
  const scale = step < 1 ? Math.round(1 / step) : 1;
  const scaled = Math.round(value * scale);
  return Number.isSafeInteger(scaled) ? scaled / scale : value;
}
