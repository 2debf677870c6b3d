import type { ResultRecord } from "./run-model.ts";

/** Results of one cron on one server that may be outstanding together; the oldest is not waited for any more. */
const PER_PAIR = 100;

/** A command that a server was sent and has not answered. */
export type Pending = Pick<ResultRecord, "runId" | "serverId" | "cronId" | "sentAt"> & {
  /** Nobody waits for it, but what it says is kept. */
  readonly cancelled: boolean;
  /** Its agent's connection has ended since: agents answer on the connection that the command came by, or not at all. */
  readonly lost: boolean;
  /** An earlier process sent it, which may have sent others that it could not write down. */
  readonly inherited?: boolean;
};

/**
 * An answer says in whole seconds when its command began, a moment after it was sent. Further off it may be that of a run that an earlier
 * process could not write: it is nobody's then.
 */
export const INHERITED_WITHIN_MS = 10_000;

/** Which answer belongs to which run: an agent's answer names the cron alone. */
export interface PendingResults {
  add(pending: Pending): void;
  has(pending: Pick<Pending, "runId" | "serverId" | "cronId">): boolean;
  /**
   * That of the run which began when the answered one did, as well as the times say, and one that is lost only where there is no other; it
   * is not waited for any more. Where an earlier process sent one or the other, they have to have begun close to each other.
   */
  take(cronId: number, serverId: number, startedAt: number): Pending | undefined;
  /** The one that `take` would take. */
  find(cronId: number, serverId: number, startedAt: number): Pending | undefined;
  /** Servers that are waited for since before a time. */
  awaited(before: number): readonly number[];
  /** All that a server was sent is lost. @returns those that were waited for until now */
  lose(serverId: number): readonly Pending[];
  cancel(runId: number, serverIds: readonly number[]): void;
  forget(pending: Pending): void;
  forgetCrons(cronIds: readonly number[]): void;
  forgetBefore(sentAt: number): void;
  readonly size: number;
}

/** @param begunAt when this process began, Unix milliseconds: what began before was sent by an earlier one */
export function createPendingResults(begunAt: number): PendingResults {
  const pairs = new Map<string, readonly Pending[]>();
  const keyOf = (cronId: number, serverId: number): string => `${cronId} ${serverId}`;
  const put = (key: string, list: readonly Pending[]): void => {
    if (list.length > 0) pairs.set(key, list);
    else pairs.delete(key);
  };
  const keep = (isKept: (pending: Pending) => boolean): void => {
    for (const [key, list] of pairs) put(key, list.filter(isKept));
  };
  const find: PendingResults["find"] = (cronId, serverId, startedAt) => {
    const distance = ({ sentAt }: Pending): number => Math.abs(sentAt - startedAt);
    const isOurs = ({ inherited }: Pending): boolean => inherited !== true && startedAt >= begunAt;
    const possible = (pairs.get(keyOf(cronId, serverId)) ?? []).filter(
      (pending) => isOurs(pending) || distance(pending) <= INHERITED_WITHIN_MS,
    );
    const awaited = possible.filter(({ lost }) => !lost);
    return (awaited.length > 0 ? awaited : possible).reduce<Pending | undefined>(
      (best, pending) => (best === undefined || distance(pending) < distance(best) ? pending : best),
      undefined,
    );
  };
  return {
    find,
    has: ({ cronId, serverId, runId }) => (pairs.get(keyOf(cronId, serverId)) ?? []).some((pending) => pending.runId === runId),
    add(pending) {
      const key = keyOf(pending.cronId, pending.serverId);
      put(key, [...(pairs.get(key) ?? []), pending].slice(-PER_PAIR));
    },
    take(cronId, serverId, startedAt) {
      const key = keyOf(cronId, serverId);
      const found = find(cronId, serverId, startedAt);
      put(
        key,
        (pairs.get(key) ?? []).filter((pending) => pending !== found),
      );
      return found;
    },
    awaited: (before) => {
      const waiting = [...pairs.values()].flat().filter(({ lost, cancelled, sentAt }) => !lost && !cancelled && sentAt < before);
      return [...new Set(waiting.map(({ serverId }) => serverId))];
    },
    lose(serverId) {
      const lost: Pending[] = [];
      for (const [key, list] of pairs) {
        if (list[0]?.serverId !== serverId) continue;
        lost.push(...list.filter((pending) => !pending.lost && !pending.cancelled));
        put(
          key,
          list.map((pending) => ({ ...pending, lost: true })),
        );
      }
      return lost;
    },
    cancel(runId, serverIds) {
      for (const [key, list] of pairs) {
        const isMeant = (pending: Pending): boolean => pending.runId === runId && serverIds.includes(pending.serverId);
        if (list.some(isMeant))
          put(
            key,
            list.map((pending) => (isMeant(pending) ? { ...pending, cancelled: true } : pending)),
          );
      }
    },
    forget({ cronId, serverId, runId }) {
      const key = keyOf(cronId, serverId);
      put(
        key,
        (pairs.get(key) ?? []).filter((pending) => pending.runId !== runId),
      );
    },
    forgetCrons: (cronIds) => keep((pending) => !cronIds.includes(pending.cronId)),
    forgetBefore: (sentAt) => keep((pending) => pending.sentAt >= sentAt),
    get size() {
      let size = 0;
      for (const list of pairs.values()) size += list.length;
      return size;
    },
  };
}
