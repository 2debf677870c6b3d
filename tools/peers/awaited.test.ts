import { expect, test } from "vitest";
import { judgeEngines } from "./awaited.ts";
import type { CheckRow } from "./awaited.ts";

const AWAITED = { A1: "no alerts yet" };
const row = (id: string, result: CheckRow["result"]): CheckRow => ({ id, result, title: "what it checks", evidence: "what it saw" });

test.each<[what: string, rows: CheckRow[], counts: { passed: number; failed: number }, told: string[], failures: unknown[]]>([
  [
    "an awaited check that fails is no failure",
    [row("A1", "WEAK"), row("B1", "ok")],
    { passed: 1, failed: 0 },
    ["awaited: A1: no alerts yet"],
    [],
  ],
  ["one that passes is, so that the list shrinks", [row("A1", "ok")], { passed: 0, failed: 1 }, [], [expect.stringContaining("A1 passes")]],
  [
    "an error of an awaited check itself is a failure",
    [row("A1", "ERR")],
    { passed: 0, failed: 1 },
    [],
    ["FAIL A1 ERR: what it checks — what it saw"],
  ],
  [
    "any other check that fails is one",
    [row("A1", "WEAK"), row("B1", "WEAK"), row("B2", "ERR")],
    { passed: 0, failed: 2 },
    ["awaited: A1: no alerts yet"],
    ["FAIL B1 WEAK: what it checks — what it saw", "FAIL B2 ERR: what it checks — what it saw"],
  ],
  [
    "an awaited check that does not exist is one",
    [row("B1", "ok")],
    { passed: 1, failed: 1 },
    [],
    [expect.stringContaining("no such check")],
  ],
  ["what does not apply here counts as nothing", [row("A1", "n.a."), row("B1", "n.a.")], { passed: 0, failed: 0 }, [], []],
])("%s", (_what, rows, counts, told, failures) => {
  expect(judgeEngines(rows, AWAITED)).toEqual({ counts, told, failures });
});
