import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Database, Queries } from "#platform/database";
import type { Calendar } from "./calendar.ts";
import { countsIn, DAY_MS, HALF_MS, HALVES, NONE, readHalves, sumOf, textOf } from "./half-counts.ts";
import type { Counts } from "./half-counts.ts";
import { serviceStore } from "./store.ts";

/** Status pages show ninety days, of any zone. */
const KEPT_DAYS = 100;
/** Rows written in one transaction. */
const BATCH = 200;
/** Services read at once: ninety rows each are taken apart before anybody else has a turn. */
const READ_AT_ONCE = 20;

/** What a service did on one day of some zone, numbered from 1970-01-01; planned work apart. */
export type DayOfZone = Counts & { readonly serviceId: number; readonly day: number };

export interface ServiceHalvesDeps {
  readonly database: Pick<Database, "kysely" | "transaction">;
  readonly now: () => number;
}

interface Waiting {
  readonly serviceId: number;
  /** In UTC. */
  readonly day: number;
  readonly halves: Counts[];
}

/**
 * Counts results by half hours of UTC (table `wf_service_halves`), so that the days of every zone can be put together: those of zones that
 * begin their days at a quarter are cut at the half hour next to it.
 */
export function createServiceHalves({ database, now }: ServiceHalvesDeps) {
  let waiting = new Map<string, Waiting>();

  const rowFor = (serviceId: number, day: number): Waiting => {
    const key = `${serviceId} ${day}`;
    const known = waiting.get(key) ?? { serviceId, day, halves: Array.from({ length: HALVES }, () => NONE) };
    waiting.set(key, known);
    return known;
  };
  const add = ({ serviceId, day, halves }: Waiting): void => {
    const row = rowFor(serviceId, day);
    for (const [at, counts] of halves.entries()) row.halves[at] = sumOf(row.halves[at] ?? NONE, counts);
  };
  /** What was counted is added to what is stored: neither a restart nor a clock that is set loses anything. */
  const write = (counted: readonly Waiting[]): Promise<void> =>
    database.transaction(async (tx) => {
      const some = await serviceStore.ofExisting(tx, counted);
      if (some.length === 0) return;
      const [ids, days] = [some.map(({ serviceId }) => serviceId), some.map(({ day }) => day)];
      const query = tx.selectFrom("wf_service_halves").selectAll().where("service_id", "in", ids).where("day", "in", days);
      const stored = new Map((await query.execute()).map((row) => [`${row.service_id} ${row.day}`, countsIn(row.halves)]));
      const rows = some.map(({ serviceId, day, halves }) => {
        const before = stored.get(`${serviceId} ${day}`) ?? [];
        return { service_id: serviceId, day, halves: textOf(halves.map((counts, at) => sumOf(before[at] ?? NONE, counts))) };
      });
      await tx
        .insertInto("wf_service_halves")
        .values(rows)
        .onConflict((conflict) => conflict.columns(["service_id", "day"]).doUpdateSet((eb) => ({ halves: eb.ref("excluded.halves") })))
        .execute();
    });
  return {
    count(serviceId: number, { successful, planned = false }: { readonly successful: boolean; readonly planned?: boolean }): void {
      const half = Math.floor(now() / HALF_MS);
      const [day, at] = [Math.floor(half / HALVES), half % HALVES];
      const { halves } = rowFor(serviceId, day);
      const { up, down, plannedUp, plannedDown } = halves[at] ?? NONE;
      const [good, bad] = successful ? [1, 0] : [0, 1];
      halves[at] = planned
        ? { up, down, plannedUp: plannedUp + good, plannedDown: plannedDown + bad }
        : { up: up + good, down: down + bad, plannedUp, plannedDown };
    },
    /** @throws what keeps it from being written; nothing that was counted is lost */
    async store(): Promise<void> {
      let left = [...waiting.values()];
      waiting = new Map();
      try {
        while (left.length > 0) {
          await write(left.slice(0, BATCH));
          left = left.slice(BATCH);
        }
      } catch (error) {
        for (const row of left) add(row);
        throw error;
      }
    },
    /** What is not stored is not ours to store. */
    forget: (): void => void (waiting = new Map()),
    async prune(): Promise<void> {
      const oldest = Math.floor(now() / DAY_MS) - KEPT_DAYS;
      await database.transaction(async (tx) => void (await tx.deleteFrom("wf_service_halves").where("day", "<=", oldest).execute()));
    },
    ...createHalfReading(database.kysely, now),
    async delete(tx: Queries, serviceIds: readonly number[]): Promise<void> {
      await tx.deleteFrom("wf_service_halves").where("service_id", "in", serviceIds).execute();
    },
  };
}

export type ServiceHalves = ReturnType<typeof createServiceHalves>;

/** Puts days of zones, and other times, together. */
function createHalfReading(queries: Queries, now: () => number) {
  async function* read(serviceIds: readonly number[], { from, to }: { readonly from: number; readonly to: number }) {
    for (let at = 0; at < serviceIds.length; at += READ_AT_ONCE) {
      const some = serviceIds.slice(at, at + READ_AT_ONCE);
      const query = queries.selectFrom("wf_service_halves").selectAll().where("service_id", "in", some);
      yield* await query
        .where("day", ">=", Math.floor(from / DAY_MS))
        .where("day", "<=", Math.floor(to / DAY_MS))
        .execute();
      await yieldToOthers();
    }
  }
  return {
    /** Of the days of a zone from one to another, both inside; days without results are left out. */
    async days(
      serviceIds: readonly number[],
      calendar: Calendar,
      { first, last }: { readonly first: number; readonly last: number },
    ): Promise<DayOfZone[]> {
      const starts = Array.from({ length: last - first + 2 }, (_none, at) => Math.round(calendar.startOf(first + at) / HALF_MS));
      const [begin = 0, end = 0] = [starts[0], starts.at(-1)];
      const days = starts.length - 1;
      /** Of each service four counts for each of its days. */
      const found = new Map<number, Float64Array>();
      for await (const { service_id: serviceId, day, halves } of read(serviceIds, { from: begin * HALF_MS, to: end * HALF_MS })) {
        const sums = found.get(serviceId) ?? new Float64Array(days * 4);
        found.set(serviceId, sums);
        let place = 0;
        readHalves(halves, (at, up, down, plannedUp, plannedDown) => {
          const half = day * HALVES + at;
          if (half < begin || half >= end) return;
          while ((starts[place + 1] ?? Infinity) <= half) place++;
          const to = place * 4;
          sums[to] = (sums[to] ?? 0) + up;
          sums[to + 1] = (sums[to + 1] ?? 0) + down;
          sums[to + 2] = (sums[to + 2] ?? 0) + plannedUp;
          sums[to + 3] = (sums[to + 3] ?? 0) + plannedDown;
        });
      }
      return Array.from(found, ([serviceId, sums]) => daysIn(serviceId, first, sums)).flat();
    },
    /** Results of services together from each of `starts`, Unix milliseconds, to the next, without what came during planned work. */
    async course(serviceIds: readonly number[], starts: readonly number[]): Promise<Pick<Counts, "up" | "down">[]> {
      const begins = starts.map((start) => Math.round(start / HALF_MS));
      const [first = 0] = begins;
      const course = starts.map(() => ({ up: 0, down: 0 }));
      for await (const { day, halves } of read(serviceIds, { from: first * HALF_MS, to: now() })) {
        let place = 0;
        readHalves(halves, (at, up, down) => {
          const half = day * HALVES + at;
          while ((begins[place + 1] ?? Infinity) <= half) place++;
          const sum = course[place];
          if (sum === undefined || half < first) return;
          sum.up += up;
          sum.down += down;
        });
      }
      return course;
    },
    /** Sums of a time, cut at half hours, without what came during planned work; services without results are left out. */
    async sums(
      serviceIds: readonly number[],
      span: { readonly from: number; readonly to: number },
    ): Promise<Map<number, Pick<Counts, "up" | "down">>> {
      const [begin, end] = [Math.round(span.from / HALF_MS), Math.round(span.to / HALF_MS)];
      const found = new Map<number, Counts>();
      for await (const { service_id: id, day, halves } of read(serviceIds, span)) {
        readHalves(halves, (at, up, down, plannedUp, plannedDown) => {
          const half = day * HALVES + at;
          if (half >= begin && half < end) found.set(id, sumOf(found.get(id) ?? NONE, { up, down, plannedUp, plannedDown }));
        });
      }
      return found;
    },
  };
}

function daysIn(serviceId: number, first: number, sums: Float64Array): DayOfZone[] {
  const days: DayOfZone[] = [];
  for (let place = 0; place * 4 < sums.length; place++) {
    const [up = 0, down = 0, plannedUp = 0, plannedDown = 0] = sums.subarray(place * 4, place * 4 + 4);
    if (up + down + plannedUp + plannedDown > 0) days.push({ serviceId, day: first + place, up, down, plannedUp, plannedDown });
  }
  return days;
}
