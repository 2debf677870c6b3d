import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linesAboutFailures, whatFailed } from "./what-failed.ts";

test.each([
  [
    "a test",
    "\u001b[31m FAIL \u001b[39m a.test.ts > adds\nAssertionError: expected 1 to be 2\n ✓ b.test.ts\n",
    [" FAIL  a.test.ts > adds", "AssertionError: expected 1 to be 2"],
  ],
  [
    "a recorded answer",
    "ok   users: 3 passed\nFAIL nat: 1 failed\n  nat | visit | body | expected 200 | got null\n",
    ["FAIL nat: 1 failed", "  nat | visit | body | expected 200 | got null"],
  ],
  ["a figure", "start: 1.4 (accepted 1)\na step back: start 40 %\n", ["a step back: start 40 %"]],
  ["an end without a word", "one\n\ntwo\n", ["one", "two"]],
])("of the output of %s what failed is said again", (_, output, lines) => {
  expect(linesAboutFailures(output)).toEqual(lines);
});

test("much that failed is said in part", () => {
  const lines = linesAboutFailures(Array.from({ length: 100 }, (_, at) => `FAIL ${at} ${"x".repeat(1_000)}`).join("\n"));
  expect(lines).toHaveLength(40);
  expect(lines[0]).toHaveLength(300);
});

test("only steps that failed are told of", async () => {
  const folder = await mkdtemp(join(tmpdir(), "failed-"));
  await Promise.all([
    writeFile(join(folder, "unit.log"), "FAIL but not marked"),
    writeFile(join(folder, "web.log"), "src/a.ts: error TS1: no"),
    writeFile(join(folder, "web.failed"), ""),
  ]);
  expect(await whatFailed(folder)).toEqual(["::: what failed in web", "src/a.ts: error TS1: no"]);
  await rm(folder, { recursive: true });
});
