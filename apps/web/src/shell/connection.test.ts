import { expect, test } from "vitest";
import { connectionOf } from "./connection.tsx";

const status = { phase: "open", lostAt: undefined, frameNow: 1, frameAt: 0, viewers: 1, kept: false } as const;

test.each([
  [{ ...status, frameNow: 0 }, 0, "connecting"],
  [status, 99_000, "live"],
  [{ ...status, lostAt: 1000 }, 5900, "live"],
  [{ ...status, lostAt: 1000 }, 6000, "reconnecting"],
  [{ ...status, lostAt: 1000 }, 16_000, "stale"],
  [{ ...status, lostAt: 1000, kept: true }, 1000, "stale"],
] as const)("%j at %d ms is %s", (given, now, expected) => {
  expect(connectionOf(given, now)).toBe(expected);
});
