import { join, dirname } from "node:path";
import { reasonOf } from "@windfire/kit";
import { SYSTEM } from "#platform/audit";
import type { Actor, AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { parseSchedule } from "#platform/scheduler";
import type { Job, Scheduler } from "#platform/scheduler";
import { createLocalPlace } from "./local-place.ts";
import type { LocalPlace } from "./local-place.ts";
import type { Backup } from "./making.ts";
import { backupStore } from "./settings.ts";
import type { BackupRun, BackupSettings } from "./settings.ts";
import { createWorkshop } from "./workshop.ts";
import type { WorkshopDeps } from "./workshop.ts";

export interface RunnerDeps extends WorkshopDeps {
  readonly database: Pick<Database, "kysely" | "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly scheduler: Pick<Scheduler, "at">;
  /** Zone of `at` in the settings. */
  readonly location: string;
  /** Tells a group of channels that one failed, and why. */
  readonly tellFailure: (groupId: number, reason: string) => void;
}

export interface BackupRunner {
  readonly local: LocalPlace;
  readonly folder: string;
  readonly running: boolean;
  /** Begins a backup to where the settings say, or joins the one under way; resolves when it is over. */
  run(by: BackupRun["by"], actor: Actor): Promise<void>;
  /** A backup for whoever takes it away; one at a time. The caller removes its snapshot. Undefined: one is under way. */
  take(): Promise<{ readonly name: string; readonly backup: Backup } | undefined>;
  /** When the next one is due, Unix milliseconds. */
  nextAt(settings: BackupSettings): number | undefined;
  /** Plans by the settings, anew after they changed. */
  plan(settings: BackupSettings): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** Makes backups, one at a time. */
export function createRunner(deps: RunnerDeps): BackupRunner {
  const { clock, database, installation } = deps;
  const folder = join(dirname(installation.databasePath), "backups");
  const local = createLocalPlace(folder);
  let running: Promise<void> | undefined;
  let taken = false;
  let job: Job | undefined;

  const workshop = createWorkshop(deps, local);
  const runOnce = async (by: BackupRun["by"], actor: Actor): Promise<void> => {
    const startedAt = clock.now();
    const settings = await backupStore.settings(database.kysely);
    const outcome = await workshop.keep(settings).catch((error: unknown) => ({ name: "", size: 0, error: reasonOf(error) }));
    if (outcome.error !== "") {
      deps.onError(new Error(`a backup failed: ${outcome.error}`));
      deps.tellFailure(settings.notification_group_id, outcome.error);
    }
    const run = { started_at: startedAt, took_ms: clock.now() - startedAt, by, ...outcome };
    await database.change(async (tx) => {
      await backupStore.noteRun(tx, run);
      const { name, size, error } = outcome;
      await deps.audit.write(tx, { actor, action: "backup.run", kind: "backup", key: name || "backup", to: { size, error } });
    });
  };

  const take = async (): Promise<{ readonly name: string; readonly backup: Backup } | undefined> => {
    if (taken || running !== undefined) return undefined;
    taken = true;
    try {
      const { name, backup } = await workshop.begin(await backupStore.settings(database.kysely));
      const { snapshot } = backup;
      let isRemoved = false;
      // Whoever takes the next one is not disturbed by a second call.
      const remove = async (): Promise<void> => {
        if (isRemoved) return;
        isRemoved = true;
        taken = false;
        await snapshot.remove();
      };
      return { name, backup: { ...backup, snapshot: { ...snapshot, remove } } };
    } catch (error) {
      taken = false;
      throw error;
    }
  };

  return {
    local,
    folder,
    get running() {
      return running !== undefined || taken;
    },
    run(by, actor) {
      running ??= runOnce(by, actor).finally(() => {
        running = undefined;
      });
      return running;
    },
    take,
    nextAt: (settings) => {
      const expression = expressionOf(settings);
      const parsed = expression === undefined ? undefined : parseSchedule(expression, deps.location);
      return parsed === undefined || "error" in parsed ? undefined : parsed.schedule.next(clock.now());
    },
    plan(settings) {
      job?.cancel();
      const expression = expressionOf(settings);
      job =
        expression === undefined
          ? undefined
          : deps.scheduler.at(expression, "backup", "judge", () => this.run("schedule", SYSTEM).catch(deps.onError));
    },
    async stop() {
      job?.cancel();
      await running?.catch(() => undefined);
    },
  };
}

function expressionOf({ every, at }: BackupSettings): string | undefined {
  if (every === "never") return undefined;
  const [hour = "3", minute = "30"] = at.split(":");
  return `0 ${Number(minute)} ${Number(hour)} * * ${every === "weekly" ? "0" : "*"}`;
}
