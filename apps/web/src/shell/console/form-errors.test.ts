import { expect, test } from "vitest";
import { blockingErrors, changedFields, wrongFields } from "./form-errors.ts";

test("fields differ by value, not by object", () => {
  const stored = { name: "a", tags: ["x"], on: false };
  expect(changedFields(stored, { name: "a", tags: ["x"], on: false })).toEqual([]);
  expect(changedFields(stored, { name: "b", tags: ["y"], on: false })).toEqual(["name", "tags"]);
});

test("a stored value that does not pass the check goes back unchanged, a new one has to pass", () => {
  const found = { name: "empty", weight: "no number" };
  expect(blockingErrors(found, ["weight"], false)).toEqual({ weight: "no number" });
  expect(blockingErrors(found, [], false)).toEqual({});
  expect(blockingErrors(found, [], true)).toEqual(found);
});

test("fields that are judged together count when one of them was changed", () => {
  const found = { group: "nobody", weight: "no number" };
  const values: (keyof { group: string; notify: boolean; weight: string })[] = ["notify"];
  expect(blockingErrors<{ group: string; notify: boolean; weight: string }>(found, values, false, [["group", "notify"]])).toEqual({
    group: "nobody",
  });
  expect(blockingErrors<{ group: string; notify: boolean; weight: string }>(found, [], false, [["group", "notify"]])).toEqual({});
});

test("wrong fields come in the order of the form", () => {
  const labels = { name: "Name", weight: "Weight", note: "Note" };
  expect(wrongFields({ note: "long", name: "empty", weight: undefined }, labels)).toEqual(["name", "note"]);
});
