import { expect, test } from "vitest";
import { withoutTolerated } from "./tolerated.ts";

const visit = "  nat | visit: exact match, other case | body | expected 200 | got null";

test("only the very line is tolerated, and it is said why", () => {
  const { counts, reasons } = withoutTolerated(`FAIL nat: 32 passed, 1 failed, 20.4 s\n${visit}\n`, { passed: 32, failed: 1 });
  expect([counts, reasons.length]).toEqual([{ passed: 32, failed: 0 }, 1]);
  expect(withoutTolerated(visit.replace("null", "502"), { passed: 32, failed: 1 }).counts.failed).toBe(1);
});
