import { expect, test } from "vitest";
import { coveredCount, readFlagCoverage, readTaskCoverage, writeFlagCoverage, writeTaskCoverage } from "./coverage.ts";

test("services and rules: 0 leaves out, 1 names; only true counts", () => {
  expect(readFlagCoverage(0, { "3": true, "4": false })).toEqual({ mode: "except", ids: [3] });
  expect(readFlagCoverage(1, { "3": true })).toEqual({ mode: "only", ids: [3] });
  expect(readFlagCoverage(0, null)).toEqual({ mode: "except", ids: [] });
  expect(writeFlagCoverage({ mode: "only", ids: [3, 5] })).toEqual({ cover: 1, flags: { "3": true, "5": true } });
});

test("tasks number it the other way round", () => {
  expect([0, 1, 2].map((cover) => readTaskCoverage(cover, [1]).mode)).toEqual(["only", "except", "alerting"]);
  expect(writeTaskCoverage({ mode: "except", ids: [1] })).toEqual({ cover: 1, servers: [1] });
  expect(readTaskCoverage(0, null)).toEqual({ mode: "only", ids: [] });
});

test("servers that are gone are not counted", () => {
  expect(coveredCount({ mode: "except", ids: [2, 99] }, [1, 2, 3])).toBe(2);
  expect(coveredCount({ mode: "only", ids: [2, 99] }, [1, 2, 3])).toBe(1);
});
