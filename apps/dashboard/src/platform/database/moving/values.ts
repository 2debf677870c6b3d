import { createHash } from "node:crypto";
import { formatInstant } from "#kernel";
import type { StoredType } from "../postgres/tables.ts";

/** A value as it is moved: whole numbers with all digits. */
export type Value = bigint | number | string | Uint8Array | null;

/** What a column of PostgreSQL holds. */
export interface ColumnType {
  readonly name: string;
  readonly type: StoredType;
  readonly isNullable: boolean;
  /** Of the reference's times: there whole numbers are Unix seconds. */
  readonly isTime: boolean;
}

const MOST = 2n ** 63n;
const YES = /^(?:t|true|y|yes|on)$/i;
const NO = /^(?:f|false|n|no|off)$/i;

/**
 * A value of SQLite, whose columns hold anything, as its column of PostgreSQL can hold it: what was edited by hand keeps the meaning that
 * this program reads in it (spec 41 section 9.3b), and what has none becomes NULL.
 */
export function fitted(value: Value, column: ColumnType): Value {
  const fit = value === null ? null : FITTERS[column.type](value, column);
  if (fit !== null || column.isNullable) return fit;
  return column.type === "bigint" ? 0n : column.type === "double precision" ? 0 : column.type === "bytea" ? new Uint8Array() : "";
}

const FITTERS: Readonly<Record<ColumnType["type"], (value: bigint | number | string | Uint8Array, column: ColumnType) => Value>> = {
  bigint: (value) => {
    if (typeof value === "bigint") return value;
    if (typeof value === "number") return Number.isFinite(value) ? bounded(BigInt(Math.round(value))) : null;
    if (typeof value !== "string") return null;
    if (/^\s*[+-]?\d{1,40}\s*$/.test(value)) return bounded(BigInt(value.trim()));
    return YES.test(value) ? 1n : NO.test(value) ? 0n : null;
  },
  "double precision": (value) => {
    const number = typeof value === "string" ? (value.trim() === "" ? Number.NaN : Number(value)) : Number(value);
    return value instanceof Uint8Array || Number.isNaN(number) ? null : number;
  },
  text: (value, { isTime }) => {
    if (isTime && (typeof value === "bigint" || typeof value === "number")) return timeText(Number(value));
    const text = value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
    return text.replaceAll("\0", "\uFFFD");
  },
  bytea: (value) => (value instanceof Uint8Array ? value : Buffer.from(String(value))),
  jsonb: (value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString() : typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value,
};

function bounded(value: bigint): bigint {
  return value >= MOST ? MOST - 1n : value < -MOST ? -MOST : value;
}

function timeText(seconds: number): string | null {
  const time = Math.floor(seconds) * 1000;
  return Math.abs(time) > 253_402_300_799_000 ? null : formatInstant(time, 0).replace("T", " ").replace("Z", "+00:00");
}

/** One text for each value, whichever engine it comes from. */
function canonical(value: Value, { type }: ColumnType): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  return type === "jsonb" && typeof value === "string" ? `"${value}` : String(value);
}

const WORD = 2n ** 128n;

/** What the rows of a table come to, in whatever order they are read. */
export function createTally(columns: readonly ColumnType[]) {
  let rows = 0;
  let sum = 0n;
  return {
    add(row: readonly Value[]): void {
      const text = JSON.stringify(row.map((value, at) => canonical(value, columns[at] as ColumnType)));
      rows++;
      sum = (sum + BigInt(`0x${createHash("sha256").update(text).digest("hex").slice(0, 32)}`)) % WORD;
    },
    get rows() {
      return rows;
    },
    get digest() {
      return `${rows} ${sum.toString(16)}`;
    },
  };
}
