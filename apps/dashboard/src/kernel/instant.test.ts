import { afterAll, beforeAll, expect, test } from "vitest";
import { formatInstant, ZERO_TIME } from "./instant.ts";

const zone = process.env["TZ"];
beforeAll(() => void (process.env["TZ"] = "Asia/Kolkata"));
afterAll(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

test.each([
  [0, ZERO_TIME],
  [1_760_000_000_000, "2025-10-09T14:23:20+05:30"],
  [1_760_000_000_120, "2025-10-09T14:23:20.12+05:30"],
  [1_760_000_000_001, "2025-10-09T14:23:20.001+05:30"],
])("%i ms is %s", (ms, text) => {
  expect(formatInstant(ms)).toBe(text);
});

test("an instant read back is the same instant", () => {
  for (const ms of [1, 951_782_399_999, 4_102_444_800_000]) expect(Date.parse(formatInstant(ms))).toBe(ms);
});
