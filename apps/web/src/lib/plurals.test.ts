import { expect, test } from "vitest";
import { completePlurals } from "./plurals.ts";

test("a form that is not written is the general one", () => {
  expect(completePlurals({ a: { n_one: "un", n_other: "des" } }, "fr")).toEqual({ a: { n_one: "un", n_many: "des", n_other: "des" } });
  expect(completePlurals({ n_other: "x" }, "ja")).toEqual({ n_other: "x" });
});

test("written forms stay, whatever their order", () => {
  expect(completePlurals({ n_other: "o", n_few: "f", n_one: "e", text: "t" }, "ru")).toEqual({
    n_other: "o",
    n_few: "f",
    n_one: "e",
    n_many: "o",
    text: "t",
  });
});
