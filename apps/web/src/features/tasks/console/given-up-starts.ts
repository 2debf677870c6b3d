const MOST = 50;
const SLOW_MS = 60_000;

/** How what was given up is read, wherever it is shown. */
export const GIVEN_UP_STARTS = ["/cron-trigger", { state: "dead", limit: MOST }, { everyMs: SLOW_MS }] as const;
