export { createLoneLease } from "./lone-lease.ts";
export { createSharedLease } from "./shared-lease.ts";
export type { SharedLeaseDeps } from "./shared-lease.ts";
export type { FencedDatabase, Lease } from "./model.ts";
