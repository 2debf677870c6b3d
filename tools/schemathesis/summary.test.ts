import { expect, test } from "vitest";
import { readSummary } from "./summary.ts";

const report = (cases: string): string =>
  ["API Operations:", "  Selected: 78/79", "  Tested: 78", "", "Test cases:", `  4732 generated, ${cases}`, "", "Seed: 1"].join("\n");

test.each([
  ["without findings", report("4732 passed"), { passed: 78, failed: 0 }],
  ["with findings", report("5 found 3 unique failures"), { passed: 75, failed: 3 }],
  ["with one finding", report("1 found 1 unique failure"), { passed: 77, failed: 1 }],
  ["cut off", "Schemathesis dev\n", undefined],
])("a report %s", (_case, text, counts) => {
  expect(readSummary(text)).toEqual(counts);
});
