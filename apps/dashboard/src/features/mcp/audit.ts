import { setImmediate as yieldToOthers } from "node:timers/promises";
import { cutBytes } from "@windfire/kit";
import type { Clock, Timer } from "@windfire/kit";
import type { Actor, AuditLog } from "#platform/audit";
import { writeTime } from "#platform/database";
import type { Database } from "#platform/database";
import type { Log } from "#platform/log";
import type { Outcome } from "./model.ts";

/** One row of `mcp_audit_logs` (spec 41 section 10.16). Never holds arguments, only a hash of them. */
export interface AuditEntry {
  readonly userId: number;
  readonly tokenId: number;
  readonly tool: string;
  readonly serverId: number;
  readonly argsHash: string;
  readonly outcome: Outcome;
  readonly error: string;
  readonly durationMs: number;
  readonly ip: string;
  /** It changed something on a server, or tried to: the audit log of the dashboard names it too. */
  readonly acts: boolean;
}

export interface AuditDeps {
  readonly clock: Clock;
  readonly database: Database;
  readonly log: Pick<Log, "warn">;
  readonly audit: Pick<AuditLog, "write">;
  /** Who a token belongs to and what it is called. */
  readonly namesOf: (userId: number, tokenId: number) => Pick<Actor, "username" | "tokenName">;
  /** Rows that are kept; of more the oldest go. */
  readonly mostRows?: number;
}

/** Rows on their way; past it further ones are lost and counted. */
const MOST_PENDING = 1_000;
const LONGEST_ERROR_BYTES = 512;
const SAMPLES_PER_MINUTE = 5;
/** Sources that are told apart within one minute; the others share one allowance. */
const MOST_SOURCES = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const KEPT_MS = 90 * 24 * HOUR_MS;
/** Old rows that go at a time: deleting must not hold up others. */
const PRUNED_AT_ONCE = 2_000;
const MOST_ROWS = 1_000_000;

/** Who did what through MCP. Writing is best effort and delays nobody; rows are kept for 90 days, a million at most. */
export function createAudit(deps: AuditDeps) {
  const { mostRows = MOST_ROWS } = deps;
  const counters = { dropped: 0, failed: 0 };
  const pending = new Set<Promise<void>>();
  const sampler = createSampler(deps.clock);
  let timer: Timer | undefined;

  const insert = async (entry: AuditEntry, at: number): Promise<void> => {
    await deps.database.transaction(async (tx) => {
      await tx.insertInto("mcp_audit_logs").values(rowOf(entry, at)).execute();
      if (!entry.acts) return;
      const { userId, tokenId, ip: address, tool, serverId, outcome } = entry;
      const actor: Actor = { kind: "mcp", userId, tokenId, address, ...deps.namesOf(userId, tokenId) };
      await deps.audit.write(tx, { actor, action: `mcp.${tool}`, kind: "server", key: serverId, to: { outcome } });
    });
  };
  const background = (work: Promise<void>, failure: string): void => {
    const settled = work
      .catch((error: unknown) => {
        counters.failed++;
        deps.log.warn(failure, { error });
      })
      .finally(() => pending.delete(settled));
    pending.add(settled);
  };
  const write = (entry: AuditEntry): void => {
    if (pending.size >= MOST_PENDING) counters.dropped++;
    else background(insert(entry, deps.clock.now()), "mcp audit write failed");
  };
  /** In slices, until nothing is left that has to go: too old, or more than are kept. */
  const prune = async (): Promise<void> => {
    const { kysely } = deps.database;
    const before = writeTime(deps.clock.now() - KEPT_MS);
    const newest = await kysely.selectFrom("mcp_audit_logs").select("id").orderBy("id", "desc").limit(1).executeTakeFirst();
    const through = (newest?.id ?? 0) - mostRows;
    for (const tooMuch of ["old", "many"] as const) {
      const rows = kysely.selectFrom("mcp_audit_logs").select("id").limit(PRUNED_AT_ONCE);
      const gone = tooMuch === "old" ? rows.where("created_at", "<", before) : rows.where("id", "<=", through);
      for (let deleted = PRUNED_AT_ONCE; deleted >= PRUNED_AT_ONCE && timer !== undefined;) {
        deleted = Number((await kysely.deleteFrom("mcp_audit_logs").where("id", "in", gone).executeTakeFirst()).numDeletedRows);
        await yieldToOthers();
      }
    }
  };
  return {
    counters,
    write,
    /** For what anybody can cause: a few rows a minute for each source. */
    writeSampled(source: string, entry: AuditEntry): void {
      if (sampler.take(source)) write(entry);
      else counters.dropped++;
    },
    start(): void {
      timer ??= deps.clock.setInterval(() => background(prune(), "mcp audit rows could not be pruned"), HOUR_MS).unref();
    },
    async stop(): Promise<void> {
      timer?.cancel();
      timer = undefined;
      await Promise.all(pending);
    },
  };
}

export type Audit = ReturnType<typeof createAudit>;

function rowOf(entry: AuditEntry, at: number) {
  return {
    created_at: writeTime(at),
    user_id: entry.userId,
    token_id: entry.tokenId,
    tool: entry.tool,
    server_id: entry.serverId,
    args_hash: entry.argsHash,
    args_peek: "",
    outcome: entry.outcome,
    error_code: entry.outcome === "ok" ? "" : entry.outcome,
    error_msg: cutBytes(entry.error, LONGEST_ERROR_BYTES),
    duration_ms: Math.round(entry.durationMs),
    ip: entry.ip,
  };
}

/** Counts within fixed minutes of each source. */
function createSampler(clock: Pick<Clock, "monotonic">) {
  const windows = new Map<string, { start: number; count: number }>();
  const forgetOld = (now: number): void => {
    for (const [source, { start }] of windows) if (now - start >= MINUTE_MS) windows.delete(source);
  };
  return {
    take(source: string): boolean {
      const now = clock.monotonic();
      if (!windows.has(source) && windows.size >= MOST_SOURCES) forgetOld(now);
      const key = windows.has(source) || windows.size < MOST_SOURCES ? source : "";
      const window = windows.get(key);
      if (!window || now - window.start >= MINUTE_MS) {
        windows.set(key, { start: now, count: 1 });
        return true;
      }
      return ++window.count <= SAMPLES_PER_MINUTE;
    },
  };
}
