import type { Changes, Queries } from "#platform/database";
import type { Message, Outbox } from "#platform/outbox";
import { createAudience } from "./audience.ts";
import type { AudienceDeps } from "./audience.ts";
import { createLanes, isSame, laneOf } from "./lanes.ts";
import type { Notice } from "./notice.ts";
import { payloadOf } from "./notice.ts";
import { isEndOwed } from "./owed.ts";
import { createWithdrawals } from "./withdrawals.ts";
import type { Withdrawals } from "./withdrawals.ts";

export interface DeliveryDeps extends AudienceDeps {
  readonly outbox: Outbox;
  readonly now: () => number;
}

/** An event that has a beginning and an end, such as an alert of one server: `pair` names the two, `event` this one time. */
export interface PairEvent {
  readonly groupId: number;
  readonly pair: string;
  readonly event: string;
}

/** What becomes of messages: one row for each channel of their group, in the transaction of the event (spec 30 section 3.7). */
export interface Deliveries extends Withdrawals {
  /** A message that stands alone; none where its label is muted or waits already. */
  tell(tx: Queries, changes: Changes, groupId: number, notice: Notice): Promise<void>;
  /** The state of something that has many, such as a service. */
  tellState(tx: Queries, changes: Changes, groupId: number, subject: string, notice: Notice): Promise<void>;
  /** The beginning; a recovery that still waits is not told any more. */
  raise(tx: Queries, changes: Changes, of: PairEvent, notice: Notice): Promise<void>;
  /** It lasts: for channels that were told of the beginning, a while ago. */
  remind(tx: Queries, changes: Changes, of: PairEvent, notice: Notice): Promise<void>;
  /**
   * Whether a reminder would be told to somebody now; `undefined` when only a look at what was sent can say so, as after a long time in
   * which the dashboard was down.
   */
  isReminderDue(groupId: number, notice: Notice): boolean | undefined;
  /**
   * From now on another group is told of what lasts: those of its channels that do not know of it are told now, and what waits for others is
   * cancelled. Others that heard of it hear its end.
   */
  move(tx: Queries, changes: Changes, of: PairEvent, notice: Notice): Promise<void>;
  /** The end, for channels that may have heard of the beginning, as long as they are in the group that they were told through. */
  clear(tx: Queries, changes: Changes, of: PairEvent, notice: Notice): Promise<void>;
  /** Whether anybody would be told now: nothing needs to be written otherwise. */
  wouldTell(groupId: number, notice: Notice): boolean;
}

/** See {@link Deliveries}. */
export function createDeliveries(deps: DeliveryDeps): Deliveries {
  const audience = createAudience(deps);
  const { membersOf, openFor } = audience;
  const { outbox } = deps;
  const lanes = createLanes({ ...deps, audience });

  return {
    ...createWithdrawals(deps),
    wouldTell: (groupId, notice) => openFor(groupId, notice).length > 0,
    isReminderDue: audience.isReminderDue,
    async tell(tx, changes, groupId, notice) {
      const event = notice.subject ?? (notice.mute === undefined ? "" : `mute ${groupId} ${notice.mute}`);
      for (const channelId of openFor(groupId, notice)) {
        if (notice.mute !== undefined && (await lanes.pending(tx, channelId, { event })).some((message) => isSame(message, notice)))
          continue;
        await lanes.add(tx, changes, channelId, { kind: "other", lane: "", event, groupId, notice });
      }
    },
    async tellState(tx, changes, groupId, subject, notice) {
      for (const channelId of membersOf(groupId, notice)) {
        const lane = laneOf(channelId, subject);
        if (audience.isMuted(groupId, channelId, notice)) continue;
        if (!audience.wants(channelId, notice) && !(await lanes.knowsOfOne(tx, channelId, lane))) continue;
        const waiting = (await lanes.pending(tx, channelId, { lane })).toReversed();
        const newest = waiting.at(-1);
        if (newest && notice.mute !== undefined && isSame(newest, notice)) continue;
        await lanes.cancel(tx, changes, waiting.slice(1), "a newer state is told");
        await lanes.add(tx, changes, channelId, { kind: "state", lane, event: subject, groupId, notice });
      }
    },
    async raise(tx, changes, { groupId, pair, event }, notice) {
      for (const channelId of openFor(groupId, notice)) {
        const lane = laneOf(channelId, pair);
        const over = (await lanes.pending(tx, channelId, { lane })).filter((message) => message.event !== event);
        await lanes.cancel(tx, changes, over, "it began anew");
        await lanes.add(tx, changes, channelId, { kind: "incident", lane, event, groupId, notice });
      }
    },
    async remind(tx, changes, { groupId, pair, event }, notice) {
      for (const channelId of openFor(groupId, notice)) {
        const lane = laneOf(channelId, pair);
        if ((await lanes.pending(tx, channelId, { lane })).length > 0 || !(await lanes.wasSent(tx, channelId, event))) continue;
        await lanes.add(tx, changes, channelId, { kind: "reminder", lane, event, groupId, notice });
      }
    },
    async move(tx, changes, { groupId, pair, event }, notice) {
      const told = await lanes.ofEvent(tx, event);
      const isMember = ({ target }: Message): boolean => membersOf(groupId, notice).includes(Number(target));
      const dropped = told.filter((message) => message.state === "waiting" && !isMember(message));
      await lanes.cancel(tx, changes, dropped, "another group is told");
      const knowing = new Set(told.filter(({ state }) => state !== "cancelled").map(({ target }) => Number(target)));
      for (const channelId of openFor(groupId, notice))
        if (!knowing.has(channelId))
          await lanes.add(tx, changes, channelId, { kind: "incident", lane: laneOf(channelId, pair), event, groupId, notice });
    },
    async clear(tx, changes, { pair, event }, notice) {
      for (const [channelId, groupId] of toldThrough(await lanes.ofEvent(tx, event))) {
        if (!membersOf(groupId, notice).includes(channelId)) continue;
        const lane = laneOf(channelId, pair);
        const told = await lanes.all(tx, channelId, lane);
        const waiting = told.filter((message) => message.event === event && message.state === "waiting");
        await lanes.cancel(tx, changes, waiting, "it is over");
        const isOwed = isEndOwed(told, event);
        if (!isOwed && !told.some((message) => message.event === event && message.state === "dead")) continue;
        const id = await lanes.add(tx, changes, channelId, { kind: "recovery", lane, event, groupId, notice });
        // So that a beginning that was given up is not tried again when it is over.
        if (!isOwed) await outbox.cancel(tx, changes, [id], "nobody heard of the beginning");
      }
    },
  };
}

/** Channels that were told of a beginning, or that it lasts, each with the group that it was told through last. */
function toldThrough(messages: readonly Message[]): ReadonlyMap<number, number> {
  const told = messages.filter(({ kind }) => kind !== "recovery").toReversed();
  return new Map(told.map((message) => [Number(message.target), payloadOf(message).groupId]));
}
