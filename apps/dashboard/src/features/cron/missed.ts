import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Changes, Database, Queries } from "#platform/database";
import type { Job, Scheduler } from "#platform/scheduler";
import type { Cron } from "./model.ts";
import { byTeller, isScheduled } from "./model.ts";
import { missedRuns } from "./run-model.ts";
import type { MissedRuns } from "./run-model.ts";
import type { RunRecorderDeps } from "./run-recorder.ts";
import { runStore } from "./run-store.ts";
import type { Crons } from "./store.ts";

/** Name of the value in table `wf_meta`: until when what was due had begun, Unix milliseconds. */
const SEEN = "cron_seen_at";
const NOTE_EVERY_MS = 60_000;
/** What was due so shortly before that may not have begun when the program was killed; what did is known by its run. */
const SPARE_MS = 10_000;
/** Who runs as often as this is not missed by people. */
const OFTEN_MS = 10 * 60_000;
/** Crons that one message names. */
const MOST_NAMED = 50;

export interface MissedDeps extends Pick<RunRecorderDeps, "deliveries" | "now" | "translate" | "onError"> {
  readonly database: Pick<Database, "change" | "kysely">;
  readonly crons: Pick<Crons, "list">;
  readonly scheduler: Pick<Scheduler, "every">;
  /** When a schedule comes up next; undefined for one that cannot be read. */
  readonly nextOf: (schedule: string) => ((after: number) => number | undefined) | undefined;
}

interface Missing {
  readonly cron: Cron;
  readonly missed: MissedRuns;
  readonly isOften: boolean;
}

/** What was due while the dashboard was down: it is noted and told, and not made up for. */
export function createMissedWatch(deps: MissedDeps) {
  const { database, now } = deps;
  let job: Job | undefined;
  /** What was due until then was looked at by the start. */
  let lookedAt = 0;

  const seenAt = async (): Promise<number | undefined> => {
    const row = await database.kysely.selectFrom("wf_meta").select("value").where("key", "=", SEEN).executeTakeFirst();
    return row && Number(row.value);
  };
  const note = async (tx: Queries, at: number): Promise<void> => {
    const value = String(at);
    await tx
      .insertInto("wf_meta")
      .values({ key: SEEN, value })
      .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
      .execute();
  };
  const find = async (since: number, until: number): Promise<Missing[]> => {
    const missing: Missing[] = [];
    for (const cron of deps.crons.list().filter(isScheduled)) {
      const next = deps.nextOf(cron.scheduler);
      const from = Math.max(since, Date.parse(cron.updatedAt) || 0);
      const first = next?.(from);
      if (next === undefined || first === undefined || first > until) continue;
      // What ran after the dashboard was last seen was not missed.
      const missed = missedRuns(next, Math.max(from, await runStore.lastDue(database.kysely, cron.id)), until);
      if (missed) missing.push({ cron, missed, isOften: (next(missed.last) ?? missed.last + OFTEN_MS) - missed.last < OFTEN_MS });
      await yieldToOthers();
    }
    return missing;
  };
  const tell = async (tx: Queries, changes: Changes, missing: readonly Missing[]): Promise<void> => {
    const told = missing.filter(({ cron, isOften }) => cron.tellMissed && !isOften && cron.notificationGroupId !== 0);
    for (const { ownerId, groupId, rows: ofGroup } of byTeller(told, ({ cron }) => cron)) {
      const names = ofGroup.slice(0, MOST_NAMED).map(({ cron, missed }) => `${cron.name} (${missed.count}${missed.more ? "+" : ""})`);
      const more = ofGroup.length > MOST_NAMED ? [`+${ofGroup.length - MOST_NAMED}`] : [];
      const text = deps.translate(
        "[Tasks missed] The dashboard was down, and these tasks were not run: %s",
        [...names, ...more].join(", "),
      );
      await deps.deliveries.tell(tx, changes, groupId, { text, ownerId, severity: "warning" });
    }
  };
  const noteNow = (): Promise<void> => database.change((tx) => note(tx, Math.max(lookedAt, now() - SPARE_MS))).catch(deps.onError);
  return {
    async start(): Promise<void> {
      const until = now();
      const since = await seenAt();
      const missing = since === undefined ? [] : await find(since, until);
      await database.change(async (tx, changes) => {
        for (const { cron, missed } of missing) {
          const run = { cronId: cron.id, cronName: cron.name, cause: "missed", by: "", triggerServerId: 0, state: "missed" } as const;
          await runStore.insert(tx, { ...run, startedAt: missed.first, missed }, []);
          await runStore.keepNewest(tx, cron.id, cron.keepRuns);
        }
        await tell(tx, changes, missing);
        await note(tx, until);
      });
      lookedAt = until;
      job = deps.scheduler.every(NOTE_EVERY_MS, "schedules of tasks", "judge", noteNow);
    },
    async stop(): Promise<void> {
      job?.cancel();
      await noteNow();
    },
  };
}
