import { createSerialQueue } from "@windfire/kit";
import type { Actor, AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { isDnsName, parseDomain } from "./domain.ts";
import { seenHostKind, seenHostStore } from "./seen-hosts-store.ts";
import type { SeenHost } from "./seen-hosts-store.ts";

export type SeenBy = "session" | "agent";

/** Figures of spec 60 section 5. */
const MAX_HOSTS = 1_000;
const PER_MEMBER = 20;
const HOUR_MS = 3_600_000;

export interface SeenHostsDeps {
  readonly database: Pick<Database, "change" | "follow">;
  readonly audit: Pick<AuditLog, "write">;
  readonly now: () => number;
  /** Administrators, and rows of the global agent secret. */
  readonly ownsEverything: (userId: number) => boolean;
  /** Whether a tunnel of whatever port, spelling or state has this host. */
  readonly hasTunnel: (host: string) => boolean;
  readonly onError: (error: unknown) => void;
}

/**
 * The names that protect themselves from tunnels by having been used (spec 30 section 6.1, GHSA-x6fg-52vr-hj4w). They are trusted for
 * nothing: whoever can sign in can send any `Host`. What is noted counts at once, and reaches the table, and other dashboards, a little
 * later.
 */
export async function createSeenHosts(deps: SeenHostsDeps) {
  const { audit, database } = deps;
  const { hosts, drop, note: keep, write } = await openSeenTable(database);
  const writes = createSerialQueue();
  const counters = { notRecorded: 0 };
  const madeBy = (userId: number): SeenHost[] => [...hosts.values()].filter((seen) => seen.userId === userId);

  const forget = (names: readonly string[]): Promise<void> => {
    drop(names);
    return writes.run(() => database.change((tx, changes) => seenHostStore.delete(tx, changes, names)));
  };
  /** A new name must find room; a member's does not push anything out, and makes room for those of administrators. */
  const hasRoom = (userId: number): boolean => {
    if (userId !== 0 && madeBy(userId).length >= PER_MEMBER) return false;
    if (hosts.size < MAX_HOSTS) return true;
    const oldest =
      userId === 0 ? [...hosts.values()].filter((seen) => seen.userId !== 0).toSorted((a, b) => a.firstAt - b.firstAt)[0] : undefined;
    if (oldest !== undefined) void forget([oldest.host]).catch(deps.onError);
    return oldest !== undefined;
  };
  const note = (authority: string, by: SeenBy, whose: number): void => {
    const host = parseDomain(authority);
    if (host === undefined || host.isLiteral || !isDnsName(host.host)) return;
    const now = deps.now();
    const userId = deps.ownsEverything(whose) ? 0 : whose;
    const known = hosts.get(host.host);
    const last = by === "session" ? known?.sessionAt : known?.agentAt;
    const isFresh = last !== undefined && Math.abs(now - last) < HOUR_MS;
    if (isFresh && (known?.userId === userId || userId !== 0)) return;
    if (deps.hasTunnel(host.host)) return;
    if (known === undefined && !hasRoom(userId)) {
      counters.notRecorded++;
      return;
    }
    const seen: SeenHost = {
      host: host.host,
      firstAt: known?.firstAt ?? now,
      sessionAt: by === "session" ? now : known?.sessionAt,
      agentAt: by === "agent" ? now : known?.agentAt,
      userId: userId === 0 ? 0 : (known?.userId ?? userId),
    };
    keep(seen);
    void writes.run(() => write(seen)).catch(deps.onError);
  };
  return {
    counters: counters as { readonly notRecorded: number },
    /** A session was issued on a request with this `Host`. */
    noteSession: (authority: string, userId: number) => note(authority, "session", userId),
    /** An agent of this owner's server was let in on a call with this `:authority`. */
    noteAgent: (authority: string, ownerId: number) => note(authority, "agent", ownerId),
    /** How a host (lower case, without port) was used, sessions first. */
    seenBy(host: string): SeenBy | undefined {
      const seen = hosts.get(host);
      return seen && (seen.sessionAt === undefined ? "agent" : "session");
    },
    list: (): SeenHost[] => [...hosts.values()].toSorted((a, b) => (a.host < b.host ? -1 : 1)),
    /** By an administrator; unknown names are passed over. @throws {DatabaseError} */
    async remove(names: readonly string[], actor: Actor): Promise<void> {
      const known = [...new Set(names.map(canonicalHost))].filter((name) => hosts.has(name));
      if (known.length === 0) return;
      drop(known);
      await writes.run(() =>
        database.change(async (tx, changes) => {
          await seenHostStore.delete(tx, changes, known);
          for (const key of known) await audit.write(tx, { actor, action: "seen-host.delete", kind: "seen-host", key });
        }),
      );
    },
    /** Resolves when all is written that was noted. */
    settled: (): Promise<void> => writes.idle(),
  };
}

/** The table in memory, with what was noted here and is not written yet. */
async function openSeenTable(database: SeenHostsDeps["database"]) {
  const hosts = new Map<string, SeenHost>();
  const unwritten = new Map<string, SeenHost>();
  await database.follow(seenHostKind, {
    changed(host, seen) {
      // What is noted here is newer.
      if (unwritten.has(host)) return;
      if (seen === undefined) hosts.delete(host);
      else hosts.set(host, seen);
    },
    reloaded(all) {
      hosts.clear();
      for (const seen of [...all, ...unwritten.values()]) hosts.set(seen.host, seen);
    },
  });
  return {
    hosts: hosts as ReadonlyMap<string, SeenHost>,
    note(seen: SeenHost): void {
      hosts.set(seen.host, seen);
      unwritten.set(seen.host, seen);
    },
    drop(names: readonly string[]): void {
      for (const name of names) {
        hosts.delete(name);
        unwritten.delete(name);
      }
    },
    /** What was removed, or noted again, meanwhile is not written. */
    async write(seen: SeenHost): Promise<void> {
      if (unwritten.get(seen.host) !== seen) return;
      await database.change((tx, changes) => seenHostStore.save(tx, changes, seen));
      if (unwritten.get(seen.host) === seen) unwritten.delete(seen.host);
    },
  };
}

/** A host as it is kept, of whatever somebody wrote; "" for what is none. */
export function canonicalHost(text: string): string {
  return parseDomain(text)?.host ?? "";
}

export type SeenHosts = Awaited<ReturnType<typeof createSeenHosts>>;
