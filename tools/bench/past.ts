import { join } from "node:path";
import { sampleState } from "@windfire/testkit";
import { columnBytes, nodeDisk, openStore, SLOT_MS } from "@windfire/tsdb";
import type { Disk, Family } from "@windfire/tsdb";

const DAY_MS = 86_400_000;
/** Ten minutes: what is done every few seconds while samples come in is due by then, and no log is left longer than it would be. */
const ROWS_BETWEEN_UPKEEP = 20;
const GIB = 2 ** 30;
/** Without waiting for the disk: nobody pulls the plug, and every ten minutes of the past would wait. */
const hastyDisk: Disk = {
  ...nodeDisk,
  open: (path, mode) => ({ ...nodeDisk.open(path, mode), sync: () => Promise.resolve() }),
  syncFolder: () => Promise.resolve(),
};
/** The series as the dashboard defines them. */
const COLUMNS = new URL("../../apps/dashboard/src/features/history/columns.ts", import.meta.url);

/**
 * Fills the history below a data folder with one point every 30 seconds for so many days, up to now. Agents cannot report the past, so
 * the measurement writes it with the dashboard's own store while no dashboard runs. Returns the number of points.
 */
export async function writePast(data: string, serverIds: readonly number[], days: number): Promise<number> {
  const { FAMILIES, SERVER_FAMILY } = (await import(COLUMNS.href)) as { FAMILIES: readonly Family[]; SERVER_FAMILY: string };
  const end = Date.now();
  let now = end - days * DAY_MS;
  const store = await openStore({
    folder: join(data, "history"),
    families: FAMILIES,
    limits: { rawDays: 30, fiveMinuteDays: 400, hourDays: 3_660, sizeBudgetBytes: 4 * GIB, minFreeBytes: 0 },
    disk: hastyDisk,
    clock: { now: () => now, monotonic: () => now },
  });
  const values = new Float64Array(17);
  for (let row = 0; now < end; row++, now += SLOT_MS) {
    fill(values, row);
    for (const id of serverIds) store.append(SERVER_FAMILY, id, now, values);
    if (row % ROWS_BETWEEN_UPKEEP === 0) await store.maintain();
  }
  await store.close();
  return Math.ceil((days * DAY_MS) / SLOT_MS) * serverIds.length * values.length;
}

/** What the values of each metric of a server take of the files of whole days, for each point. */
export async function bytesOfMetrics(data: string): Promise<{ readonly metric: string; readonly bytes: number }[]> {
  const { SERVER_FAMILY } = (await import(COLUMNS.href)) as { SERVER_FAMILY: string };
  return columnBytes(nodeDisk, join(data, "history"), SERVER_FAMILY, SLOT_MS).map(({ column, bytes, points }) => ({
    metric: column,
    bytes: bytes / points,
  }));
}

/** The metrics of a sample in the order of the history. */
function fill(values: Float64Array, row: number): void {
  const state = sampleState(row);
  values.set([
    state.cpu ?? 0,
    Number(state.memUsed ?? 0),
    Number(state.swapUsed ?? 0),
    Number(state.diskUsed ?? 0),
    Number(state.netInSpeed ?? 0),
    Number(state.netOutSpeed ?? 0),
    Number(state.netInTransfer ?? 0),
    Number(state.netOutTransfer ?? 0),
    state.load1 ?? 0,
    state.load5 ?? 0,
    state.load15 ?? 0,
    Number(state.tcpConnCount ?? 0),
    Number(state.udpConnCount ?? 0),
    Number(state.processCount ?? 0),
    45 + (row % 7),
    Number(state.uptime ?? 0),
    row % 100,
  ]);
}
