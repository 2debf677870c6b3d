import { PERIODS } from "#features/history";
import type { History, Period, ServerServiceHistory, ServiceServerHistory } from "#features/history";
import type { HistoryTable, PointsOf, StoredPoint } from "./history-table.ts";

/** More are put together into points as long as those of stored history. */
const MOST_ROWS = 20_000;
const DAY_MS = 86_400_000;

export type ServiceHistorySource = Pick<History, "serviceHistory" | "serverServices">;

/** The histories of services where nothing but table `service_histories` is kept (spec 30 section 8.5): one point for each row. */
export function createTableHistory(table: HistoryTable): ServiceHistorySource {
  const read = async (of: PointsOf, period: Period, now: number): Promise<StoredPoint[]> => {
    const { window, bucket } = PERIODS[period];
    // Rows of an offset further east look as if they were to come.
    const span = { from: now - window, to: now + DAY_MS };
    const rows = await table.countPoints(of, span);
    return table.points(of, span, rows > MOST_ROWS ? bucket / 1000 : undefined);
  };
  return {
    async serviceHistory(serviceId, period, now) {
      const byServer = Map.groupBy(await read({ serviceId }, period, now), (point) => point.serverId);
      return [...byServer].map(([serverId, points]) => seenBy(serverId, points)).toSorted((a, b) => a.serverId - b.serverId);
    },
    async serverServices(serverId, period, now) {
      const byService = Map.groupBy(await read({ serverId }, period, now), (point) => point.serviceId);
      return [...byService].map(([serviceId, points]) => delaysOf(serviceId, points)).toSorted((a, b) => a.serviceId - b.serviceId);
    },
  };
}

function seenBy(serverId: number, points: readonly StoredPoint[]): ServiceServerHistory {
  const totalUp = sum(points, (point) => point.up);
  const totalDown = sum(points, (point) => point.down);
  return {
    serverId,
    avgDelay: mean(
      sum(points, (point) => point.delaySum),
      sum(points, (point) => point.goodRows),
    ),
    upPercent: Math.fround(mean(totalUp * 100, totalUp + totalDown)),
    totalUp,
    totalDown,
    dataPoints: JSON.stringify(points.map((point) => ({ ts: point.at * 1000, delay: delayOf(point), status: isUp(point) ? 1 : 0 }))),
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
