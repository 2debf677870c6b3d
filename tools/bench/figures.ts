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

/** Aligned columns: measure, figure, value, unit. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ measure, name, value, unit }) => [measure, name, formatValue(value), unit] as const);
  const width = (column: 0 | 1 | 2): number => Math.max(0, ...rows.map((row) => row[column].length));
  return rows
    .map(([measure, name, value, unit]) => `${measure.padEnd(width(0))}  ${name.padEnd(width(1))}  ${value.padStart(width(2))} ${unit}`)
    .join("\n");
}
