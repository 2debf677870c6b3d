import { expect, test } from "vitest";
import { BROKEN, judgeDriver } from "./driver.ts";

const excused = (line: string): string | undefined => (line.startsWith("FAIL known") ? "it is known" : undefined);

test("what is excused counts as no failure, and only what is not is told", () => {
  const output = "ok   a\nFAIL known b\nFAIL c: wanted 1\n1 passed, 2 failed\n";
  expect(judgeDriver(output, 1, excused)).toEqual({
    counts: { passed: 1, failed: 1 },
    failures: ["FAIL c: wanted 1"],
    reasons: ["it is known"],
  });
  expect(judgeDriver("FAIL known b\n1 passed, 1 failed\n", 1, excused)).toMatchObject({
    counts: { passed: 1, failed: 0 },
    failures: [],
  });
});

test("an end without a last line, and a bad end after a good one, are failures and are told", () => {
  const early = judgeDriver("ok   a\n", 0, excused);
  expect(early.counts).toEqual(BROKEN);
  expect(early.failures.at(-1)).toContain("before its last line");
  const late = judgeDriver("1 passed, 0 failed\n", 3, excused);
  expect(late.counts).toEqual({ passed: 1, failed: 1 });
  expect(late.failures.at(-1)).toContain("code 3");
});
