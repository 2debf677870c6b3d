import { expect, test } from "vitest";
import { asFolder, crumbsOf, parentOf, samePlace, within } from "./paths.ts";

test.each([
  ["/", undefined],
  ["/root/", "/"],
  ["/root/logs/", "/root/"],
  ["C:\\", undefined],
  ["C:\\Users\\me\\", "C:\\Users\\"],
])("the folder above %s is %s", (path, parent) => {
  expect(parentOf(path)).toBe(parent);
});

test("crumbs lead from the top", () => {
  expect(crumbsOf("/root/logs/").map(({ path }) => path)).toEqual(["/", "/root/", "/root/logs/"]);
  expect(crumbsOf("C:\\Users\\").map(({ path }) => path)).toEqual(["C:\\", "C:\\Users\\"]);
});

test("names are put below their folder", () => {
  expect(within("/root", "a")).toBe("/root/a");
  expect(within("C:\\Users\\", "a")).toBe("C:\\Users\\a");
  expect(asFolder("")).toBe("");
});

test("a separator at the end is no difference", () => {
  expect(samePlace("/root", "/root/")).toBe(true);
  expect(samePlace("/rot", "/root/")).toBe(false);
  expect(samePlace("", "/root/")).toBe(true);
});
