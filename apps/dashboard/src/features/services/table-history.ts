import { createProbeSeries, PROBE_PERIODS, spreadOf } from "#features/history";
import type {
  DelaySpread,
  History,
  ProbePeriod,
  ServerServiceHistory,
  ServiceServerHistory,
  ServiceServerSummary,
} from "#features/history";
import type { HistoryTable, PointsOf, StoredPoint } from "./history-table.ts";

/** More rows are put together into points as long as those of stored history, and so many points at most are answered. */
const MOST_ROWS = 20_000;
const MOST_POINTS = 200_000;
const DAY_MS = 86_400_000;

export type ServiceHistorySource = Pick<History, "serviceHistory" | "serverServices" | "serviceSummaries" | "probeSeries">;

/** The histories of services where nothing but table `service_histories` is kept (spec 30 section 8.5): one point for each row. */
export function createTableHistory(table: HistoryTable): ServiceHistorySource {
  const read = async (of: PointsOf, period: ProbePeriod, now: number): Promise<StoredPoint[]> => {
    const { window, bucket } = PROBE_PERIODS[period];
    // Rows of an offset further east look as if they were to come.
    const span = { from: now - window, to: now + DAY_MS };
    const { rows, pairs } = await table.countPoints(of, span);
    const length = Math.max(bucket / 1000, Math.ceil((window / 1000) * (pairs / MOST_POINTS)));
    return table.points(of, span, rows > MOST_ROWS ? length : undefined);
  };
  const byServer = async (
    serviceId: number,
    serverIds: readonly number[],
    period: ProbePeriod,
    now: number,
  ): Promise<[number, StoredPoint[]][]> => {
    const points = Map.groupBy(await read({ serviceId }, period, now), (point) => point.serverId);
    return serverIds.flatMap((id) => {
      const seen = points.get(id);
      return seen === undefined ? [] : [[id, seen]];
    });
  };
  return {
    async *serviceHistory(serviceId, serverIds, period, now, detail = false) {
      for (const [serverId, points] of await byServer(serviceId, serverIds, period, now)) yield [seenBy(serverId, points, detail)];
    },
    async *serverServices(serverId, serviceIds, period, now) {
      const byService = Map.groupBy(await read({ serverId }, period, now), (point) => point.serviceId);
      for (const id of serviceIds) {
        const points = byService.get(id);
        if (points !== undefined) yield [delaysOf(id, points)];
      }
    },
    async probeSeries(serviceId, serverIds, from, to) {
      const series = createProbeSeries();
      const seconds = PROBE_PERIODS["1d"].bucket / 1000;
      for (const point of await table.points({ serviceId }, { from, to: to + 1 }, seconds)) {
        if (!serverIds.includes(point.serverId)) continue;
        const delay = point.goodRows > 0 ? delayOf(point) : Number.NaN;
        const results = point.up + point.down;
        series.add(point.at * 1000, { delay, up: point.goodRows, results, loss: mean(point.down, results) });
      }
      return series.take();
    },
    async serviceSummaries(serviceId, serverIds, now) {
      return (await byServer(serviceId, serverIds, "1d", now)).map(([serverId, points]) => summaryOf(serverId, points));
    },
  };
}

function seenBy(serverId: number, points: readonly StoredPoint[], detail: boolean): ServiceServerHistory {
  const { totalUp, totalDown, avgDelay, spread } = summaryOf(serverId, points);
  return {
    serverId,
    avgDelay,
    upPercent: Math.fround(mean(totalUp * 100, totalUp + totalDown)),
    totalUp,
    totalDown,
    spread,
    dataPoints: JSON.stringify(points.map(detail ? detailOf : plainOf)),
  };
}

function plainOf(point: StoredPoint): object {
  return { ts: point.at * 1000, delay: delayOf(point), status: statusOf(point) };
}

/** In our form: what is not known is left out. */
function detailOf(point: StoredPoint): object {
  const loss = Math.round(mean(point.down, point.up + point.down) * 10_000) / 100;
  return { ts: point.at * 1000, status: statusOf(point), loss, ...(point.goodRows > 0 ? { delay: delayOf(point) } : {}) };
}

function statusOf(point: StoredPoint): 0 | 1 {
  return isUp(point) ? 1 : 0;
}

/** Of rows, each of which may stand for several results. */
function spreadOfRows(points: readonly StoredPoint[]): DelaySpread {
  const delays = points.map((point) => (point.goodRows > 0 ? delayOf(point) : Number.NaN));
  let last = Number.NaN;
  const jitters = delays.map((delay) => {
    const distance = Math.abs(delay - last);
    if (!Number.isNaN(delay)) last = delay;
    return distance;
  });
  const ups = points.map(({ up }) => up);
  const downs = points.map(({ down }) => down);
  const columns = [delays, ups, downs, [], jitters].map((values) => Float64Array.from(values));
  return spreadOf({ starts: points, columns });
}

function summaryOf(serverId: number, points: readonly StoredPoint[]): ServiceServerSummary {
  const last = points.at(-1);
  return {
    serverId,
    totalUp: sum(points, (point) => point.up),
    totalDown: sum(points, (point) => point.down),
    avgDelay: mean(
      sum(points, (point) => point.delaySum),
      sum(points, (point) => point.goodRows),
    ),
    spread: spreadOfRows(points),
    last: {
      at: (last?.at ?? 0) * 1000,
      delay: last && last.goodRows > 0 ? delayOf(last) : undefined,
      up: last !== undefined && isUp(last),
    },
  };
}

/** Times are cut to the minute here, as clients of such installations know them. */
function delaysOf(serviceId: number, points: readonly StoredPoint[]): ServerServiceHistory {
  return {
    serviceId,
    createdAt: JSON.stringify(points.map((point) => Math.floor(point.at / 60) * 60_000)),
    avgDelay: JSON.stringify(points.map(delayOf)),
  };
}

function delayOf(point: StoredPoint): number {
  return mean(point.delaySum, point.goodRows);
}

function isUp(point: StoredPoint): boolean {
  return point.goodRows > Math.floor(point.rows / 2);
}

function mean(total: number, count: number): number {
  return count === 0 ? 0 : total / count;
}

function sum(points: readonly StoredPoint[], value: (point: StoredPoint) => number): number {
  return points.reduce((total, point) => total + value(point), 0);
}
