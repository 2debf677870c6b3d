import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Changes, Database, Queries } from "#platform/database";
import type { Job, Scheduler } from "#platform/scheduler";
import type { Cron } from "./model.ts";
import { isNoted, schedulesBetween } from "./held-schedules.ts";
import type { HeldSchedule } from "./held-schedules.ts";
import { byTeller } from "./model.ts";
import { joinMissed, missedRuns } from "./run-model.ts";
import type { MissedRuns } from "./run-model.ts";
import type { RunRecorderDeps } from "./run-recorder.ts";
import { runStore } from "./run-store.ts";
import { cronStore } from "./store.ts";
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
  const missingOf = async (cron: Cron, held: readonly HeldSchedule[], since: number, until: number): Promise<Missing | undefined> => {
    let missing: Missing | undefined;
    for (const part of schedulesBetween(held, cron, since, until)) {
      const next = deps.nextOf(part.schedule);
      if (next === undefined || (next(part.from) ?? until + 1) > part.to) continue;
      // What ran after the dashboard was last seen was not missed.
      const missed = missedRuns(next, Math.max(part.from, await runStore.lastDue(database.kysely, cron.id)), part.to);
      if (missed === undefined) continue;
      const isOften = (next(missed.last) ?? missed.last + OFTEN_MS) - missed.last < OFTEN_MS;
      missing = { cron, missed: joinMissed(missing?.missed, missed), isOften };
    }
    return missing;
  };
  const find = async (held: ReadonlyMap<number, HeldSchedule[]>, since: number, until: number): Promise<Missing[]> => {
    const missing: Missing[] = [];
    for (const cron of deps.crons.list()) {
      const found = await missingOf(cron, held.get(cron.id) ?? [], since, until);
      if (found) missing.push(found);
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
  const noteNow = async (): Promise<void> => {
    const at = now();
    // A clock that was set back since the start has yet to come to what that looked at.
    const seen = lookedAt > at ? at - SPARE_MS : Math.max(lookedAt, at - SPARE_MS);
    await database.change((tx) => note(tx, seen)).catch(deps.onError);
  };
  return {
    async start(): Promise<void> {
      const until = now();
      const since = await seenAt();
      const held = await cronStore.schedules(database.kysely);
      const missing = since === undefined ? [] : await find(held, since, until);
      const unknown = deps.crons.list().filter((cron) => !isNoted(held.get(cron.id) ?? [], cron));
      await database.change(async (tx, changes) => {
        for (const cron of unknown) await cronStore.noteSchedule(tx, cron, until);
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
