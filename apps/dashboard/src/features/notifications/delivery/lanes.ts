import type { Changes, Queries } from "#platform/database";
import type { Message, Outbox } from "#platform/outbox";
import type { Audience } from "./audience.ts";
import { keptNotice, payloadOf } from "./notice.ts";
import type { Notice, NoticeKind, NoticePayload } from "./notice.ts";

/** As the outbox names the room's messages. */
export const TOPIC = "notification";
/** More than one lane ever holds. */
const ALL = 10_000;

export interface LaneDeps {
  readonly outbox: Outbox;
  readonly audience: Pick<Audience, "gathersFor">;
  readonly now: () => number;
}

/** What is written for one channel. */
export interface ChannelMessage {
  readonly kind: NoticeKind;
  readonly lane: string;
  readonly event: string;
  readonly groupId: number;
  readonly notice: Notice;
}

/** Messages of one channel in the outbox: a lane holds all that is said of one subject, in its order. */
export interface Lanes {
  add(tx: Queries, changes: Changes, channelId: number, message: ChannelMessage): Promise<number>;
  /** What is not sent yet, newest first. */
  pending(tx: Queries, channelId: number, where: { readonly event?: string; readonly lane?: string }): Promise<readonly Message[]>;
  /** All that is kept of a lane, newest first. */
  all(tx: Queries, channelId: number, lane: string): Promise<readonly Message[]>;
  /** All that is kept of an event, newest first, through whatever group it was told. */
  ofEvent(tx: Queries, event: string): Promise<readonly Message[]>;
  /** A channel that was told of a state hears how it goes on, until all is well. */
  knowsOfOne(tx: Queries, channelId: number, lane: string): Promise<boolean>;
  wasSent(tx: Queries, channelId: number, event: string): Promise<boolean>;
  cancel(tx: Queries, changes: Changes, messages: readonly Message[], reason: string): Promise<unknown>;
}

/** See {@link Lanes}. */
export function createLanes({ outbox, audience, now }: LaneDeps): Lanes {
  /** The first message of a channel opens a window; what comes within it goes out with it. */
  const windowOf = async (tx: Queries, channelId: number): Promise<{ readonly notBefore?: number }> => {
    const seconds = audience.gathersFor(channelId);
    if (seconds === 0) return {};
    return { notBefore: (await outbox.nextUntried(tx, { topic: TOPIC, target: String(channelId) })) ?? now() + seconds * 1000 };
  };
  return {
    async add(tx, changes, channelId, { kind, lane, event, groupId, notice }) {
      const payload: NoticePayload = { ...keptNotice(notice), groupId };
      const window = await windowOf(tx, channelId);
      return outbox.add(tx, changes, { topic: TOPIC, target: String(channelId), lane, event, kind, payload, ...window });
    },
    pending: (tx, channelId, where) =>
      outbox.find({ topic: TOPIC, target: String(channelId), ...where, states: ["waiting", "sending"] }, ALL, tx),
    all: (tx, channelId, lane) => outbox.find({ topic: TOPIC, target: String(channelId), lane }, ALL, tx),
    ofEvent: (tx, event) => outbox.find({ topic: TOPIC, event }, ALL, tx),
    async knowsOfOne(tx, channelId, lane) {
      const told = await outbox.find({ topic: TOPIC, target: String(channelId), lane, states: ["waiting", "sending", "sent"] }, 1, tx);
      return told.some((message) => payloadOf(message).ends !== true);
    },
    async wasSent(tx, channelId, event) {
      return (await outbox.find({ topic: TOPIC, target: String(channelId), event, states: ["sent"] }, 1, tx)).length > 0;
    },
    cancel: (tx, changes, messages, reason) =>
      outbox.cancel(
        tx,
        changes,
        messages.map(({ id }) => id),
        reason,
      ),
  };
}

/** Subjects of channels are lanes of their own. */
export function laneOf(channelId: number, subject: string): string {
  return `${channelId} ${subject}`;
}

/** The same event, which is not told twice. */
export function isSame(message: Message, { mute }: Notice): boolean {
  return payloadOf(message).mute === mute;
}
