import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const ROW = /^\| (?<row>[^|]+) \| (?<rule>[^|]+) \| `(?<file>[^`]+)` \| (?<name>.+) \|$/;
const page = readFileSync(join(root, "docs/security-tests.md"), "utf8");
const rows = page.split("\n").flatMap((line) => {
  const { file = "", name = "" } = ROW.exec(line)?.groups ?? {};
  return file === "" ? [] : [{ file, name }];
});

test("every line of the page of security tests names a test that is there", () => {
  const lines = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| row "));
  expect(rows).toHaveLength(lines.length);
  const missing = rows.filter(({ file, name }) => !readFileSync(join(root, file), "utf8").includes(`"${name}"`));
  expect(missing).toEqual([]);
});
