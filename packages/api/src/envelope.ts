import { z } from "zod";
import { count } from "./numbers.ts";

/** `data` of routes that have nothing to say. */
export const Nothing = z.null();
/** `data` of create routes. */
export const CreatedId = count.meta({ description: "Id of the new row", examples: [5] });

/** A successful answer. */
export function success<S extends z.ZodType>(data: S) {
  return z.object({ success: z.literal(true), data });
}

/** A refusal. Almost all have HTTP status 200: look at `success` (spec 10 section 4.3). */
export const Failure = z
  .object({
    success: z.literal(false),
    error: z.string().min(1).meta({ description: "What was wrong, in the dashboard's language" }),
  })
  .meta({
    id: "Failure",
    description: "Almost every failure has HTTP status 200: look at `success`",
  });
export type Failure = z.output<typeof Failure>;

/** What every route answers, as clients see it. */
export type Envelope<T> = { success: true; data: T } | Failure;

export const Pagination = z.object({ offset: count.optional(), limit: count, total: count.optional() }).meta({
  id: "Pagination",
  description: "`total` counts all rows. `offset` and `total` are left out when 0",
  examples: [{ limit: 25, total: 60 }],
});
export type Pagination = z.output<typeof Pagination>;

/** `data` of a paginated list (spec 10 section 4.1). */
export function page<S extends z.ZodType>(row: S) {
  return z.object({ value: z.array(row).optional(), pagination: Pagination });
}
export interface Page<T> {
  value?: T[] | undefined;
  pagination: Pagination;
}
