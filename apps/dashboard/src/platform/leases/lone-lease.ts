import type { Database } from "#platform/database";
import type { Lease } from "./model.ts";

/** For a dashboard that is the only one on its database: it holds the lease from the start to the end, and no row says so. */
export function createLoneLease(database: Pick<Database, "kysely" | "change" | "transaction">): Lease {
  return {
    held: true,
    maySend: true,
    isShared: false,
    holder: undefined,
    database,
    carry: (component) => component,
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
