import type { StoreLimits } from "../store-types.ts";

/** Limits that a short test does not meet. */
export const TEST_LIMITS: StoreLimits = { rawDays: 30, fiveMinuteDays: 400, hourDays: 4_000, sizeBudgetBytes: 2 ** 40, minFreeBytes: 0 };
