/** How values that fall into one bucket become one. */
export type Fold = "mean" | "last" | "sum" | "min" | "max";

/** What can be asked of a column. `avg`, `last` and `sum` of raw points are the stored value. */
export type Stat = "avg" | "last" | "sum" | "min" | "max" | "p5" | "p50" | "p95";

/** One series of a family. */
export interface Column {
  readonly name: string;
  /** Rule for samples of one slot: `mean` for gauges, `last` for counters, `sum` for counts. */
  readonly fold: "mean" | "last" | "sum";
  /**
   * Sealed values are rounded to multiples of this: a power of two >= 1, or 10^-n. Values that all lie on a coarser grid, and series that
   * do not change, stay exact; so does everything that is not sealed yet.
   */
  readonly step: number;
  /** Column of counts by which means of this one are weighed: those samples have a value. Otherwise all samples of a row are. */
  readonly weighedBy?: string;
  /** Roll-ups also keep the 5th, 50th and 95th percentile of the points above zero. */
  readonly percentiles?: boolean;
}

/** Means of many points lie between the steps of the points: they keep three more decimal digits (or ten more bits). */
export function stepOfMeans(step: number): number {
  return step > 1 ? Math.max(1, step / 1_024) : step / 1_000;
}

/** Sources of one kind: all their series are appended together. */
export interface Family {
  readonly name: string;
  readonly columns: readonly Column[];
}

/** A column as it lies in a file. */
export interface StoredColumn {
  readonly name: string;
  readonly fold: Fold;
  readonly step: number;
}

/** A column of a roll-up and where it comes from. */
export interface RolledColumn extends StoredColumn {
  readonly source: number;
  readonly stat: Stat;
  /** Column that weighs the source. */
  readonly weight: number | undefined;
}

/** Columns of a family at one resolution. */
export interface StoredFamily {
  readonly name: string;
  readonly columns: readonly StoredColumn[];
}

const PERCENTILES = ["p5", "p50", "p95"] as const;

/** What a roll-up keeps of each column of the family. */
export function rolledColumns(family: Family): RolledColumn[] {
  return family.columns.flatMap((column, source): RolledColumn[] => {
    const rolled = (stat: Stat, fold: Fold): RolledColumn => ({
      name: rolledName(column.name, stat),
      fold,
      step: stat === "avg" ? stepOfMeans(column.step) : column.step,
      source,
      stat,
      weight: stat === "avg" ? weightOf(family, column) : undefined,
    });
    if (column.fold === "sum") return [rolled("sum", "sum")];
    const stats = [rolled("avg", "mean"), rolled("min", "min"), rolled("max", "max"), rolled("last", "last")];
    return column.percentiles === true ? [...stats, ...PERCENTILES.map((stat) => rolled(stat, "mean"))] : stats;
  });
}

/** Position of the column that weighs another one. */
export function weightOf({ columns }: Family, { weighedBy }: Column): number | undefined {
  const position = columns.findIndex(({ name }) => name === weighedBy);
  return position < 0 ? undefined : position;
}

/** Name of a roll-up's column. */
export function rolledName(column: string, stat: Stat): string {
  return `${column}:${stat}`;
}

/** What is asked when nothing else is said. */
export function ownStat(column: Column): Stat {
  return column.fold === "mean" ? "avg" : column.fold;
}

/** How a stat of raw points is folded; percentiles are collected instead. */
export function foldOf(stat: Stat): Fold {
  switch (stat) {
    case "avg":
    case "p5":
    case "p50":
    case "p95":
      return "mean";
    case "last":
    case "sum":
    case "min":
    case "max":
      return stat;
  }
}

/** The share below which a percentile lies; undefined for other stats. */
export function rankOf(stat: Stat): number | undefined {
  switch (stat) {
    case "p5":
      return 0.05;
    case "p50":
      return 0.5;
    case "p95":
      return 0.95;
    case "avg":
    case "last":
    case "sum":
    case "min":
    case "max":
      return undefined;
  }
}

/** Nearest-rank percentile of values in ascending order. */
export function percentile(sorted: ArrayLike<number>, rank: number): number {
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * Position of each wanted column in a file that was written with `stored`; -1 where it has none. Files outlive changes of a family, so
 * columns are found by name.
 */
export function matchColumns(wanted: readonly { readonly name: string }[], stored: readonly { readonly name: string }[]): Int16Array {
  return Int16Array.from(wanted, ({ name }) => stored.findIndex((column) => column.name === name));
}
