import type { Host, LiveServer, ServerCondition, State } from "@windfire/api";
import type { Reading } from "./ring.ts";

/** A server as the last frame showed it. A new object whenever something changed, so that `===` tells. */
export interface LiveRecord {
  readonly id: number;
  readonly name: string;
  /** Lower-case code, "" when unknown. */
  readonly country: string;
  readonly order: number;
  readonly note: string;
  readonly host: Host;
  readonly state: State;
  readonly online: boolean;
  /** The dashboard's own verdict, which no single sample changes; `undefined` from one that gives none. */
  readonly condition: ServerCondition | undefined;
  /** Figures over a limit, by that verdict. */
  readonly over: NonNullable<LiveServer["over"]>;
  /** Milliseconds of the newest report that anybody knows of, also before the dashboard started. */
  readonly lastSeen: number | undefined;
  /** Percent, mean over about the last half minute. */
  readonly cpuMean: number;
}

/** The old record when nothing differs; old parts where they are equal, so that selectors see no change. */
export function recordOf(
  server: LiveServer,
  known: Pick<LiveRecord, "note" | "online" | "lastSeen" | "cpuMean">,
  before: LiveRecord | undefined,
  sameReport: boolean,
): LiveRecord {
  const over = server.over ?? NOTHING_OVER;
  const next: LiveRecord = {
    id: server.id,
    name: server.name ?? "",
    country: server.country_code ?? "",
    order: server.display_index ?? 0,
    host: before !== undefined && sameHost(before.host, server.host) ? before.host : server.host,
    // A frame between two reports repeats the last one.
    state: before !== undefined && sameReport ? before.state : server.state,
    condition: server.condition,
    over: before !== undefined && OVER_KEYS.every((key) => before.over[key] === over[key]) ? before.over : over,
    note: known.note,
    online: known.online,
    lastSeen: known.lastSeen,
    cpuMean: known.cpuMean,
  };
  return before !== undefined && RECORD_KEYS.every((key) => Object.is(next[key], before[key])) ? before : next;
}

const NOTHING_OVER: LiveRecord["over"] = {};
const OVER_KEYS = ["cpu", "mem", "disk"] as const satisfies (keyof LiveRecord["over"])[];
const RECORD_KEYS = [
  "name",
  "country",
  "order",
  "note",
  "host",
  "state",
  "online",
  "condition",
  "over",
  "lastSeen",
  "cpuMean",
] as const satisfies (keyof LiveRecord)[];

/** Hosts hold texts, numbers and lists of texts. */
function sameHost(a: Host, b: Host): boolean {
  if (a === b) return true;
  const keys = Object.keys(b) as (keyof Host)[];
  return (
    keys.length === Object.keys(a).length && keys.every((key) => a[key] === b[key] || JSON.stringify(a[key]) === JSON.stringify(b[key]))
  );
}

/** What charts of the last minutes draw of a state. */
export function readingOf(state: State): Reading {
  const highest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);
  return {
    cpu: state.cpu ?? 0,
    memory: state.mem_used ?? 0,
    swap: state.swap_used ?? 0,
    disk: state.disk_used ?? 0,
    netIn: state.net_in_speed ?? 0,
    netOut: state.net_out_speed ?? 0,
    tcp: state.tcp_conn_count ?? 0,
    udp: state.udp_conn_count ?? 0,
    processes: state.process_count ?? 0,
    load1: state.load_1 ?? 0,
    load5: state.load_5 ?? 0,
    load15: state.load_15 ?? 0,
    temperature: highest((state.temperatures ?? []).map((sensor) => sensor.Temperature)),
    gpu: highest(state.gpu ?? []),
  };
}
