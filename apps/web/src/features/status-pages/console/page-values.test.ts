import { expect, test } from "vitest";
import { checkPage, moved, newPage, slugOf } from "./page-values.ts";

test.each([
  ["Our shop", "our-shop"],
  ["  Überwachung!  ", "u-berwachung"],
  ["状態", ""],
  ["a".repeat(80), "a".repeat(64)],
])("the address of %j is %j", (title, slug) => expect(slugOf(title)).toBe(slug));

const PAGE = newPage("Shop", "shop", "en");

test.each([
  [{}, []],
  [{ title: " " }, ["title"]],
  [{ slug: "-shop" }, ["slug"]],
  [{ visibility: "password" as const }, ["password"]],
  [{ visibility: "password" as const, password: "secret" }, []],
  [{ links: [{ title: "Home", url: "javascript:alert(1)" }] }, ["links"]],
  [{ links: [{ title: "Mail", url: "mailto:ops@example.org" }] }, []],
  [{ groups: [{ name: "", names: {}, parts: [] }] }, ["groups"]],
])("of %j is wrong: %j", (change, fields) => {
  expect(Object.keys(checkPage({ ...PAGE, ...change }, false))).toEqual(fields);
});

test("a password that is stored need not be written again", () => {
  expect(checkPage({ ...PAGE, visibility: "password" }, true)).toEqual({});
});

test("entries move by one and never past an end", () => {
  expect(moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
  expect(moved(["a", "b", "c"], 2, -1)).toEqual(["a", "c", "b"]);
  expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
});
