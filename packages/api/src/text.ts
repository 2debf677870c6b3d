import { z } from "zod";

/** Limits of texts and lists in request bodies (spec 60 section 5). */
export const LIMITS = {
  /** Characters of a name: server, group, user, rule … */
  name: 256,
  /** Bytes of a URL, target, domain or header value. */
  line: 8 * 1024,
  /** Bytes of a note, command or webhook body. */
  note: 64 * 1024,
  /** Bytes of custom code. */
  code: 1024 * 1024,
  /** Entries of a list or map; ids that all lists of a row name together. */
  entries: 10_000,
  /** Bytes of a row's map of ids to texts. */
  references: 256 * 1024,
} as const;

const encoder = new TextEncoder();

/** Bytes of UTF-8. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** A text of at most `max` characters; unpaired surrogates are replaced, as the reference's decoder does. */
export function characters(max: number) {
  const fits = (value: string) => value.length <= max || (value.length <= 2 * max && countCharacters(value) <= max);
  return z
    .string()
    .overwrite((value) => value.toWellFormed())
    .refine(fits, `must have at most ${max} characters`)
    .meta({ maxLength: max });
}

/** Code points, as the reference counts. */
function countCharacters(value: string): number {
  return value.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, "_").length;
}

/** A text of at most `max` bytes of UTF-8. */
export function bytes(max: number) {
  const fits = (value: string) => value.length * 3 <= max || (value.length <= max && byteLength(value) <= max);
  return z
    .string()
    .overwrite((value) => value.toWellFormed())
    .refine(fits, `must have at most ${max} bytes`)
    .meta({ maxLength: max });
}

/** Request fields: left out or `null`, they are the empty text. */
export const name = () => characters(LIMITS.name).default("");
export const line = () => bytes(LIMITS.line).default("");
export const note = () => bytes(LIMITS.note).default("");
export const code = () => bytes(LIMITS.code).default("");
/** Request field: left out or `null`, it is false. */
export const flag = () => z.boolean().default(false);

/** RFC 3339 with up to 9 fractional digits and an offset; `0001-01-01T00:00:00Z` when unset. */
export const time = z.string().meta({ format: "date-time", examples: ["2026-05-18T12:00:00.123456789+08:00"] });

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
/** Request field: a moment. */
export const instant = z
  .string()
  .refine((text) => RFC_3339.test(text) && !Number.isNaN(Date.parse(text)), "must be an RFC 3339 date-time with an offset")
  .meta({ format: "date-time", examples: ["2026-01-01T00:00:00+08:00"] });
