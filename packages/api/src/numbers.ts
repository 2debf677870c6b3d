import { z } from "zod";

/**
 * A JSON number written with a fraction or an exponent. Integers refuse `1.0` and `1e2` although they are whole (spec 10 section 4.2),
 * so whoever reads a body keeps such literals apart until a schema has seen them.
 */
export class DecimalLiteral {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

const MAX_FLOAT32 = 3.4028234663852886e38;

interface Range {
  readonly format: string;
  readonly minimum: number;
  readonly maximum: number;
  /** The maximum itself is outside: 64-bit ends are no doubles. */
  readonly open?: boolean;
}

function integer(range: Range) {
  const { format, minimum, maximum, open = false } = range;
  const from = minimum === 0 ? " of 0 or more" : "";
  const message = `must be an integer${open ? from : ` from ${minimum} to ${maximum}`}`;
  const fits = (value: number) => Number.isInteger(value) && value >= minimum && (open ? value < maximum : value <= maximum);
  const limits = open ? (minimum === 0 ? { minimum } : {}) : { minimum, maximum };
  return z
    .number({ error: message })
    .refine(fits, message)
    .meta({ type: "integer", format, ...limits });
}

export const uint8 = integer({ format: "uint8", minimum: 0, maximum: 255 });
export const uint16 = integer({ format: "uint16", minimum: 0, maximum: 65_535 });
export const uint32 = integer({ format: "uint32", minimum: 0, maximum: 4_294_967_295 });
/** Exact up to 2^53, the nearest number above. */
export const uint64 = integer({ format: "uint64", minimum: 0, maximum: 2 ** 64, open: true });
/** Exact from -2^53 to 2^53, the nearest number outside. */
export const int64 = integer({
  format: "int64",
  minimum: -(2 ** 63),
  maximum: 2 ** 63,
  open: true,
});

/** A decimal literal as its value; the declared input is the number on the wire. */
function plainNumber(value: number): number {
  const literal: unknown = value;
  return literal instanceof DecimalLiteral ? literal.value : value;
}

const finite = z.number({ error: "must be a number" });

export const float64 = z.preprocess(plainNumber, finite.meta({ format: "double" }));

/** Rounded to the nearest 32-bit float; written back with {@link shortFloat32}. */
export const float32 = z.preprocess(
  plainNumber,
  finite
    .refine((value) => Math.abs(value) <= MAX_FLOAT32, "must be a number that fits 32 bits")
    .overwrite((value) => Math.fround(value))
    .meta({ format: "float" }),
);

/** The number with the fewest decimals that is the same 32-bit float: `Math.fround(33.333332)` becomes 33.333332 (spec 11 section 0.2). */
export function shortFloat32(value: number): number {
  const rounded = Math.fround(value);
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(rounded.toPrecision(digits));
    if (Math.fround(candidate) === rounded) return candidate;
  }
  return Number(rounded.toPrecision(9));
}

/** A row id in a body: exact, because a rounded one would name another row. */
export const rowId = z
  .number({ error: "must be a row id" })
  .refine((value) => Number.isSafeInteger(value) && value >= 0, "must be a row id")
  .meta({ type: "integer", format: "uint64", minimum: 0 });

/** A row id in an answer. */
export const id = uint64.meta({ description: "Row id", examples: [1] });
/** A byte count, a sample count, a duration in seconds and the like. */
export const count = uint64;
/** Floats of answers. */
export const decimal = z.number().meta({ format: "double" });
/** 32-bit floats of answers. */
export const decimal32 = z.number().meta({ format: "float" });
/** Unix milliseconds. */
export const unixMs = uint64.meta({
  description: "Unix milliseconds",
  examples: [1_760_000_010_000],
});
