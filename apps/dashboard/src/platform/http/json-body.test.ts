import { DecimalLiteral } from "@windfire/api";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { readJson } from "./json-body.ts";
import { BodyError, extentOf } from "./json-extent.ts";

const limits = { depth: 32, values: 50, valuesWithDecimals: 10 };

test.each<[string, unknown]>([
  ['{"a":1}', { a: 1 }],
  [" \n[1,2] trailing words", [1, 2]],
  ['{"a":"}"}{"b":2}', { a: "}" }],
  ['{"a":"\\"]"} x', { a: '"]' }],
  ["null", null],
  ['"text" tail', "text"],
  ["12 13", 12],
])("%s is read as far as its first value", (text, value) => {
  expect(readJson(text, limits)).toEqual(value);
});

test.each(["1.0", "1e2", "2.5", "-0.0"])("%s is kept as a decimal literal", (text) => {
  expect(readJson(`{"n":${text}}`, limits)).toEqual({ n: new DecimalLiteral(Number(text)) });
});

test.each<[string, string]>([
  ["", "EOF"],
  ["   ", "EOF"],
  ["{", "not valid JSON"],
  ['{"a":}', "not valid JSON"],
  ["\ufeff{}", "not valid JSON"],
  ["nonsense", "not valid JSON"],
  ['"open', "not valid JSON"],
])("%j is refused with a text that says so", (text, message) => {
  expect(() => readJson(text, limits)).toThrow(BodyError);
  expect(() => readJson(text, limits)).toThrow(message);
});

test("nesting is bounded", () => {
  expect(readJson("[".repeat(32) + "]".repeat(32), limits)).toBeTruthy();
  expect(() => readJson("[".repeat(33) + "]".repeat(33), limits)).toThrow("deeper than 32 levels");
  expect(() => readJson("[".repeat(100_000), limits)).toThrow("deeper than 32 levels");
});

test.each<[string, string, string]>([
  ["entries", `[${"1,".repeat(50)}1]`, "more than 50 values"],
  ["members", `{${'"a":1,'.repeat(50)}"b":2}`, "more than 50 values"],
  ["lists in lists", `[${"[],".repeat(26)}[]]`, "more than 50 values"],
  ["entries of which one is a decimal", `[1.5,${"1,".repeat(10)}1]`, "more than 10 values"],
  ["entries of which the last is a decimal", `[${"1,".repeat(10)}1e5]`, "more than 10 values"],
])("the number of values is bounded: %s", (_name, text, message) => {
  expect(() => readJson(text, limits)).toThrow(message);
});

test("points, commas and letters inside texts are no values and no decimals", () => {
  const text = "1.5, 2e3, [{".repeat(20);
  expect(readJson(JSON.stringify({ text, flag: true, list: [false, 12] }), limits)).toEqual({ text, flag: true, list: [false, 12] });
});

test("escaped quotes and back slashes end a text where the parser ends it", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.string(), (json, tail) => {
      const wide = { depth: 32, values: 1_000_000, valuesWithDecimals: 1_000_000 };
      const value: unknown = JSON.parse(json);
      fc.pre(typeof value === "object" && value !== null);
      expect(extentOf(`${json}${tail}`, wide)).toMatchObject({ start: 0, end: json.length });
    }),
  );
});

test("a body without decimals is read without a look at every value", () => {
  const reviver = vi.spyOn(JSON, "parse");
  readJson('{"a":[1,2,"1.5"]}', limits);
  expect(reviver.mock.lastCall).toEqual(['{"a":[1,2,"1.5"]}', undefined]);
  readJson('{"a":1.5}', limits);
  expect(reviver.mock.lastCall?.[1]).toBeTypeOf("function");
  reviver.mockRestore();
});
