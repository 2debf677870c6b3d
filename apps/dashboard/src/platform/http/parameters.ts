import { z } from "zod";

function parseUint(text: string, context: z.RefinementCtx): number {
  const shown = JSON.stringify(text);
  if (!/^\d+$/.test(text)) context.addIssue({ code: "custom", message: `strconv.ParseUint: parsing ${shown}: invalid syntax` });
  else if (!Number.isSafeInteger(Number(text)))
    context.addIssue({ code: "custom", message: `strconv.ParseUint: parsing ${shown}: value out of range` });
  return Number(text);
}

/**
 * A row id in a path (spec 10 section 4.2), else the reference's parse error. A number too large to be exact is out of range: rounded, it
 * would name another row.
 */
export const pathId = z.string().transform(parseUint).meta({ type: "integer", minimum: 0, description: "Row id" });

/** `{ id }` of the path. */
export const idParams = z.object({ id: pathId });

/** The `id` search of list routes: `?id=3,1,7`. */
export const listQuery = z.object({
  id: z
    .string()
    .optional()
    .meta({ description: "Comma-separated ids: only these rows, in this order; all rows when none matches", examples: ["3,1"] }),
});

/**
 * Applies the `id` search (spec 10 section 5.1): rows in the order asked, unknown ids and text skipped; all rows when nothing matches.
 */
export function selectByIds<T>(rows: readonly T[], ids: string | undefined, idOf: (row: T) => number): readonly T[] {
  if (!ids) return rows;
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  const found = ids
    .split(",")
    .filter((text) => /^\d+$/.test(text) && Number.isSafeInteger(Number(text)))
    .map((text) => byId.get(Number(text)))
    .filter((row) => row !== undefined);
  return found.length > 0 ? found : rows;
}

/** `limit` and `offset` of paginated routes (spec 10 section 5.2): anything unusable is the default, the size is clamped. */
export function pageQuery(maxSize: number) {
  return z.object({
    limit: z
      .string()
      .optional()
      .transform((text) => Math.min(positive(text, 1) ?? 25, maxSize))
      .meta({ type: "integer", minimum: 1, maximum: maxSize, default: 25 }),
    offset: z
      .string()
      .optional()
      .transform((text) => positive(text, 0) ?? 0)
      .meta({ type: "integer", minimum: 0, default: 0 }),
  });
}

function positive(text: string | undefined, least: number): number | undefined {
  const value = text !== undefined && /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) && value >= least ? value : undefined;
}
