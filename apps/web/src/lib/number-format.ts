import type { ByteStep, Temperature } from "./conventions.ts";

/** Between a number and its unit: never a line break. */
export const UNIT_GAP = "\u00a0";

const BYTE_UNITS = {
  1024: ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"],
  1000: ["B", "kB", "MB", "GB", "TB", "PB", "EB"],
} as const;

/** A number split from its unit, for places that show both in different sizes. */
export interface Measure {
  readonly value: string;
  readonly unit: string;
}

export interface NumberFormat {
  /** Three significant digits: `3.10`, `42.6`, `812`. */
  significant(value: number): string;
  /** Whole number with grouping. */
  count(value: number): string;
  /** At most `digits` decimals. */
  decimal(value: number, digits: number): string;
  /** Percent without decimals. Rounding never reaches a limit or 100 that the value has not reached; above 0 is never `0%`. */
  percent(value: number, limits?: readonly number[]): string;
  /** Share of success with up to two decimals, rounded down: 99.995 is `99.99%`. */
  uptime(percent: number): string;
  bytesMeasure(bytes: number): Measure;
  /** In the steps the reader wants. */
  bytes(bytes: number): string;
  /** Without zeros behind the point: limits and sizes, which are seldom uneven. */
  bytesShort(bytes: number): string;
  /** Bytes per second. */
  rate(bytesPerSecond: number): string;
  milliseconds(value: number): string;
  /** Degrees Celsius in; `42.5 °C`, `108.5 °F`. */
  temperature(celsius: number): string;
  /** Without decimals and letter, for an axis: `42°`. */
  degrees(celsius: number): string;
  /** How the reader wants sizes: what scales and fields of sizes follow. */
  readonly byteStep: ByteStep;
}

interface Units {
  readonly bytes: ByteStep;
  readonly temperature: Temperature;
}

/** Numbers as a reader of `locale` expects them; digits are Latin everywhere, so that widths can be reserved. */
export function createNumberFormat(locale: string, units: Units = { bytes: 1024, temperature: "celsius" }): NumberFormat {
  const fixed = [0, 1, 2].map(
    (digits) => new Intl.NumberFormat(locale, { numberingSystem: "latn", minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
  const asFixed = (value: number, digits: number) => fixed[digits]?.format(value) ?? String(value);
  const upTo = [0, 1, 2].map((digits) => new Intl.NumberFormat(locale, { numberingSystem: "latn", maximumFractionDigits: digits }));
  const inFahrenheit = units.temperature === "fahrenheit";
  const degreesOf = (celsius: number) => (inFahrenheit ? celsius * 1.8 + 32 : celsius);
  const format: NumberFormat = {
    significant: (value) => asFixed(value, digitsFor(value)),
    count: (value) => asFixed(Math.round(value), 0),
    decimal: (value, digits) => upTo[Math.min(digits, 2)]?.format(value) ?? String(value),
    percent(value, limits = []) {
      if (value > 0 && value < 0.5) return "<1%";
      return `${asFixed(roundBelow(value, [...limits, 100]), 0)}%`;
    },
    uptime: (percent) => `${format.decimal(Math.floor(percent * 100 + 1e-7) / 100, 2)}%`,
    bytesMeasure(bytes) {
      const { scaled, unit } = scaleBytes(bytes, units.bytes);
      return { value: unit === "B" ? format.count(scaled) : format.significant(scaled), unit };
    },
    bytes(bytes) {
      const { value, unit } = format.bytesMeasure(bytes);
      return `${value}${UNIT_GAP}${unit}`;
    },
    bytesShort(bytes) {
      const { scaled, unit } = scaleBytes(bytes, units.bytes);
      return `${format.decimal(scaled, digitsFor(scaled))}${UNIT_GAP}${unit}`;
    },
    rate: (bytesPerSecond) => `${format.bytes(bytesPerSecond)}/s`,
    milliseconds: (value) => `${value < 10 ? format.decimal(value, 1) : format.count(value)}${UNIT_GAP}ms`,
    temperature: (celsius) => `${format.decimal(degreesOf(celsius), 1)}${UNIT_GAP}${inFahrenheit ? "°F" : "°C"}`,
    degrees: (celsius) => `${asFixed(Math.round(degreesOf(celsius)), 0)}°`,
    byteStep: units.bytes,
  };
  return format;
}

/** Decimals that make three significant digits out of a number that is about to be rounded. */
function digitsFor(value: number): number {
  const size = Math.abs(value);
  if (size >= 99.95) return 0;
  return size >= 9.995 ? 1 : 2;
}

/** Rounds to a whole number, but down where rounding up would meet a limit that the value is below of. */
function roundBelow(value: number, limits: readonly number[]): number {
  const rounded = Math.round(value);
  return limits.some((limit) => value < limit && rounded >= limit) ? Math.floor(value) : rounded;
}

/** 1023.6 KiB is shown as 1.00 MiB, not as 1024 KiB. */
function scaleBytes(bytes: number, step: ByteStep): { scaled: number; unit: string } {
  let scaled = bytes;
  let index = 0;
  while (Math.abs(scaled) >= step - 0.5 && index < BYTE_UNITS[step].length - 1) {
    scaled /= step;
    index += 1;
  }
  return { scaled, unit: BYTE_UNITS[step][index] ?? "B" };
}
