export type { Points } from "./buckets.ts";
export { nodeDisk, type Disk, type DiskFile } from "./disk.ts";
export type { WriteState } from "./gate.ts";
export type { Column, Family, Stat } from "./schema.ts";
export { openStore, SLOT_MS, type Latest, type Query, type Store, type StoreLimits, type StoreOptions } from "./store.ts";
export type { StoreStats } from "./stats.ts";
