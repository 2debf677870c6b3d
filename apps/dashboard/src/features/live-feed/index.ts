export { createLiveFeed } from "./feed.ts";
export type { LiveFeedDeps, ClassLimits, LiveFeed } from "./feed.ts";
