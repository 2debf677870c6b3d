import { DecimalLiteral } from "@windfire/api";
import { expect, test } from "vitest";
import { BodyError, readJson } from "./json-body.ts";

test.each<[string, unknown]>([
  ['{"a":1}', { a: 1 }],
  [" \n[1,2] trailing words", [1, 2]],
  ['{"a":"}"}{"b":2}', { a: "}" }],
  ['{"a":"\\"]"} x', { a: '"]' }],
  ["null", null],
  ['"text" tail', "text"],
  ["12 13", 12],
])("%s is read as far as its first value", (text, value) => {
  expect(readJson(text, 32)).toEqual(value);
});

test.each(["1.0", "1e2", "2.5", "-0.0"])("%s is kept as a decimal literal", (text) => {
  expect(readJson(`{"n":${text}}`, 32)).toEqual({ n: new DecimalLiteral(Number(text)) });
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
  expect(() => readJson(text, 32)).toThrow(BodyError);
  expect(() => readJson(text, 32)).toThrow(message);
});

test("nesting is bounded", () => {
  expect(readJson("[".repeat(32) + "]".repeat(32), 32)).toBeTruthy();
  expect(() => readJson("[".repeat(33) + "]".repeat(33), 32)).toThrow("deeper than 32 levels");
  expect(() => readJson("[".repeat(100_000), 32)).toThrow("deeper than 32 levels");
});
