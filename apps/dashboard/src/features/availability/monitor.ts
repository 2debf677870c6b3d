import type { Clock } from "@windfire/kit";
import type { LiveServer } from "#features/servers";
import type { Database } from "#platform/database";
import { BEAT_MS, GRACE_MS, OFFLINE_MS } from "./model.ts";
import type { Run, Turn } from "./model.ts";
import { presenceStore } from "./store.ts";

/** Looks further apart than this, or a clock that was set by as much: what lies between is not known. */
const GAP_MS = 90_000;
/** Servers written in one transaction. */
const BATCH = 200;

export interface MonitorDeps {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  readonly database: Pick<Database, "transaction">;
  readonly servers: { get(id: number): LiveServer | undefined; list(): readonly LiveServer[] };
  /** Whether what other processes have heard of servers is heard here. Without it there are none. */
  readonly hearsAll?: (() => boolean) | undefined;
}

/** The run of the dashboard that lasts. */
interface RunningRun {
  id: number;
  readonly startedAt: number;
  /** By the clock that nobody sets. */
  readonly since: number;
}

/** By both clocks. */
interface Moment {
  readonly wall: number;
  readonly at: number;
}

type Reports = Map<number, { report: number; since: number }>;

/** Notes when servers come and go, and when the dashboard runs. State is written when it changes, and never at a report. */
export interface Monitor {
  look(): Promise<void>;
  /** Goes on after another process, from the turns that are stored: a run of its own begins with the next look. */
  resume(stored: ReadonlyMap<number, Turn>): void;
  forget(serverIds: readonly number[]): void;
  /** Servers of which something is stored and that are not there any more. */
  gone(): number[];
  stop(): Promise<void>;
  /** The run that lasts, as far as it has come; `undefined` before the first look, and where nobody has looked for long. */
  run(): (Run & { readonly id: number }) | undefined;
}

/** See {@link Monitor}. `stored`: the newest turn of each server. */
export function createMonitor({ clock, database, servers, hearsAll }: MonitorDeps, stored: ReadonlyMap<number, Turn>): Monitor {
  let turns = new Map(stored);
  /** The last report of each server, and when it was first seen to be another one. */
  const reports: Reports = new Map();
  const moment = (): Moment => ({ wall: clock.now(), at: clock.monotonic() });
  const created = moment();
  let run: RunningRun | undefined;
  let looked: Moment | undefined;
  let beatAt = 0;

  const begin = async ({ wall, at }: { wall: number; at: number }): Promise<void> => {
    const id = await database.transaction((tx) => presenceStore.beginRun(tx, wall));
    run = { id, startedAt: wall, since: at };
    beatAt = at;
  };
  const turnOf = (server: LiveServer, { startedAt, since }: RunningRun, wall: number, at: number): Turn | undefined => {
    const before = turns.get(server.id);
    const known = reports.get(server.id);
    if (server.lastReport !== 0 && known?.report !== server.lastReport) {
      noteReport(reports, server.id, server.lastReport, at);
      return before?.online === true ? undefined : { at: wall, online: true };
    }
    if (before?.online !== true) return undefined;
    if (known === undefined) return at - since < GRACE_MS ? undefined : { at: startedAt, online: false };
    return at - known.since <= OFFLINE_MS ? undefined : { at: wall - (at - known.since), online: false };
  };
  const write = async (found: readonly (readonly [number, Turn])[]): Promise<void> => {
    for (let from = 0; from < found.length; from += BATCH) {
      const some = found.slice(from, from + BATCH).filter(([id]) => servers.get(id) !== undefined);
      await database.transaction(async (tx) => {
        for (const [id, turn] of some) await presenceStore.add(tx, id, turn);
      });
      for (const [id, turn] of some) turns.set(id, turn);
    }
  };
  const keep = async (): Promise<void> => {
    const [lasting, seen] = [run, looked];
    if (lasting && seen) await database.transaction((tx) => presenceStore.keepRun(tx, lasting.id, seen.wall));
    beatAt = clock.monotonic();
  };
  return {
    async look() {
      // Who is at a process that is not heard may be there or away.
      if (hearsAll?.() === false) return;
      const now = moment();
      if (isGap(looked, now)) {
        run = undefined;
        reports.clear();
      }
      if (run === undefined) await begin(looked === undefined ? created : now);
      looked = now;
      const lasting = run;
      if (lasting === undefined) return;
      const found: (readonly [number, Turn])[] = [];
      for (const server of servers.list()) {
        const turn = turnOf(server, lasting, now.wall, now.at);
        const least = (turns.get(server.id)?.at ?? 0) + 1;
        if (turn) found.push([server.id, { ...turn, at: Math.max(turn.at, least) }]);
      }
      if (found.length > 0) await write(found);
      if (clock.monotonic() - beatAt >= BEAT_MS) await keep();
    },
    resume(newest) {
      turns = new Map(newest);
      reports.clear();
      run = undefined;
      looked = moment();
    },
    forget(serverIds) {
      for (const id of serverIds) {
        turns.delete(id);
        reports.delete(id);
      }
    },
    gone: () => [...turns.keys()].filter((id) => servers.get(id) === undefined),
    async stop() {
      await keep();
      run = undefined;
    },
    run: () => (run === undefined || isGap(looked, moment()) ? undefined : { id: run.id, startedAt: run.startedAt, seenAt: clock.now() }),
  };
}

/** A process that stood still, or whose clock was set, knows nothing of the time between. */
function isGap(looked: Moment | undefined, now: Moment): boolean {
  if (looked === undefined) return false;
  const passed = { wall: now.wall - looked.wall, at: now.at - looked.at };
  return passed.at > GAP_MS || Math.abs(passed.wall - passed.at) > GAP_MS;
}

function noteReport(reports: Reports, serverId: number, report: number, since: number): void {
  const known = reports.get(serverId);
  if (known === undefined) return void reports.set(serverId, { report, since });
  // Each look at each server comes by here: nothing new is made for it.
  known.report = report;
  known.since = since;
}
