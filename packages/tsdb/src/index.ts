export type { Points } from "./query/buckets.ts";
export { nodeDisk, type Disk, type DiskFile } from "./files/disk.ts";
export type { Latest } from "./latest.ts";
export type { WriteState } from "./gate.ts";
export type { Column, Family, Stat } from "./schema.ts";
export { openStore, SLOT_MS, type Query, type Store, type StoreLimits, type StoreOptions } from "./store.ts";
export type { StoreStats } from "./stats.ts";
