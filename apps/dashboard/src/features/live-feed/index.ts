export { createLiveFeed } from "./feed.ts";
export type { LiveFeedDeps, LiveFeed } from "./feed.ts";
export type { ClassLimits } from "./viewer-classes.ts";
