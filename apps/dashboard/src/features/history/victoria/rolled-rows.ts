import { SLOT_MS, type FamilyPlan, type WantedColumn } from "@windfire/tsdb";
import { readJson } from "./json.ts";
import { groupOf, type Names } from "./names.ts";
import type { StoredRows } from "./stored-rows.ts";

/** Buckets of some groups that are put together where the points are. */
export interface RolledQuestion {
  readonly plan: FamilyPlan;
  readonly columns: readonly WantedColumn[];
  readonly groups: readonly number[];
  /** Milliseconds of a bucket. */
  readonly step: number;
  /** Numbers of the first and the last bucket: their start divided by the step. */
  readonly first: number;
  readonly last: number;
  /** Each half minute counts once; without it each point does, which is quicker by far over years. */
  readonly isExact: boolean;
}

/** Half minutes that one expression may look at; by its default VictoriaMetrics refuses more than 30 000. */
const MOST_SLOTS = 25_000;

/** Parts of a question that are asked one after another. */
export function partsOf(question: RolledQuestion): RolledQuestion[] {
  const { first, last, step, isExact } = question;
  const buckets = isExact ? Math.max(1, Math.floor((MOST_SLOTS * SLOT_MS) / step)) : Number.MAX_SAFE_INTEGER;
  const parts: RolledQuestion[] = [];
  for (let from = first; from <= last; from += buckets) parts.push({ ...question, first: from, last: Math.min(last, from + buckets - 1) });
  return parts;
}

/** Parameters of `/api/v1/query_range`. A bucket is what lies in the step before its time. */
export function rangeOf(names: Names, question: RolledQuestion): Record<string, string> {
  const { step, first, last } = question;
  const at = (bucket: number): string => `${((bucket + 1) * step) / 1_000}`;
  return { query: expressionOf(names, question), start: at(first), end: at(last), step: `${step / 1_000}`, nocache: "1" };
}

function expressionOf(names: Names, { plan, columns, groups, step, isExact }: RolledQuestion): string {
  const { name: family, columns: own } = plan.family;
  const series = ({ index }: WantedColumn): string => `${names.metric(family, own[index]?.name ?? "")}{g}`;
  const window = `[${step / 1_000}s]`;
  /** The latest point of each half minute: that with the most samples. */
  const slots = (column: WantedColumn): string => `last_over_time(${series(column)}[${SLOT_MS / 1_000}s])`;
  const over = (fold: string, inner: string): string => `${fold}_over_time((${inner})[${step / 1_000}s:${SLOT_MS / 1_000}s])`;
  const plainly = (fold: string, column: WantedColumn): string =>
    isExact ? over(fold, slots(column)) : `${fold}_over_time(${series(column)}${window})`;
  const folded = (column: WantedColumn): string => {
    const weight = column.weight === undefined ? undefined : columns[column.weight];
    switch (column.stat) {
      case "avg": {
        if (weight === undefined || !isExact) return plainly("avg", column);
        const weighed = over("sum", `${slots(column)} * ${slots(weight)}`);
        return `${weighed} / ${over("sum", `${slots(weight)} + 0 * ${slots(column)}`)}`;
      }
      case "sum":
        return plainly("sum", column);
      case "last":
      case "min":
      case "max":
        return `${column.stat}_over_time(${series(column)}${window})`;
      case "p5":
      case "p50":
      case "p95": {
        const inner = isExact ? `(${slots(column)} > 0)[${step / 1_000}s:${SLOT_MS / 1_000}s]` : `${series(column)}${window}`;
        return `quantile_over_time(${Number(column.stat.slice(1)) / 100}, ${inner})`;
      }
    }
  };
  const labelled = columns.map((column, index) => `label_set(${folded(column)}, "column", "${index}")`);
  return `WITH (g = ${names.groups(family, groups)}) union(${labelled.join(", ")})`;
}

interface Matrix {
  readonly data: { readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly values: [number, string][] }[] };
}

/** What `/api/v1/query_range` answered, by group: the slots are numbers of buckets. */
export function rolledRowsOf(bytes: Buffer, { plan, columns, groups, step }: RolledQuestion): Map<number, StoredRows> {
  const { data } = readJson(bytes.toString("utf8")) as Matrix;
  const found = new Map<number, Map<number, Float64Array>>();
  for (const { metric, values } of data.result) {
    const group = groupOf(plan.family.name, metric);
    const column = Number(metric["column"]);
    const buckets = found.get(group) ?? new Map<number, Float64Array>();
    found.set(group, buckets);
    for (const [seconds, text] of values) {
      const bucket = Math.round((seconds * 1_000) / step) - 1;
      const row = buckets.get(bucket) ?? new Float64Array(columns.length).fill(Number.NaN);
      buckets.set(bucket, row);
      row[column] = Number(text);
    }
  }
  return new Map(groups.flatMap((group) => rowsIn(group, found.get(group), columns.length)));
}

function rowsIn(group: number, buckets: ReadonlyMap<number, Float64Array> | undefined, columns: number): [number, StoredRows][] {
  if (buckets === undefined) return [];
  const sorted = [...buckets].toSorted(([a], [b]) => a - b);
  const rows: StoredRows = {
    length: sorted.length,
    slots: Int32Array.from(sorted, ([bucket]) => bucket),
    counts: new Uint32Array(sorted.length).fill(1),
    columns: Array.from({ length: columns }, (_, column) => Float64Array.from(sorted, ([, values]) => values[column] as number)),
  };
  return [[group, rows]];
}
