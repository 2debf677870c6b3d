import { MaintenanceResult, MaintenanceStatus } from "@windfire/api";
import { adminOnly, formatInstant, refuse } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { route } from "#platform/http";
import type { AnyRoute } from "#platform/http";

export interface MaintenanceDeps {
  readonly now: () => number;
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  /** Rewrites the database file without gaps, off the event loop. */
  readonly vacuum: () => Promise<void>;
  /** Writes all history that is still buffered. */
  readonly flushHistory: () => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export interface Maintenance {
  readonly routes: readonly AnyRoute[];
  /** Runs once; joins a run that is under way. Resolves to whether all steps went through. */
  run(): Promise<boolean>;
}

type Step = "vacuum" | "history";

/** Keeps the stores compact (spec 10 section 15): weekly by schedule, and when an administrator asks. */
export function createMaintenance(deps: MaintenanceDeps): Maintenance {
  let running: Promise<boolean> | undefined;
  const status: { step: Step | null; startedAt: number; finishedAt: number; failed: Step[] } = {
    step: null,
    startedAt: 0,
    finishedAt: 0,
    failed: [],
  };

  const perform = async (step: Step, work: () => Promise<void>): Promise<void> => {
    status.step = step;
    try {
      await work();
    } catch (error) {
      status.failed.push(step);
      deps.onError(error);
    }
  };
  const runAll = async (): Promise<boolean> => {
    Object.assign(status, { startedAt: deps.now(), finishedAt: 0, failed: [] });
    await perform("vacuum", deps.vacuum);
    await perform("history", deps.flushHistory);
    Object.assign(status, { step: null, finishedAt: deps.now() });
    return status.failed.length === 0;
  };
  const run = (): Promise<boolean> => {
    running ??= runAll().finally(() => {
      running = undefined;
    });
    return running;
  };
  return {
    run,
    routes: [
      route({
        method: "POST",
        path: "/maintenance",
        access: adminOnly(),
        summary: "Compact the database and write buffered history; answers when it is done",
        tag: "maintenance",
        data: MaintenanceResult,
        run: async ({ caller }) => {
          const deed = { actor: actorOf(caller), action: "maintenance.run", kind: "maintenance", key: "maintenance" };
          const done = run();
          await deps.database.change((tx) => deps.audit.write(tx, deed));
          if (!(await done)) throw refuse("database error");
          return null;
        },
      }),
      route({
        method: "GET",
        path: "/maintenance/status",
        access: adminOnly(),
        summary: "How far the running maintenance is, or how the last one went",
        tag: "maintenance",
        data: MaintenanceStatus,
        run: () => ({
          running: running !== undefined,
          step: status.step,
          started_at: formatInstant(status.startedAt),
          finished_at: formatInstant(status.finishedAt),
          failed: [...status.failed],
        }),
      }),
    ],
  };
}
