import type { Clock } from "@windfire/kit";
import type { HistoryStats } from "#features/history";

/** What one part says. `reason` is one of a few fixed words: whoever asks may be anybody. */
export interface Check {
  readonly ok: boolean;
  readonly reason?: string;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: { readonly database: Check; readonly history: Check; readonly listener: Check; readonly bus?: Check };
}

export interface ReadinessDeps {
  readonly clock: Clock;
  /** Writes something that changes nothing. */
  readonly probeWrite: () => Promise<void>;
  readonly historyStats: () => Promise<Pick<HistoryStats, "state"> & Partial<Pick<HistoryStats, "kind" | "retentionDays">>>;
  readonly accepting: () => boolean;
  /** It is about to stop: whoever shares out connections sends no more. */
  readonly stopping: () => boolean;
  /** What joins this dashboard to others of the installation. */
  readonly bus: () => "off" | "connected" | "lost";
  /** Dashboards that are on the database and not heard. */
  readonly unheard?: () => number;
}

/** An answer serves whoever asks within this time, however many they are. */
const KEPT_MS = 1_000;
/** A database whose writes wait for longer, and a history that says nothing for longer, are not ready. */
const PATIENCE_MS = 2_000;

/** Says whether the dashboard can do its work. Looking costs one page of the database a second at most. */
export function createReadiness(deps: ReadinessDeps): () => Promise<Readiness> {
  const { clock } = deps;
  const database = onceAtATime(() => databaseCheck(deps));
  const history = onceAtATime(() => historyCheck(deps));
  let last: { readonly answer: Promise<Readiness>; readonly at: number } | undefined;
  return () => {
    const now = clock.monotonic();
    if (last === undefined || now - last.at >= KEPT_MS) last = { at: now, answer: look(deps, { database, history }) };
    return last.answer;
  };
}

/** A part that has not answered yet is not asked again: questions to a database that hangs would pile up behind each other. */
function onceAtATime(check: () => Promise<Check>): () => Promise<Check> {
  let open: Promise<Check> | undefined;
  return () => {
    open ??= check().finally(() => {
      open = undefined;
    });
    return open;
  };
}

async function look(deps: ReadinessDeps, parts: Readonly<Record<"database" | "history", () => Promise<Check>>>): Promise<Readiness> {
  const { clock } = deps;
  const [database, history] = await Promise.all([
    within(clock, parts.database(), "writes are waiting"),
    within(clock, parts.history(), "no answer"),
  ]);
  const listener = listenerCheck(deps);
  const bus = busCheck(deps.bus(), deps.unheard?.() ?? 0);
  return { ready: database.ok && history.ok && listener.ok, checks: { database, history, listener, ...(bus ? { bus } : {}) } };
}

function listenerCheck({ accepting, stopping }: Pick<ReadinessDeps, "accepting" | "stopping">): Check {
  if (stopping()) return { ok: false, reason: "stopping" };
  return accepting() ? { ok: true } : { ok: false, reason: "not listening" };
}

/** Without the others a dashboard works on with what it holds, and a balancer that sent everybody away from all would make it worse. */
function busCheck(state: ReturnType<ReadinessDeps["bus"]>, unheard: number): Check | undefined {
  if (state === "off") return undefined;
  if (state === "lost") return { ok: true, reason: "lost: other dashboards are not heard" };
  return unheard === 0 ? { ok: true } : { ok: true, reason: "a dashboard on the database is not heard" };
}

async function databaseCheck({ probeWrite }: ReadinessDeps): Promise<Check> {
  try {
    await probeWrite();
    return { ok: true };
  } catch {
    return { ok: false, reason: "not writable" };
  }
}

async function historyCheck({ historyStats }: ReadinessDeps): Promise<Check> {
  try {
    return historyOf(await historyStats());
  } catch {
    return { ok: false, reason: "not open" };
  }
}

/** Charts go back so far. */
const PROMISED_DAYS = 30;

/** A history that the disk or the network keeps from being written is open and goes on by itself; the dashboard works meanwhile. */
function historyOf({
  state,
  kind,
  retentionDays,
}: Pick<HistoryStats, "state"> & Partial<Pick<HistoryStats, "kind" | "retentionDays">>): Check {
  switch (state) {
    case "writing":
      if (kind !== "victoriametrics") return { ok: true };
      if (retentionDays === undefined) return { ok: true, reason: "retention is not known" };
      return retentionDays < PROMISED_DAYS ? { ok: true, reason: "retention is below 30 days" } : { ok: true };
    case "unreachable":
      return { ok: true, reason: "points wait: not reachable" };
    case "refused":
      return { ok: true, reason: "points wait: user, password or token is refused" };
    case "disabled":
      return { ok: true, reason: "switched off" };
    case "low-disk":
    case "write-failed":
      return { ok: true, reason: "paused: the disk is full" };
    case "worker-failed":
    case "closed":
      return { ok: false, reason: "not open" };
  }
}

function within(clock: Clock, check: Promise<Check>, reason: string): Promise<Check> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(() => resolve({ ok: false, reason }), PATIENCE_MS).unref();
    void check.then((said) => {
      timer.cancel();
      resolve(said);
    });
  });
}
