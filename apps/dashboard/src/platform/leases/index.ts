export { createLoneLease } from "./lone-lease.ts";
export { createSharedLease } from "./shared-lease.ts";
export type { SharedLeaseDeps } from "./shared-lease.ts";
export { LeaseLostError } from "./model.ts";
export type { Lease, Seat } from "./model.ts";
