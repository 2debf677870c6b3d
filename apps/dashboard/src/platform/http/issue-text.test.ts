import { DecimalLiteral } from "@windfire/api";
import { expect, test } from "vitest";
import { z } from "zod";
import { issueText } from "./issue-text.ts";

const union = z.union([z.strictObject({ count: z.int() }), z.strictObject({ percent: z.int().max(100) })]);
const kinds = z.discriminatedUnion("kind", [z.object({ kind: z.literal("once") }), z.object({ kind: z.literal("weekly") })]);
const INTEGER = "must be an integer, written without a fraction or an exponent";

test.each<[z.ZodType, unknown, string]>([
  [z.coerce.number(), "abc", "must be a number"],
  [z.coerce.number().int().positive(), "1.5", INTEGER],
  [z.coerce.number().int().positive(), "0", "must be more than 0"],
  [z.int().min(1), new DecimalLiteral(10), INTEGER],
  [z.int().min(1), 1.5, INTEGER],
  [z.int().min(1), 0, "must be at least 1"],
  [z.int().max(7), 8, "must be at most 7"],
  [z.number().lt(7), 7, "must be less than 7"],
  [z.int(), "1", "must be a number"],
  [z.int(), null, "must be a number"],
  [z.string(), undefined, "must be given"],
  [z.string(), 5, "must be a text"],
  [z.string(), new DecimalLiteral(5), "must be a text"],
  [z.boolean(), "yes", "must be true or false"],
  [z.array(z.int()), {}, "must be a list"],
  [z.object({}), [], "must be an object"],
  [z.record(z.string(), z.int()), 5, "must be an object"],
  [z.date(), 5, "is not understood"],
  [z.string().max(3), "long", "must have at most 3 characters"],
  [z.array(z.int()).min(1), [], "must have at least 1 entry"],
  [z.enum(["a", "b"]), "c", "must be one of a, b"],
  [z.literal("a"), "c", "must be a"],
  [z.iso.datetime({ offset: true }), "soon", "must be an RFC 3339 date-time with an offset"],
  [z.string().regex(/^a/), "b", "has not the form that it must have"],
  [z.strictObject({}), { x: 1 }, "has members that are not known: x"],
  [kinds, { kind: "daily" }, "must be one of once, weekly"],
  [union, { percent: "half" }, "percent: must be a number"],
  [union, 5, "is none of the forms that it may have"],
  [z.int("must be a row id"), "x", "must be a row id"],
])("%#: says what a value must be", (schema, value, text) => {
  expect(schema.safeParse(value, { error: issueText }).error?.issues[0]?.message).toBe(text);
});
