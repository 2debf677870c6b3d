import type { Database, Queries } from "#platform/database";
import { readIdList } from "#platform/database";
import type { Seat } from "#platform/leases";
import type { PlannedSpan, Plans } from "./plans.ts";
import type { MaintenanceWindows } from "./silence-store.ts";
import type { MaintenanceWindow } from "./silences.ts";

/** Longer than anybody asks for. */
const KEPT_MS = 100 * 86_400_000;

/** A time in which a window was open, and what it was about then. */
export interface OpenSpan extends PlannedSpan {
  readonly id: number;
  readonly windowId: number;
  readonly serverIds: readonly number[];
  readonly serviceIds: readonly number[];
}

export interface PlannedTimeDeps {
  readonly database: Pick<Database, "kysely">;
  readonly judge: Seat;
  readonly now: () => number;
  readonly windows: Pick<MaintenanceWindows, "list">;
  readonly plans: Pick<Plans, "runOf">;
  readonly serversOf: (groupId: number) => readonly number[];
}

/**
 * When planned work took place. It is written down as it happens: a plan that is changed, or made up afterwards, does not change what
 * availability was.
 */
export function createPlannedTime({ database, judge, now, windows, plans, serversOf }: PlannedTimeDeps) {
  /** Spans that are not over, as the table has them. */
  let running: readonly OpenSpan[] | undefined;

  const wanted = (): Omit<OpenSpan, "id">[] =>
    windows.list().flatMap((window) => {
      const run = window.enable ? plans.runOf(window.plan, now()) : undefined;
      if (run === undefined || run.from > now()) return [];
      return [{ ...run, windowId: window.id, ...subjectsOf(window, serversOf) }];
    });
  return {
    /** Writes what began and what ended otherwise than planned, as the judge; elsewhere it only reads what is under way. */
    async look(): Promise<void> {
      if (judge.isShared) running = undefined;
      running ??= await spanStore.running(database.kysely, now());
      const open = wanted();
      const at = now();
      const lasting = running.filter(({ to }) => to > at);
      if (!judge.held) return;
      const over = lasting.filter((span) => !open.some((one) => isSame(one, span)));
      const begun = open.filter((one) => !lasting.some((span) => isSame(one, span)));
      if (over.length + begun.length > 0) {
        await judge.database.transaction(async (tx) => {
          for (const { id } of over) await spanStore.end(tx, id, at);
          for (const span of begun) {
            // Nothing counts as planned before somebody had planned it, and what joins work that is under way, from now on.
            const joins = lasting.some(({ windowId }) => windowId === span.windowId);
            await spanStore.insert(tx, { ...span, from: joins ? at : Math.max(span.from, startOf(span, windows.list())) });
          }
          await spanStore.prune(tx, at - KEPT_MS);
        });
        running = await spanStore.running(database.kysely, at);
      } else running = lasting;
    },
    /** Whether a service is worked on now. */
    isServicePlanned: (serviceId: number): boolean =>
      running?.some((span) => span.to > now() && span.serviceIds.includes(serviceId)) ?? false,
    /** Of each server that was worked on within a time, when; sorted, without overlaps. */
    async ofServers(serverIds: readonly number[], span: PlannedSpan): Promise<Map<number, PlannedSpan[]>> {
      return bySubject(await spanStore.within(database.kysely, span), "serverIds", serverIds, span);
    },
    async ofServices(serviceIds: readonly number[], span: PlannedSpan): Promise<Map<number, PlannedSpan[]>> {
      return bySubject(await spanStore.within(database.kysely, span), "serviceIds", serviceIds, span);
    },
  };
}

export type PlannedTime = ReturnType<typeof createPlannedTime>;

function subjectsOf(window: MaintenanceWindow, serversOf: PlannedTimeDeps["serversOf"]): Pick<OpenSpan, "serverIds" | "serviceIds"> {
  const serverIds = [...new Set([...window.serverIds, ...window.groupIds.flatMap((id) => serversOf(id))])].toSorted((a, b) => a - b);
  return { serverIds, serviceIds: window.serviceIds.toSorted((a, b) => a - b) };
}

function isSame(one: Omit<OpenSpan, "id">, span: OpenSpan): boolean {
  const isEqual = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((id, at) => id === b[at]);
  return (
    one.windowId === span.windowId &&
    one.to === span.to &&
    isEqual(one.serverIds, span.serverIds) &&
    isEqual(one.serviceIds, span.serviceIds)
  );
}

function startOf({ windowId, from }: Omit<OpenSpan, "id">, list: readonly MaintenanceWindow[]): number {
  return Math.max(from, list.find(({ id }) => id === windowId)?.updatedAt ?? 0);
}

function bySubject(
  spans: readonly OpenSpan[],
  list: "serverIds" | "serviceIds",
  ids: readonly number[],
  { from, to }: PlannedSpan,
): Map<number, PlannedSpan[]> {
  const found = new Map<number, PlannedSpan[]>();
  const wanted = new Set(ids);
  for (const span of spans) {
    for (const id of span[list]) {
      if (!wanted.has(id)) continue;
      const known = found.get(id) ?? [];
      found.set(id, [...known, { from: Math.max(span.from, from), to: Math.min(span.to, to) }]);
    }
  }
  for (const [id, times] of found) found.set(id, joined(times));
  return found;
}

/** In order and without overlaps. */
export function joined(spans: readonly PlannedSpan[]): PlannedSpan[] {
  const whole: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = whole.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else if (from < to) whole.push({ from, to });
  }
  return whole;
}

/** SQL of table `wf_maintenance_spans`. */
const spanStore = {
  async running(queries: Queries, at: number): Promise<OpenSpan[]> {
    return read(queries, { from: at, to: Number.MAX_SAFE_INTEGER });
  },
  within: (queries: Queries, span: PlannedSpan): Promise<OpenSpan[]> => read(queries, span),
  async insert(tx: Queries, { windowId, from, to, serverIds, serviceIds }: Omit<OpenSpan, "id">): Promise<void> {
    const lists = { servers: JSON.stringify(serverIds), services: JSON.stringify(serviceIds) };
    await tx
      .insertInto("wf_maintenance_spans")
      .values({ window_id: windowId, from_at: from, to_at: to, ...lists })
      .execute();
  },
  async end(tx: Queries, id: number, at: number): Promise<void> {
    await tx.updateTable("wf_maintenance_spans").set({ to_at: at }).where("id", "=", id).execute();
  },
  async prune(tx: Queries, before: number): Promise<void> {
    await tx.deleteFrom("wf_maintenance_spans").where("to_at", "<", before).execute();
  },
};

async function read(queries: Queries, { from, to }: PlannedSpan): Promise<OpenSpan[]> {
  const rows = await queries
    .selectFrom("wf_maintenance_spans")
    .selectAll()
    .where("to_at", ">", from)
    .where("from_at", "<", to)
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    id: row.id,
    windowId: row.window_id,
    from: row.from_at,
    to: row.to_at,
    serverIds: readIdList(row.servers) ?? [],
    serviceIds: readIdList(row.services) ?? [],
  }));
}
