import type { LiveFrame, LiveServer, ServerCondition } from "@windfire/api";
import { parseTime } from "#lib/time-format.ts";
import { readingOf, recordOf } from "./live-record.ts";
import type { LiveRecord } from "./live-record.ts";
import { createRing } from "./ring.ts";
import type { Ring } from "./ring.ts";
import type { SocketPhase } from "./live-socket.ts";

/** A server counts as online while its last report is at most this old (spec 11 section 3.1). */
export const ONLINE_MS = 30_000;
/** Ten minutes of frames. */
const RING_LIMIT = 300;
/** Single peaks do not change a state: the processor is judged by its mean over about half a minute. */
const CPU_FRAMES = 15;
/** Verdicts of servers that report. */
const REPORTING: ReadonlySet<ServerCondition> = new Set(["up", "warn", "critical"]);

export interface LiveStatus {
  readonly phase: SocketPhase;
  /** When the connection was lost, by this computer's clock; `undefined` while it stands. */
  readonly lostAt: number | undefined;
  /** The dashboard's clock in the newest frame; 0 before the first. */
  readonly frameNow: number;
  /** When that frame arrived, by this computer's clock. */
  readonly frameAt: number;
  readonly viewers: number;
  /** Whether that frame was kept by the browser: nothing in it is of now. */
  readonly kept: boolean;
}

/** All live data, outside React. Components subscribe to one server, to the frame, or to the status. */
export interface LiveStore {
  /** Takes a frame in. `first`: it carries the public notes. `storedAt`: it is none of a connection, but was kept since then. */
  apply(frame: LiveFrame, first: boolean, storedAt?: number): void;
  phase(phase: SocketPhase): void;
  /** While the clock stands, it is the moment of the newest frame. */
  holdClock(held: boolean): void;
  /** In the dashboard's order. The same array until servers come, go or move. */
  ids(): readonly number[];
  server(id: number): LiveRecord | undefined;
  servers(): readonly LiveRecord[];
  ring(id: number): Ring | undefined;
  status(): LiveStatus;
  /** Now, by the dashboard's clock. */
  serverNow(): number;
  subscribeServer(id: number, listener: () => void): () => void;
  /** Told once per applied frame. */
  subscribeFrame(listener: () => void): () => void;
  subscribeStatus(listener: () => void): () => void;
}

export function createLiveStore(deps: { now: () => number }): LiveStore {
  const records = new Map<number, LiveRecord>();
  const rings = new Map<number, Ring>();
  /** Times of the newest reports, to tell repetitions. */
  const reports = new Map<number, number>();
  /** What the newest frame said of each: in a stream of deltas, who was not spoken of is the same object still. */
  const said = new Map<number, LiveServer>();
  const watchers = new Map<number, Set<() => void>>();
  const frameListeners = new Set<() => void>();
  const statusListeners = new Set<() => void>();
  let ids: readonly number[] = [];
  let list: readonly LiveRecord[] = [];
  let status: LiveStatus = { phase: "connecting", lostAt: undefined, frameNow: 0, frameAt: 0, viewers: 0, kept: false };

  const clock = serverClock(deps.now, () => status);
  const setStatus = (next: Partial<LiveStatus>) => {
    status = { ...status, ...next };
    tell(statusListeners);
  };
  const take = (server: LiveServer, now: number, first: boolean): boolean => {
    const before = records.get(server.id);
    // Without a verdict, time alone puts a server offline.
    if (said.get(server.id) === server && server.condition !== undefined) return false;
    said.set(server.id, server);
    const ring = rings.get(server.id) ?? createRing(RING_LIMIT);
    rings.set(server.id, ring);
    // A zeroed time also comes with a new state: it never counts as a repetition.
    const report = parseTime(server.last_active) ?? -now;
    const lastSeen = report > 0 ? report : (parseTime(server.last_seen) ?? before?.lastSeen);
    const fresh = report > 0 && now - report <= ONLINE_MS;
    // One verdict for a whole page: a stream that was just cut is not offline yet where the dashboard still waits for it.
    const online = server.condition === undefined ? fresh : REPORTING.has(server.condition);
    if (fresh) ring.push(now, readingOf(server.state));
    const note = first ? (server.public_note ?? "") : (before?.note ?? "");
    const known = { note, online, lastSeen, cpuMean: ring.mean("cpu", CPU_FRAMES) ?? server.state.cpu ?? 0 };
    const kept = recordOf(server, known, before, reports.get(server.id) === report);
    reports.set(server.id, report);
    records.set(server.id, kept);
    return kept !== before;
  };
  return {
    apply(frame, first, storedAt) {
      const servers = frame.servers ?? [];
      const changed = servers.filter((server) => take(server, frame.now, first)).map((server) => server.id);
      const order = servers.map((server) => server.id);
      const gone = removeOthers([records, rings, reports, said], new Set(order));
      if (order.length !== ids.length || order.some((id, i) => id !== ids[i])) ids = order;
      list = ids.flatMap((id) => records.get(id) ?? []);
      const at = { frameNow: frame.now, frameAt: storedAt ?? deps.now() };
      if (storedAt === undefined) setStatus({ ...at, viewers: frame.online ?? 0, phase: "open", lostAt: undefined, kept: false });
      else setStatus({ ...at, phase: "waiting", lostAt: storedAt, kept: true });
      for (const id of [...changed, ...gone]) tell(watchers.get(id));
      tell(frameListeners);
    },
    phase(phase) {
      const lost = phase === "waiting" || phase === "connecting";
      const lostAt = phase === "open" ? undefined : lost ? (status.lostAt ?? deps.now()) : status.lostAt;
      setStatus({ phase, lostAt });
    },
    ids: () => ids,
    server: (id) => records.get(id),
    servers: () => list,
    ring: (id) => rings.get(id),
    status: () => status,
    holdClock: clock.hold,
    serverNow: clock.now,
    subscribeServer(id, listener) {
      const set = watchers.get(id) ?? new Set();
      watchers.set(id, set.add(listener));
      return () => {
        set.delete(listener);
        if (set.size === 0) watchers.delete(id);
      };
    },
    subscribeFrame: (listener) => add(frameListeners, listener),
    subscribeStatus: (listener) => add(statusListeners, listener),
  };
}

/** Goes on from the newest frame by this computer's clock, unless it is held. */
function serverClock(now: () => number, status: () => LiveStatus): { hold(held: boolean): void; now(): number } {
  let clockHeld = false;
  return {
    hold(held) {
      clockHeld = held;
    },
    now() {
      const { frameNow, frameAt } = status();
      if (frameNow === 0) return now();
      return clockHeld ? frameNow : frameNow + (now() - frameAt);
    },
  };
}

function add(set: Set<() => void>, listener: () => void): () => void {
  set.add(listener);
  return () => set.delete(listener);
}

function tell(listeners: Iterable<() => void> | undefined): void {
  for (const listener of listeners ?? []) listener();
}

function removeOthers(maps: readonly [Map<number, unknown>, ...Map<number, unknown>[]], present: ReadonlySet<number>): number[] {
  const gone = [...maps[0].keys()].filter((id) => !present.has(id));
  for (const map of maps) for (const id of gone) map.delete(id);
  return gone;
}
