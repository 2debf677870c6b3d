import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/asvs.md"), "utf8");
const rows = [...page.matchAll(/^\| (?<row>\d+\.\d+\.\d+) \| \d \| [^|]+ \| (?<met>[a-z/]+) \| (?<by>.+) \|$/gm)].map(
  ({ groups: { row = "", met = "", by = "" } = {} }) => ({ row, met, by }),
);

const EVIDENCE = /`(?<file>\w[\w./-]*\/[\w./-]+)`(?:: (?<name>[^;`]+?)(?= \(|;|$))?/g;

/** What is wrong with one piece of evidence, as a list of at most one line. */
function faults(row: string, file: string, name: string): string[] {
  const path = join(root, file);
  if (!existsSync(path)) return [`${row}: ${file}`];
  return file.includes(".test.") && !readFileSync(path, "utf8").includes(name) ? [`${row}: ${name}`] : [];
}

test("every file that the page on ASVS names is there, and every test in it", () => {
  const named = rows.flatMap(({ row, by }) =>
    [...by.matchAll(EVIDENCE)].flatMap((match) => faults(row, match.groups?.["file"] ?? "", match.groups?.["name"] ?? "")),
  );
  expect(named).toEqual([]);
});

test("the figures at its head are those of its rows", () => {
  const count = (word: string): number => rows.filter(({ met }) => met === word).length;
  const head = `Of ${rows.length} rows ${count("yes")} are met by the program and ${count("docs")} by pages, ${count("partly")} partly, ${count("no")} are not, ${count("n/a")} do not arise.`;
  expect(page).toContain(head);
});
