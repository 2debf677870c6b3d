import fc from "fast-check";
import { expect, test } from "vitest";
import { firstValue, rawMembers } from "./raw-json.ts";

test.each([
  ['{"a":1}', '{"a":1}'],
  [' \n{"a":"}"} trailing', '{"a":"}"}'],
  ['{"a":"\\"}"}{"b":2}', '{"a":"\\"}"}'],
  ['"\\\\" 1', '"\\\\"'],
  ["null]", "null"],
  ["12 13", "12"],
  ["[[1],[2]] x", "[[1],[2]]"],
])("of %s the first value is %s", (text, value) => {
  expect(firstValue(text, 8)).toBe(value);
});

test.each([
  ["", "EOF"],
  [" \t", "EOF"],
  ["{", "unexpected EOF"],
  ['{"a":"', "unexpected EOF"],
  ['"\\"', "unexpected EOF"],
  ["[[[1]]]", "nested deeper than 2 levels"],
])("%j: %s", (text, fault) => {
  expect(() => firstValue(text, 2)).toThrow(fault);
});

test("members keep the text they were written in; the last of a name counts", () => {
  const members = rawMembers('{ "id" : 1.0e1 , "p":{"x" : [1, "}"]}, "id":"\\u0041","e":{} }');
  expect([...members]).toEqual([
    ["id", '"\\u0041"'],
    ["p", '{"x" : [1, "}"]}'],
    ["e", "{}"],
  ]);
});

test.each(["[1]", '"a"', "null", "{}"])("%s has no members", (text) => {
  expect(rawMembers(text).size).toBe(0);
});

test("whatever JSON says, raw members say the same", () => {
  const documents = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(documents, fc.constantFrom(0, 2), fc.string(), (document, indent, tail) => {
      const text = JSON.stringify(document, undefined, indent);
      expect(firstValue(`\n${text}${tail}`, 64)).toBe(text);
      const parsed = JSON.parse(text) as Record<string, unknown>;
      const members = [...rawMembers(text)].map(([name, raw]) => [name, JSON.parse(raw) as unknown]);
      expect(new Map(members as [string, unknown][])).toEqual(new Map(Object.entries(parsed)));
    }),
  );
});
