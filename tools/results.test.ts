import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { failedInVitestReport, parseClosingLine, parseVitestReport, readCounts, writeCounts } from "./results.ts";

test.each([
  ["== one\n12 passed, 3 failed\n", { passed: 12, failed: 3 }],
  ["1 passed, 1 failed\nmore\n20 passed, 0 failed, 2 skipped\n", { passed: 20, failed: 0 }],
  ["the dashboard ended with 1", undefined],
])("the closing line of %j", (output, counts) => {
  expect(parseClosingLine(output)).toEqual(counts);
});

const report = (...files: { status: string; assertionResults: { status: string }[] }[]) =>
  JSON.stringify({ numPassedTests: 5, numFailedTests: 1, testResults: files });

test("a file that could not be loaded counts as a failure, and one that failed before or after its tests", () => {
  const [passed, failed] = [{ status: "passed" }, { status: "failed" }];
  expect(parseVitestReport(report({ status: "passed", assertionResults: [passed] }))).toEqual({ passed: 5, failed: 1 });
  expect(parseVitestReport(report({ status: "failed", assertionResults: [passed, failed] }))).toEqual({ passed: 5, failed: 1 });
  expect(parseVitestReport(report({ status: "failed", assertionResults: [] }))).toEqual({ passed: 5, failed: 2 });
  expect(parseVitestReport(report({ status: "failed", assertionResults: [passed] }))).toEqual({ passed: 5, failed: 2 });
});

test("each failed test is named, and each file that failed without one", () => {
  const text = JSON.stringify({
    testResults: [
      {
        name: "a.test.ts",
        status: "failed",
        assertionResults: [
          { status: "passed", fullName: "adds" },
          { status: "failed", fullName: "halves", failureMessages: ["Error: 1 is not 2\n  at here"] },
        ],
      },
      { name: "b.test.ts", status: "failed", message: "cannot be read", assertionResults: [] },
      { name: "c.test.ts", status: "passed", assertionResults: [] },
    ],
  });
  expect(failedInVitestReport(text)).toEqual(["FAIL halves: Error: 1 is not 2", "FAIL b.test.ts: cannot be read"]);
});

test("all suites are summed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "results-"));
  await writeCounts("replay", { passed: 100, failed: 2 }, folder);
  await writeFile(join(folder, "unit.vitest.json"), report());
  await writeFile(join(folder, "notes.txt"), "not a result");
  await mkdir(join(folder, "screenshots"));
  expect(await readCounts(folder)).toEqual({ passed: 105, failed: 3 });
  await rm(folder, { recursive: true });
});
