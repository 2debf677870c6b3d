export { createChangeFeed } from "./change-feed.ts";
export type { ChangeFeed, Changes, Verb } from "./change-feed.ts";
export type { Kept, RecordChange, RecordKind, Subscriber } from "./kind.ts";
export type { RecordKey, Records } from "./record-cache.ts";
