import type { Changes, Queries } from "#platform/database";
import type { Outbox } from "#platform/outbox";
import { TOPIC } from "./lanes.ts";
import { payloadOf } from "./notice.ts";

const DAY_MS = 86_400_000;
/** Events that one statement names. */
const AT_ONCE = 500;
/** More than one channel ever has waiting. */
const ALL = 10_000;

/** What becomes of messages when their subject or their channel changes. */
export interface Withdrawals {
  /** The subject is gone: what waits of these events is cancelled. */
  dropEvents(tx: Queries, changes: Changes, events: readonly string[], reason: string): Promise<void>;
  dropChannels(tx: Queries, channelIds: readonly number[]): Promise<void>;
  /** Channels left a group: what waits for them because of it is cancelled. */
  dropMembers(tx: Queries, changes: Changes, groupId: number, channelIds: readonly number[]): Promise<void>;
  /** What was given up in the last day is tried again, but for beginnings that are over and states that are not so any more. */
  reviveChannel(tx: Queries, changes: Changes, channelId: number): Promise<void>;
}

/** See {@link Withdrawals}. */
export function createWithdrawals({ outbox, now }: { readonly outbox: Outbox; readonly now: () => number }): Withdrawals {
  return {
    async dropEvents(tx, changes, events, reason) {
      for (let from = 0; from < events.length; from += AT_ONCE)
        await outbox.withdraw(tx, changes, { topic: TOPIC, events: events.slice(from, from + AT_ONCE) }, reason);
    },
    async dropChannels(tx, channelIds) {
      await outbox.dropTargets(tx, TOPIC, channelIds.map(String));
    },
    async dropMembers(tx, changes, groupId, channelIds) {
      for (const channelId of channelIds) {
        const waiting = await outbox.find({ topic: TOPIC, target: String(channelId), states: ["waiting"] }, ALL, tx);
        const ids = waiting.filter((message) => payloadOf(message).groupId === groupId).map(({ id }) => id);
        await outbox.cancel(tx, changes, ids, "the channel left the group");
      }
    },
    async reviveChannel(tx, changes, channelId) {
      await outbox.sendAgain(tx, changes, { topic: TOPIC, target: String(channelId), since: now() - DAY_MS });
    },
  };
}
