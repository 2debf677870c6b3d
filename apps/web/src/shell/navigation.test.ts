import fc from "fast-check";
import { expect, test } from "vitest";
import { changedSearch, oneOf, parseSearch, stringifySearch } from "./navigation.ts";

test("parameters survive the address", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1 })), (params) => {
      expect(parseSearch(stringifySearch(params))).toEqual({ ...params });
    }),
  );
});

test("addresses stay readable", () => {
  expect(stringifySearch({ q: "group:asia,eu", zoom: "1-2", empty: "" })).toBe("?q=group:asia,eu&zoom=1-2");
  expect(stringifySearch({})).toBe("");
});

test("an empty value removes a parameter", () => {
  expect(changedSearch({ a: "1", b: "2" }, { a: "", c: "3" })).toEqual({ b: "2", c: "3" });
});

test("only allowed values count", () => {
  expect(oneOf("b", ["a", "b"])).toBe("b");
  expect(oneOf("c", ["a", "b"])).toBeUndefined();
});
