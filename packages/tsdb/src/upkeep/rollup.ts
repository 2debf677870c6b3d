import { emptyRows, foldValue, sliceRows, weightAt, type Rows } from "../codec/rows.ts";
import { percentile, rankOf, type Fold, type Stat } from "../schema.ts";

/** One column of a roll-up: which column of the rows it comes from and what it keeps of it. */
export interface RollRule {
  readonly source: number;
  readonly stat: Stat;
  readonly fold: Fold;
  /** Which column of the rows weighs it; otherwise all samples do. */
  readonly weight?: number | undefined;
}

/** Makes one row of each `factor` slots. Percentiles are taken of the points above zero. */
export function rollRows(rows: Rows, factor: number, rules: readonly RollRule[]): Rows {
  const rolled = emptyRows(rows.length, rules.length);
  let used = 0;
  for (let from = 0; from < rows.length;) {
    const slot = Math.floor((rows.slots[from] as number) / factor);
    let to = from + 1;
    while (to < rows.length && Math.floor((rows.slots[to] as number) / factor) === slot) to++;
    rolled.slots[used] = slot;
    rolled.counts[used] = countOf(rows, from, to);
    for (const [index, rule] of rules.entries()) (rolled.columns[index] as Float64Array)[used] = valueOf(rows, from, to, rule);
    used++;
    from = to;
  }
  return sliceRows(rolled, 0, used);
}

function countOf(rows: Rows, from: number, to: number): number {
  let count = 0;
  for (let row = from; row < to; row++) count += rows.counts[row] as number;
  return count;
}

function valueOf(rows: Rows, from: number, to: number, rule: RollRule): number {
  const column = rows.columns[rule.source] as Float64Array;
  const rank = rankOf(rule.stat);
  if (rank !== undefined) {
    const positive = column.slice(from, to).filter((value) => value > 0);
    return percentile(positive.sort(), rank);
  }
  const weights = rule.weight === undefined ? undefined : rows.columns[rule.weight];
  let value = Number.NaN;
  let held = 0;
  for (let row = from; row < to; row++) {
    const next = column[row] as number;
    const weight = weightAt(rows.counts, weights, row);
    if (Number.isNaN(next) || weight === 0) continue;
    value = foldValue(rule.fold, value, held, next, weight);
    held += weight;
  }
  return value;
}
