import { expect, test } from "vitest";
import { phaseOf } from "./window-text.ts";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const once = (to: string) => ({ kind: "once", from: "2026-06-15T10:00:00Z", to }) as const;

test("what was planned once is over when it is; what comes again is not", () => {
  expect(phaseOf({ open: true, plan: once("2026-06-15T13:00:00Z") }, NOW)).toBe("open");
  expect(phaseOf({ open: false, plan: once("2026-06-15T11:00:00Z") }, NOW)).toBe("over");
  expect(phaseOf({ open: false, plan: once("2026-06-16T11:00:00Z") }, NOW)).toBe("planned");
  expect(phaseOf({ open: false, plan: { kind: "weekly", days: [1], at: "03:00", minutes: 60 } }, NOW)).toBe("planned");
});
