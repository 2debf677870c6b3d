import { expect, test } from "vitest";
import { refusalIn } from "./browser-download.ts";

test.each([
  ['{"success":false,"error":"no such file"}', "no such file"],
  ['{"error":""}', "The connection to the dashboard has ended"],
  ["<h1>502</h1>", "The connection to the dashboard has ended"],
  ["", "The connection to the dashboard has ended"],
])("what stands in place of a file: %s", (text, reason) => {
  expect(refusalIn(text)).toBe(reason);
});
