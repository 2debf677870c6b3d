export const DAY_MS = 86_400_000;

/** Resolutions that outlive the points themselves. */
export type RollLevel = "five" | "hour";
export const ROLL_LEVELS = ["five", "hour"] as const;
export const ROLL_MS: Readonly<Record<RollLevel, number>> = { five: 300_000, hour: 3_600_000 };
/** Half-hour points of the days whose points are still there, a few days in one file: long windows need not read every point. */
export const HALF_MS = 1_800_000;
export const HALF_DAYS = 8;
/** Files beside the points. */
export type SegmentKind = "raw" | "half" | RollLevel;
