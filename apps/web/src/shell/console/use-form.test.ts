import { expect, test } from "vitest";
import { changedFields } from "./use-form.ts";

test("fields differ by value, not by object", () => {
  const stored = { name: "a", tags: ["x"], on: false };
  expect(changedFields(stored, { name: "a", tags: ["x"], on: false })).toEqual([]);
  expect(changedFields(stored, { name: "b", tags: ["y"], on: false })).toEqual(["name", "tags"]);
});
