import { expect, test } from "vitest";
import { formatTable, formatValue, latencyFigures } from "./figures.ts";
import { parseBenchOptions } from "./options.ts";
import { parseProcessCost } from "./process-cost.ts";

test("the kernel's figures of a process, whatever its name", () => {
  const stat = "4711 (node (a b)) S 1 4711 4711 0 -1 4194560 100 0 0 0 1234 66 0 0 20 0 11 0 100 1000 500 18446744073709551615";
  expect(parseProcessCost(stat, "Name:\tnode\nVmRSS:\t  204800 kB\nRssAnon:\t   12288 kB\nThreads:\t11\n")).toEqual({
    cpuSeconds: 13,
    residentMb: 200,
    anonymousMb: 12,
  });
});

test("median and tail do not depend on the order of the numbers", () => {
  const times = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(latencyFigures("m", "receipt", times).map(({ value }) => value)).toEqual([51, 100]);
  expect(latencyFigures("m", "receipt", []).map(({ value }) => value)).toEqual([0, 0]);
});

test.each([
  [12345.6, "12346"],
  [12.345, "12.3"],
  [0.01234, "0.0123"],
  [0, "0"],
])("%d is written %s", (value, text) => {
  expect(formatValue(value)).toBe(text);
});

test("columns are aligned", () => {
  const table = formatTable([
    { measure: "a", name: "long name", value: 1, unit: "ms" },
    { measure: "bcd", name: "x", value: 1000, unit: "/s" },
  ]);
  expect(table).toBe("a    long name     1 ms\nbcd  x          1000 /s");
});

test("a run before stands beside what it also measured", () => {
  const now = [
    { measure: "a", name: "x", value: 110, unit: "ms" },
    { measure: "a", name: "new", value: 1, unit: "MB" },
    { measure: "a", name: "none", value: 0, unit: "" },
  ];
  const before = [
    { measure: "a", name: "x", value: 100, unit: "ms" },
    { measure: "a", name: "none", value: 0, unit: "" },
  ];
  expect(formatTable(now, before).split("\n")).toEqual(["a  x     110 ms  was 100, +10 %", "a  new     1 MB", "a  none    0     was 0"]);
});

test.each<[string[], unknown]>([
  [[], { seconds: 10, agents: 500, viewers: 100, only: [] }],
  [["--seconds", "2", "--only", "start,list"], { seconds: 2, agents: 500, viewers: 100, only: ["start", "list"] }],
  [["--agents", "0"], "--agents needs a whole number from 1 to 20000"],
  [["--agents"], "--agents needs a whole number from 1 to 20000"],
  [["--fast", "1"], "unknown argument --fast"],
  [["--only", "fast"], "--only fast: there are start, list"],
  [["--compare", "a.json"], { seconds: 10, agents: 500, viewers: 100, only: [], compare: "a.json" }],
  [["--compare"], "--compare needs a file"],
])("%j", (args, options) => {
  expect(parseBenchOptions(args, ["start", "list"])).toEqual(options);
});
