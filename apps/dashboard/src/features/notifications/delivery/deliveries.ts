import type { Changes, Groups, Queries } from "#platform/database";
import type { Message, Outbox } from "#platform/outbox";
import type { Channel } from "../model.ts";
import type { ChannelRecords } from "../store.ts";
import type { ChannelOptions } from "../typed/options.ts";
import type { Mutes } from "./mutes.ts";
import { cutNotice, payloadOf, SEVERITIES } from "./notice.ts";
import { isEndOwed } from "./owed.ts";
import type { Notice, NoticeKind, NoticePayload } from "./notice.ts";

/** As the outbox names the room's messages. */
export const TOPIC = "notification";
const DAY_MS = 86_400_000;
/** More than one lane ever holds. */
const ALL = 10_000;

export interface DeliveryDeps {
  readonly outbox: Outbox;
  readonly channels: Pick<ChannelRecords, "get">;
  readonly groups: Pick<Groups, "get">;
  readonly mutes: Mutes;
  readonly optionsOf: (channel: Channel) => ChannelOptions;
  readonly now: () => number;
}

/** An event that has a beginning and an end, such as an alert of one server: `pair` names the two, `event` this one time. */
export interface PairEvent {
  readonly groupId: number;
  readonly pair: string;
  readonly event: string;
}

/** What becomes of messages: one row for each channel of their group, in the transaction of the event (spec 30 section 3.7). */
export interface Deliveries {
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
  /** The end, for channels that may have heard of the beginning. */
  clear(tx: Queries, changes: Changes, of: PairEvent, notice: Notice): Promise<void>;
  /** The subject is gone: what waits of these events or lanes is cancelled. */
  dropEvent(tx: Queries, changes: Changes, event: string, reason: string): Promise<void>;
  dropChannels(tx: Queries, channelIds: readonly number[]): Promise<void>;
  /** Channels left a group: what waits for them because of it is cancelled. */
  dropMembers(tx: Queries, changes: Changes, groupId: number, channelIds: readonly number[]): Promise<void>;
  /** What was given up in the last day is tried again. */
  reviveChannel(tx: Queries, changes: Changes, channelId: number): Promise<void>;
  /** Whether anybody would be told now: nothing needs to be written otherwise. */
  wouldTell(groupId: number, notice: Notice): boolean;
}

/** See {@link Deliveries}. */
export function createDeliveries({ outbox, channels, groups, mutes, optionsOf, now }: DeliveryDeps): Deliveries {
  const membersOf = (groupId: number): number[] => (groups.get(groupId)?.memberIds ?? []).filter((id) => channels.get(id) !== undefined);
  const options = (channelId: number): ChannelOptions | undefined => {
    const channel = channels.get(channelId);
    return channel && optionsOf(channel);
  };
  const wants = (channelId: number, { severity = "info" }: Notice): boolean =>
    SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(options(channelId)?.leastSeverity ?? "info");
  const isMuted = (groupId: number, channelId: number, { mute }: Notice): boolean =>
    mute !== undefined && mutes.isMuted(mute, groupId, channelId);
  const openFor = (groupId: number, notice: Notice): number[] =>
    membersOf(groupId).filter((id) => wants(id, notice) && !isMuted(groupId, id, notice));
  /** A channel that was told of a state hears how it goes on, until all is well. */
  const knowsOfOne = async (tx: Queries, channelId: number, lane: string): Promise<boolean> => {
    const told = await outbox.find({ topic: TOPIC, target: String(channelId), lane, states: ["waiting", "sending", "sent"] }, 1, tx);
    return told.some((message) => payloadOf(message).ends !== true);
  };
  /** The first message of a channel opens a window; what comes within it goes out with it. */
  const windowOf = async (tx: Queries, channelId: number): Promise<{ readonly notBefore?: number }> => {
    const seconds = options(channelId)?.groupSeconds ?? 0;
    if (seconds === 0) return {};
    return { notBefore: (await outbox.nextUntried(tx, { topic: TOPIC, target: String(channelId) })) ?? now() + seconds * 1000 };
  };
  const add = async (
    tx: Queries,
    changes: Changes,
    channelId: number,
    message: { kind: NoticeKind; lane: string; event: string; groupId: number; notice: Notice },
  ): Promise<number> => {
    const { kind, lane, event, groupId, notice } = message;
    const payload: NoticePayload = { ...cutNotice(notice), groupId };
    const window = await windowOf(tx, channelId);
    return outbox.add(tx, changes, { topic: TOPIC, target: String(channelId), lane, event, kind, payload, ...window });
  };
  const pending = (tx: Queries, channelId: number, where: { event?: string; lane?: string }): Promise<readonly Message[]> =>
    outbox.find({ topic: TOPIC, target: String(channelId), ...where, states: ["waiting", "sending"] }, ALL, tx);
  const laneOf = (channelId: number, subject: string): string => `${channelId} ${subject}`;

  return {
    wouldTell: (groupId, notice) => openFor(groupId, notice).length > 0,
    async tell(tx, changes, groupId, notice) {
      const event = notice.subject ?? (notice.mute === undefined ? "" : `mute ${groupId} ${notice.mute}`);
      for (const channelId of openFor(groupId, notice)) {
        if (notice.mute !== undefined && (await pending(tx, channelId, { event })).some((message) => isSame(message, notice))) continue;
        await add(tx, changes, channelId, { kind: "other", lane: "", event, groupId, notice });
      }
    },
    async tellState(tx, changes, groupId, subject, notice) {
      for (const channelId of membersOf(groupId)) {
        const lane = laneOf(channelId, subject);
        if (isMuted(groupId, channelId, notice) || !(wants(channelId, notice) || (await knowsOfOne(tx, channelId, lane)))) continue;
        const waiting = (await pending(tx, channelId, { lane })).toReversed();
        const newest = waiting.at(-1);
        if (newest && notice.mute !== undefined && isSame(newest, notice)) continue;
        const [, ...behind] = waiting;
        await outbox.cancel(
          tx,
          changes,
          behind.map(({ id }) => id),
          "a newer state is told",
        );
        await add(tx, changes, channelId, { kind: "state", lane, event: subject, groupId, notice });
      }
    },
    async raise(tx, changes, { groupId, pair, event }, notice) {
      for (const channelId of openFor(groupId, notice)) {
        const lane = laneOf(channelId, pair);
        const over = (await pending(tx, channelId, { lane })).filter((message) => message.event !== event);
        await outbox.cancel(
          tx,
          changes,
          over.map(({ id }) => id),
          "it began anew",
        );
        await add(tx, changes, channelId, { kind: "incident", lane, event, groupId, notice });
      }
    },
    async remind(tx, changes, { groupId, pair, event }, notice) {
      for (const channelId of openFor(groupId, notice)) {
        const lane = laneOf(channelId, pair);
        if ((await pending(tx, channelId, { lane })).length > 0) continue;
        if ((await outbox.find({ topic: TOPIC, target: String(channelId), event, states: ["sent"] }, 1, tx)).length === 0) continue;
        await add(tx, changes, channelId, { kind: "reminder", lane, event, groupId, notice });
      }
    },
    isReminderDue(groupId, { mute = "" }) {
      const over = new Set(membersOf(groupId).map((id) => mutes.isOver(mute, groupId, id)));
      if (over.has(true)) return true;
      return over.has(undefined) ? undefined : false;
    },
    async clear(tx, changes, { groupId, pair, event }, notice) {
      for (const channelId of membersOf(groupId)) {
        const lane = laneOf(channelId, pair);
        const told = await outbox.find({ topic: TOPIC, target: String(channelId), lane }, ALL, tx);
        if (!told.some((message) => message.event === event && message.kind === "incident")) continue;
        const waiting = told.filter((message) => message.event === event && message.state === "waiting").map(({ id }) => id);
        await outbox.cancel(tx, changes, waiting, "it is over");
        if (isEndOwed(told, event)) await add(tx, changes, channelId, { kind: "recovery", lane, event, groupId, notice });
      }
    },
    async dropEvent(tx, changes, event, reason) {
      await outbox.cancelWaiting(tx, changes, { topic: TOPIC, event }, reason);
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

/** The same event, which is not told twice. */
function isSame(message: Message, { mute }: Notice): boolean {
  return payloadOf(message).mute === mute;
}
