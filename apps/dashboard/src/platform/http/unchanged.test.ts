import { DecimalLiteral } from "@windfire/api";
import { expect, test } from "vitest";
import { z } from "zod";
import { parseOverStored } from "./unchanged.ts";

const short = z.string().max(3).default("");
const schema = z.object({
  name: short,
  note: short,
  count: z.number().int().max(5).default(0),
  list: z.array(short).max(3).default([]),
  rules: z.array(z.object({ type: short, max: z.number().default(0) }).nullable()).default([]),
  byId: z.record(z.string(), z.array(z.string().max(9000))).default({}),
});
const LONG = "longer";
/** The parsed body, or the path of what is refused. */
const parse = (body: object, stored: Record<string, unknown>): unknown => {
  const result = parseOverStored(schema, body, stored);
  return "data" in result ? result.data : result.issue.path.join(".");
};
const EMPTY = { name: "", note: "", count: 0, list: [], rules: [], byId: {} };

test("what the schema accepts needs no row", () => {
  expect(parse({ name: "a" }, {})).toEqual({ ...EMPTY, name: "a" });
});

test("a field that is in the row already is taken as it is, the others are still checked", () => {
  expect(parse({ name: LONG, note: "n" }, { name: LONG })).toEqual({ ...EMPTY, name: LONG, note: "n" });
  expect(parse({ name: LONG, count: 9 }, { name: LONG, count: 9 })).toEqual({ ...EMPTY, name: LONG, count: 9 });
  expect(parse({ name: LONG, note: LONG }, { name: LONG, note: "n" })).toBe("note");
  expect(parse({ name: `${LONG}er` }, { name: LONG })).toBe("name");
  expect(parse({ note: LONG }, { name: LONG })).toBe("note");
});

test("a list that is in the row as a whole, or of which the refused entries are", () => {
  const list = ["a", LONG, "b", "longest", "c"];
  expect(parse({ list }, { list })).toEqual({ ...EMPTY, list });
  expect(parse({ list: [LONG, "new", "longest"] }, { list })).toEqual({ ...EMPTY, list: [LONG, "new", "longest"] });
  expect(parse({ list: [LONG, "newest"] }, { list })).toBe("list.1");
  expect(parse({ list: ["a", "b", "c", "d"] }, { list })).toBe("list");
});

test("objects in lists, with decimals, and members of maps", () => {
  const rules = [{ type: LONG, max: 0.5 }, null];
  const sent = [
    { type: "x", max: 1 },
    { type: LONG, max: new DecimalLiteral(0.5) },
  ];
  expect(parse({ rules: sent }, { rules })).toEqual({
    ...EMPTY,
    rules: [
      { type: "x", max: 1 },
      { type: LONG, max: 0.5 },
    ],
  });
  expect(parse({ rules: [{ type: LONG, max: 1 }] }, { rules })).toBe("rules.0.type");
  const huge = ["a".repeat(10_000)];
  expect(parse({ byId: { "1": huge, "2": ["b"] } }, { byId: { "1": huge } })).toEqual({ ...EMPTY, byId: { "1": huge, "2": ["b"] } });
  expect(parse({ byId: { "2": huge } }, { byId: { "1": huge } })).toBe("byId.2.0");
});

test("names that every object has are no fields of the row", () => {
  expect(parseOverStored(z.object({ constructor: short }), { constructor: LONG }, {})).toHaveProperty("issue");
});
