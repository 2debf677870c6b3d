import { expect, test } from "vitest";
import { readColumns, writeColumns } from "./column-choice.ts";

test.each([undefined, "", "auto"])("%j leaves it to the width", (text) => {
  expect(readColumns(text)).toBeUndefined();
});

test("known columns in their own order, unknown ones are left out", () => {
  expect(readColumns("disk,cpu,nonsense")).toEqual(["cpu", "disk"]);
  expect(readColumns(writeColumns(["cpu", "uptime"]))).toEqual(["cpu", "uptime"]);
  expect(readColumns(writeColumns([]))).toEqual([]);
});
