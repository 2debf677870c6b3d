import { DatabaseSync } from "node:sqlite";
import type { Row } from "./rows.ts";
import type { Results, States } from "./source.ts";

/** What the metrics of Komari are called here. */
const NAME: Readonly<Record<string, string>> = {
  "cpu.usage": "cpu",
  "gpu.usage": "gpu",
  "memory.used": "memory",
  "swap.used": "swap",
  "disk.used": "disk",
  "load.average": "load1",
  "net.in.rate": "net_in_speed",
  "net.out.rate": "net_out_speed",
  "net.total.down": "net_in_transfer",
  "net.total.up": "net_out_transfer",
  "process.count": "process_count",
  "connections.tcp": "tcp_conn",
  "connections.udp": "udp_conn",
};
/** A counter stands where it stood last; of what else a bucket holds the mean counts. */
const COUNTERS: ReadonlySet<string> = new Set(["net.total.down", "net.total.up"]);
const DELAY = "ping.latency_ms";
const LOSS = "ping.loss";
/** What a delay is of a probe that failed. */
const FAILED = -1;

/** A bucket of one series, the finest that there is of its time. */
interface Bucket {
  readonly at: number;
  readonly count: number;
  readonly sum: number;
  readonly last: number;
}

/** What Komari from 1.4 on keeps apart from its other data: buckets of a minute and longer, of each metric and server. */
export interface KomariMetrics {
  states(uuid: string, most: number): Generator<States>;
  /** Results of one task, as one server saw them. */
  results(task: number, uuid: string, most: number): Generator<Results["points"]>;
}

/**
 * Opens a store of metrics (a copy, or that of a stopped Komari).
 *
 * @throws when it is none that Komari writes
 */
export function openKomariMetrics(path: string): KomariMetrics {
  const database = new DatabaseSync(path, { readOnly: true });
  const prefix = prefixOf(database);
  if (prefix === undefined) throw new Error(`${path} is no store of metrics of Komari`);
  const table = (name: string): string => `"${prefix}${name}"`;
  const series = database.prepare(
    `SELECT id, metric_name, tags FROM ${table("series")} WHERE entity_id = ? AND metric_name = ? ORDER BY id`,
  );
  const rollups = database.prepare(
    `SELECT resolution_milli, bucket_milli, count, sum, last_val FROM ${table("rollups")}
     JOIN ${table("resolutions")} ON id = resolution_id WHERE series_id = ? ORDER BY resolution_milli, bucket_milli`,
  );
  const bucketsOf = (uuid: string, metric: string, isWanted: (tags: Row) => boolean): Map<number, Bucket> => {
    const wanted = series.all(uuid, metric).find(({ tags }) => isWanted(tagsIn(tags)));
    return wanted === undefined ? new Map<number, Bucket>() : finest(rollups.iterate(Number(wanted["id"])));
  };
  return {
    *states(uuid, most) {
      const values = new Map<number, Record<string, number>>();
      for (const [metric, name] of Object.entries(NAME)) {
        for (const { at, count, sum, last } of bucketsOf(uuid, metric, () => true).values()) {
          const found = values.get(at) ?? {};
          found[name] = COUNTERS.has(metric) ? last : sum / count;
          values.set(at, found);
        }
      }
      const all = [...values].toSorted(([a], [b]) => a - b).map(([at, found]) => ({ at, values: found }));
      for (const states of portionsOf(all, most)) yield { uuid, states };
    },
    *results(task, uuid, most) {
      const ofTask = (tags: Row): boolean => String(tags["task_id"]) === String(task);
      const losses = bucketsOf(uuid, LOSS, ofTask);
      const points = [...bucketsOf(uuid, DELAY, ofTask).values()].map(({ at, count, sum }) => {
        const down = Math.min(count, Math.round(losses.get(at)?.sum ?? 0));
        const up = count - down;
        return { at, up, down, ...(up === 0 ? {} : { delay: Math.max(0, (sum - down * FAILED) / up) }) };
      });
      points.sort((a, b) => a.at - b.at);
      yield* portionsOf(points, most);
    },
  };
}

function* portionsOf<T>(list: readonly T[], most: number): Generator<T[]> {
  for (let first = 0; first < list.length; first += most) yield list.slice(first, first + most);
}

/** Its tables have a prefix that can be set. */
function prefixOf(database: DatabaseSync): string | undefined {
  const rows = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const names = new Set(rows.map(({ name }) => String(name)));
  const rollups = [...names].filter((name) => /^\w*rollups$/.test(name)).map((name) => name.slice(0, -"rollups".length));
  return rollups.find((prefix) => names.has(`${prefix}series`) && names.has(`${prefix}resolutions`));
}

/** Longer buckets only from before the first of the next shorter ones: the same time is there in several lengths. */
function finest(rows: Iterable<Row>): Map<number, Bucket> {
  const found = new Map<number, Bucket>();
  let oldest = Infinity;
  let before = Infinity;
  let length = 0;
  for (const row of rows) {
    const resolution = Number(row["resolution_milli"]);
    const at = Number(row["bucket_milli"]);
    const count = Number(row["count"]);
    if (resolution !== length) [length, before] = [resolution, oldest];
    if (!(count > 0) || at + resolution > before) continue;
    oldest = Math.min(oldest, at);
    const same = found.get(at);
    const sum = Number(row["sum"]) + (same?.sum ?? 0);
    found.set(at, { at, count: count + (same?.count ?? 0), sum, last: Number(row["last_val"]) });
  }
  return found;
}

function tagsIn(tags: unknown): Row {
  try {
    const parsed: unknown = JSON.parse(String(tags));
    return typeof parsed === "object" && parsed !== null ? (parsed as Row) : {};
  } catch {
    return {};
  }
}
