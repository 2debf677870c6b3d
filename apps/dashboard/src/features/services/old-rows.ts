import { setImmediate as yieldToOthers } from "node:timers/promises";
import { createSerialQueue } from "@windfire/kit";
import type { History } from "#features/history";
import type { Queries } from "#platform/database";
import type { Seat } from "#platform/leases";
import type { Job, Scheduler } from "#platform/scheduler";
import type { HistoryTable, ServerRow } from "./history-table.ts";

/** Key in table `wf_meta`: id of the last row that was taken over. */
const MARK = "service_histories.imported";
/** Rows read in one go. */
const BATCH = 1_000;
const RETRY_MS = 10_000;
const SLOT_SECONDS = 30;
/** A slot is complete when rows of the same pair, or of this many slots later, were met. */
const SLOTS_OPEN = 10;
const KEPT_MS = 30 * 86_400_000;

export interface OldRowsDeps {
  readonly database: Seat["database"];
  readonly table: HistoryTable;
  readonly history: Pick<History, "importProbes">;
  readonly scheduler: Pick<Scheduler, "every">;
  readonly now: () => number;
  /** Rows of services and servers that are gone are passed over. */
  readonly isKnown: (serviceId: number, serverId: number) => boolean;
  readonly onError: (error: unknown) => void;
}

/** Rows of one pair in one slot. */
interface Slot {
  readonly serviceId: number;
  readonly serverId: number;
  readonly slot: number;
  readonly firstId: number;
  rows: number;
  goodRows: number;
  delaySum: number;
  up: number;
  down: number;
}

/**
 * Takes over what table `service_histories` knows of single servers, once (spec 41 section 11), and what the reference added when it ran in
 * between. The table stays as it is. After an interruption it goes on at the last mark; what lies behind it already is not taken twice.
 */
export function createOldRows(deps: OldRowsDeps) {
  const { database, table } = deps;
  const lane = createSerialQueue();
  let job: Job | undefined;
  let stopped = false;

  const run = async (): Promise<void> => {
    const open = new Map<string, Slot>();
    let last = await startAfter(deps);
    for (;;) {
      if (stopped) return;
      const rows = await table.serverRows(last, BATCH);
      await yieldToOthers();
      const complete = rows.flatMap((row) => addRow(open, row, deps.isKnown));
      last = rows.at(-1)?.id ?? last;
      complete.push(...takeComplete(open, rows.length < BATCH ? Number.POSITIVE_INFINITY : newestSlot(open) - SLOTS_OPEN));
      if (complete.length > 0) await deps.history.importProbes(pointsOf(complete));
      const mark = Math.min(last, ...[...open.values()].map(({ firstId }) => firstId - 1));
      await database.transaction((tx) => writeMark(tx, mark));
      if (rows.length < BATCH) return job?.cancel();
    }
  };
  const attempt = (): Promise<void> => lane.run(() => run().catch(deps.onError));
  return {
    start(): void {
      stopped = false;
      job = deps.scheduler.every(RETRY_MS, "old service history", "judge", attempt);
      void attempt();
    },
    async stop(): Promise<void> {
      stopped = true;
      job?.cancel();
      await lane.idle();
    },
  };
}

async function startAfter({ database, table, now }: OldRowsDeps): Promise<number> {
  const row = await database.kysely.selectFrom("wf_meta").select("value").where("key", "=", MARK).executeTakeFirst();
  const mark = Number(row?.value ?? Number.NaN);
  // The reference makes the table anew when its own time series were on for a while: then ids begin at 1 again.
  const isMark = Number.isInteger(mark) && mark <= (await table.lastId());
  return Math.max(isMark ? mark : 0, (await table.firstIdSince(now() - KEPT_MS, now())) - 1);
}

async function writeMark(tx: Queries, id: number): Promise<void> {
  const value = String(id);
  await tx
    .insertInto("wf_meta")
    .values({ key: MARK, value })
    .onConflict((conflict) => conflict.column("key").doUpdateSet({ value }))
    .execute();
}

/** Adds a row to the slot of its pair; returns the one before it, which is complete now. */
function addRow(open: Map<string, Slot>, row: ServerRow, isKnown: OldRowsDeps["isKnown"]): Slot[] {
  const { serviceId, serverId, at } = row;
  if (at === null || !isKnown(serviceId, serverId)) return [];
  const key = `${serviceId} ${serverId}`;
  const slot = Math.floor(at / SLOT_SECONDS);
  const before = open.get(key);
  const same = before?.slot === slot ? before : undefined;
  const into = same ?? { serviceId, serverId, slot, firstId: row.id, rows: 0, goodRows: 0, delaySum: 0, up: 0, down: 0 };
  const failed = row.down > 0 && row.up === 0;
  into.rows++;
  into.up += row.up;
  into.down += row.down;
  if (!failed) {
    into.goodRows++;
    into.delaySum += row.delay;
  }
  open.set(key, into);
  return before !== undefined && same === undefined ? [before] : [];
}

function newestSlot(open: ReadonlyMap<string, Slot>): number {
  return [...open.values()].reduce((newest, { slot }) => Math.max(newest, slot), 0);
}

function takeComplete(open: Map<string, Slot>, before: number): Slot[] {
  const complete = [...open].filter(([, { slot }]) => slot < before);
  for (const [key] of complete) open.delete(key);
  return complete.map(([, slot]) => slot);
}

/** The reference keeps no counts in such rows: then each is one success, as it shows them (spec 30 section 8.5). */
function pointsOf(slots: readonly Slot[]): Float64Array {
  const numbers = slots.flatMap(({ serviceId, serverId, slot, rows, goodRows, delaySum, up, down }) => {
    const counted = up + down > 0;
    const delay = goodRows === 0 ? Number.NaN : delaySum / goodRows;
    return [serviceId, serverId, slot * SLOT_SECONDS * 1000, delay, counted ? up : rows, counted ? down : 0];
  });
  return Float64Array.from(numbers);
}
