/** How far back a history goes (spec 11 section 4.7). */
export type Period = "1d" | "7d" | "30d";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Length of the window and of one point, milliseconds. The window ends now; points begin at multiples of their length since the epoch. */
export const PERIODS: Readonly<Record<Period, { readonly window: number; readonly bucket: number }>> = {
  "1d": { window: DAY, bucket: 30 * SECOND },
  "7d": { window: 7 * DAY, bucket: 30 * MINUTE },
  "30d": { window: 30 * DAY, bucket: 2 * HOUR },
};

/** What services are kept for besides, as roll-ups: only the detail tells of it. */
export type ProbePeriod = Period | "90d" | "1y" | "10y";

/** The same as {@link PERIODS}. Roll-ups of 5 minutes are kept for 400 days, those of an hour for ten years. */
export const PROBE_PERIODS: Readonly<Record<ProbePeriod, { readonly window: number; readonly bucket: number }>> = {
  ...PERIODS,
  "90d": { window: 90 * DAY, bucket: 6 * HOUR },
  "1y": { window: 365 * DAY, bucket: DAY },
  "10y": { window: 3650 * DAY, bucket: 10 * DAY },
};
