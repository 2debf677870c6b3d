import { expect, test } from "vitest";
import { better, stepsBack } from "./compare.ts";

test("a quarter more is let through, and no more", () => {
  expect(stepsBack({ start: 125, memory: 100 }, { start: 100, memory: 100 })).toEqual([]);
  expect(stepsBack({ start: 126, memory: 90 }, { start: 100, memory: 100 })).toEqual(["start: 126, was 100 (+26 %)"]);
});

test("a figure that is no longer measured is a step back, a new one is none", () => {
  expect(stepsBack({ other: 1 }, { start: 100 })).toEqual(["start was not measured"]);
});

test("of two runs the lower figures count", () => {
  expect(better({ start: 130, memory: 90 }, { start: 120, memory: 95 })).toEqual({ start: 120, memory: 90 });
});
