import fc from "fast-check";
import { expect, test } from "vitest";
import { createFilter, parseFilter } from "./filter.ts";

interface Item {
  name: string;
  groups: string[];
  cpu: number | undefined;
}
const fields = {
  words: (item: Item) => item.name,
  texts: { group: (item: Item) => item.groups },
  numbers: { cpu: (item: Item) => item.cpu },
};
const tokyo: Item = { name: "tokyo-1", groups: ["Asia", "Data base"], cpu: 90 };
const paris: Item = { name: "Paris 2", groups: ["Europe"], cpu: undefined };
const found = (text: string) => [tokyo, paris].filter(createFilter(text, fields).matches).map((item) => item.name);

test.each([
  ["", ["tokyo-1", "Paris 2"]],
  ["PAR", ["Paris 2"]],
  ["group:asia", ["tokyo-1"]],
  ["group:asia,eu", ["tokyo-1", "Paris 2"]],
  ['group:"data base"', ["tokyo-1"]],
  ["cpu>80", ["tokyo-1"]],
  ["cpu>80%", ["tokyo-1"]],
  ["cpu<80", []],
  ["o cpu>80 group:a", ["tokyo-1"]],
  ["colour:red", ["tokyo-1", "Paris 2"]],
])("%s finds %j", (text, expected) => {
  expect(found(text)).toEqual(expected);
});

test("parts that say nothing are named, not dropped", () => {
  const filter = createFilter("colour:red cpu>many par", fields);
  expect(filter.invalid.map((part) => part.text)).toEqual(["colour:red", "cpu>many"]);
  expect(filter.parts).toHaveLength(3);
});

test("no text makes it throw, and joining the parts gives the same filter", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parts = parseFilter(text);
      expect(parseFilter(parts.map((part) => part.text).join(" "))).toEqual(parts);
    }),
  );
});
