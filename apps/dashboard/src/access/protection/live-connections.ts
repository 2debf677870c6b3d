import type { Clock, Timer } from "@windfire/kit";
import { shareOf } from "#kernel";
import type { Caller, FactBus } from "#kernel";

/** Why a connection is ended from our side. */
export type EndReason = "logout" | "password" | "deleted" | "expired" | "blocked" | "disabled";

/** Someone's open socket, stream or long call. */
export interface LiveConnection {
  readonly caller: Caller;
  /** Real address, or the TCP peer when none is configured. */
  readonly ip: string;
  /** Ends it at once. Called at most once, and never after `release`. */
  close(reason: EndReason): void;
}

/**
 * Everything that stays open after its request was admitted: WebSockets, terminals, MCP calls and transfers. Whoever opens one registers
 * it; it is closed when the session, token or share link behind it ends, its user is deleted or disabled, its address is blocked or its
 * token or link expires (spec 10 section 23.6). What was admitted before and registers after such an end is closed at once. The limits on
 * sockets bound its size.
 */
export interface LiveConnections {
  /** Returns `release`, to be called when the connection has ended by itself. */
  register(connection: LiveConnection): () => void;
  readonly count: number;
  stop(): void;
}

/** How long an end is remembered for those who register late (spec 10 section 12.7). */
const TOMBSTONE_MS = 10 * 60_000;
const MAX_TOMBSTONES = 10_000;
/** How long after its end an expired token or share link may still be in use. */
const EXPIRY_CHECK_MS = 5_000;

export interface LiveConnectionsDeps {
  readonly clock: Clock;
  readonly facts: FactBus;
  /** Unix milliseconds; `undefined`: never. */
  readonly tokenExpiry: (tokenId: number) => number | undefined;
}

export function createLiveConnections(deps: LiveConnectionsDeps): LiveConnections {
  const open = new Map<string, Set<LiveConnection>>();
  const tombstones = createTombstones(deps.clock);
  const expiries = new Map<LiveConnection, number>();
  let count = 0;

  const release = (connection: LiveConnection): boolean => {
    let known = false;
    for (const key of keysOf(connection)) {
      const set = open.get(key);
      known = set?.delete(connection) === true || known;
      if (set?.size === 0) open.delete(key);
    }
    expiries.delete(connection);
    if (known) count--;
    return known;
  };
  const end = (connection: LiveConnection, reason: EndReason): void => {
    if (release(connection)) connection.close(reason);
  };
  const endAll = (keys: readonly string[], reason: EndReason, remember: boolean): void => {
    for (const key of keys) {
      if (remember) tombstones.add(key, reason);
      for (const connection of open.get(key) ?? []) end(connection, reason);
    }
  };
  const subscriptions = [
    deps.facts.subscribe("session.ended", ({ sessionKeys, reason }) => endAll(sessionKeys.map(sessionKey), reason, true)),
    deps.facts.subscribe("token.ended", ({ tokenIds, reason }) => endAll(tokenIds.map(tokenKey), reason, true)),
    deps.facts.subscribe("share-link.ended", ({ linkIds }) => endAll(linkIds.map(shareKey), "deleted", true)),
    deps.facts.subscribe("user.deleted", ({ userId }) => endAll([userKey(userId)], "deleted", true)),
    deps.facts.subscribe("user.disabled", ({ userId }) => endAll([userKey(userId)], "disabled", true)),
    deps.facts.subscribe("user.enabled", ({ userId }) => tombstones.remove(userKey(userId))),
    // A block may be lifted, and whoever is blocked does not get past the gate: nothing to remember.
    deps.facts.subscribe("address.blocked", ({ ips }) => endAll(ips.map(addressKey), "blocked", false)),
  ];
  const endExpired = (): void => {
    const now = deps.clock.now();
    for (const [connection, expiry] of expiries) if (expiry < now) end(connection, "expired");
  };
  const expiryOf = (caller: Caller): number | undefined =>
    caller.kind === "token" ? deps.tokenExpiry(caller.tokenId) : shareOf(caller)?.until;
  const timer: Timer = deps.clock.setInterval(endExpired, EXPIRY_CHECK_MS).unref();

  return {
    register(connection) {
      const keys = keysOf(connection);
      const late = keys.map((key) => tombstones.find(key)).find((reason) => reason !== undefined);
      if (late) {
        connection.close(late);
        return () => undefined;
      }
      for (const key of keys) open.set(key, (open.get(key) ?? new Set()).add(connection));
      const expiry = expiryOf(connection.caller);
      if (expiry !== undefined) expiries.set(connection, expiry);
      count++;
      return () => void release(connection);
    },
    get count() {
      return count;
    },
    stop() {
      timer.cancel();
      for (const unsubscribe of subscriptions) unsubscribe();
    },
  };
}

const sessionKey = (key: string): string => `session ${key}`;
const tokenKey = (id: number): string => `token ${id}`;
const userKey = (id: number): string => `user ${id}`;
const shareKey = (id: number): string => `share link ${id}`;
const addressKey = (ip: string): string => `address ${ip}`;

function keysOf({ caller, ip }: LiveConnection): readonly string[] {
  const address = ip === "" ? [] : [addressKey(ip)];
  if (caller.kind === "guest") return caller.share ? [shareKey(caller.share.linkId), ...address] : address;
  return [caller.kind === "session" ? sessionKey(caller.sessionKey) : tokenKey(caller.tokenId), userKey(caller.user.id), ...address];
}

/** What has ended lately; the oldest goes when there are too many. */
function createTombstones(clock: Clock) {
  const ended = new Map<string, { reason: EndReason; until: number }>();
  return {
    add(key: string, reason: EndReason): void {
      ended.delete(key);
      ended.set(key, { reason, until: clock.monotonic() + TOMBSTONE_MS });
      for (const [oldest, { until }] of ended) {
        if (ended.size <= MAX_TOMBSTONES && until >= clock.monotonic()) break;
        ended.delete(oldest);
      }
    },
    remove(key: string): void {
      ended.delete(key);
    },
    find(key: string): EndReason | undefined {
      const stone = ended.get(key);
      return stone && stone.until >= clock.monotonic() ? stone.reason : undefined;
    },
  };
}
