import { createSerialQueue } from "@windfire/kit";
import { createAuditSearch } from "#platform/audit";
import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { pruneAudit } from "./retention.ts";
import { auditRoutes } from "./routes.ts";
import type { AuditRouteDeps } from "./routes.ts";

/** What the room needs of others. */
export interface AuditDeps {
  readonly audit: AuditRouteDeps["audit"];
  readonly database: Database;
  readonly now: () => number;
}

export interface AuditRoom {
  readonly routes: readonly AnyRoute[];
  /** Deletes lines that are not kept any more. */
  prune(): Promise<void>;
}

/** The audit log as administrators see it. */
export function createAuditRoom({ database, audit, now }: AuditDeps): AuditRoom {
  const lane = createSerialQueue();
  return {
    routes: auditRoutes({ database, audit, search: createAuditSearch(database) }),
    prune: () => lane.run(() => pruneAudit(database, now())),
  };
}
