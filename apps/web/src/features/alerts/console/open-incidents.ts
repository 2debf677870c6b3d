const EVERY_MS = 10_000;
const MOST = 200;

/** How open incidents are read, the same wherever they are shown: path, query, and how often anew. */
export const OPEN_INCIDENTS = ["/incident", { open: "true", limit: MOST }, { everyMs: EVERY_MS }] as const;
