/** One measured number. */
export interface Figure {
  readonly measure: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** The value below which this share of the sorted numbers lies; 0 without numbers. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Median and 99th percentile of times in milliseconds. */
export function latencyFigures(measure: string, name: string, milliseconds: readonly number[]): Figure[] {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  return [
    { measure, name: `${name}, median`, value: percentile(sorted, 0.5), unit: "ms" },
    { measure, name: `${name}, 99th percentile`, value: percentile(sorted, 0.99), unit: "ms" },
  ];
}

/** Three significant digits, whole numbers above that. */
export function formatValue(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Aligned columns: measure, figure, value, unit; where there was a run before, its value and by how much this one differs. */
export function formatTable(figures: readonly Figure[], before: readonly Figure[] = []): string {
  const was = new Map(before.map((figure) => [keyOf(figure), figure.value]));
  const rows = figures.map(
    (figure) => [figure.measure, figure.name, formatValue(figure.value), figure.unit, against(figure, was)] as const,
  );
  const width = (column: 0 | 1 | 2 | 3): number => Math.max(0, ...rows.map((row) => row[column].length));
  return rows
    .map(([measure, name, value, unit, change]) => {
      const line = `${measure.padEnd(width(0))}  ${name.padEnd(width(1))}  ${value.padStart(width(2))} ${unit}`;
      return change === "" ? line : `${line.padEnd(width(0) + width(1) + width(2) + width(3) + 5)}  ${change}`;
    })
    .join("\n");
}

function keyOf({ measure, name }: Figure): string {
  return `${measure}\n${name}`;
}

function against(figure: Figure, was: ReadonlyMap<string, number>): string {
  const value = was.get(keyOf(figure));
  if (value === undefined) return "";
  const change =
    value === 0 ? "" : `, ${figure.value >= value ? "+" : "-"}${Math.abs(Math.round((100 * (figure.value - value)) / value))} %`;
  return `was ${formatValue(value)}${change}`;
}
