import { MaintenanceResult, MaintenanceStatus } from "@windfire/api";
import { adminOnly, formatInstant, refuse } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Runs } from "./runs.ts";

export interface MaintenanceRouteDeps {
  readonly runs: Runs;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
}

const tag = "maintenance";

export function maintenanceRoutes({ runs, database, audit }: MaintenanceRouteDeps): AnyRoute[] {
  return [
    route({
      method: "POST",
      path: "/maintenance",
      access: adminOnly(),
      summary: "Compact the database and write buffered history; answers when it is done",
      tag,
      data: MaintenanceResult,
      run: async ({ caller }) => {
        const deed = { actor: actorOf(caller), action: "maintenance.run", kind: "maintenance", key: "maintenance" };
        // Begun first: the line waits for a database that is being rewritten, and who comes meanwhile joins that run.
        const done = runs.run();
        await database.change((tx) => audit.write(tx, deed));
        if (!(await done)) throw refuse("database error");
        return null;
      },
    }),
    route({
      method: "GET",
      path: "/maintenance/status",
      access: adminOnly(),
      summary: "How far the running maintenance is, or how the last one went",
      tag,
      data: MaintenanceStatus,
      run() {
        const { running, step, startedAt, finishedAt, failed } = runs.status();
        return { running, step, started_at: formatInstant(startedAt), finished_at: formatInstant(finishedAt), failed: [...failed] };
      },
    }),
  ];
}
