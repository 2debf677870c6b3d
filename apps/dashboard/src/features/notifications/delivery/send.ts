import { AppError, refuseText } from "#kernel";
import type { Changes, Groups, Queries } from "#platform/database";
import { OutboundError } from "#platform/outbound";
import type { Message, Outbox, Outcome, Topic } from "#platform/outbox";
import type { Channel } from "../model.ts";
import type { ChannelRecords } from "../store.ts";
import type { ChannelOptions } from "../typed/options.ts";
import type { Told } from "../typed/texts.ts";
import { TOPIC } from "./lanes.ts";
import type { Mutes } from "./mutes.ts";
import { payloadOf } from "./notice.ts";
import type { Notice, NoticeKind } from "./notice.ts";
import { overtaken } from "./owed.ts";
import type { Pace } from "./pace.ts";
import { retryAfter } from "./retry.ts";
import type { SpeakTo, Spoken } from "./speak.ts";

/** Longer than a request takes at most (spec 60 section 5). */
const ATTEMPT_MS = 45_000;
/** Messages that go out as one at most. */
const MOST_JOINED = 200;
/** More than one lane ever holds. */
const ALL = 10_000;

export interface SendDeps {
  readonly outbox: Pick<Outbox, "cancel" | "find">;
  readonly channels: Pick<ChannelRecords, "get">;
  readonly groups: Pick<Groups, "get">;
  readonly mutes: Pick<Mutes, "isMuted" | "note">;
  readonly pace: Pace;
  readonly speak: SpeakTo;
  /** Throws an `AppError` when the channel cannot be spoken through. */
  readonly spokenOf: (channel: Channel) => Spoken;
  readonly optionsOf: (channel: Channel) => ChannelOptions;
  /** Whether somebody's records still address a server; `true` when it is gone. */
  readonly reaches: (ownerId: number, serverId: number) => boolean;
  readonly now: () => number;
  readonly log: { info(text: string, details?: object): void; warn(text: string, details?: object): void };
}

/** Sends messages through channels (spec 30 sections 3.4 to 3.7). */
export function createSending({ outbox, channels, groups, mutes, pace, speak, spokenOf, optionsOf, reaches, now, log }: SendDeps) {
  const optionsFor = (target: string): ChannelOptions | undefined => {
    const channel = channels.get(Number(target));
    return channel && optionsOf(channel);
  };
  /** What has become needless since it was written. */
  const needless = (message: Message): Outcome | undefined => {
    const channelId = Number(message.target);
    const { mute, groupId, ownerId, serverId } = payloadOf(message);
    const channel = channels.get(channelId);
    if (channel === undefined) return { kind: "cancelled", reason: "the channel is gone" };
    // What was under way or given up when it left waits for nobody's word to be sent again.
    if (groups.get(groupId)?.memberIds.includes(channelId) !== true) return { kind: "cancelled", reason: "the channel left the group" };
    // Rules and channels that were handed over with a server go on telling of it.
    const isTheirs = ownerId === undefined || serverId === undefined || [ownerId, channel.ownerId].some((id) => reaches(id, serverId));
    if (!isTheirs) return { kind: "cancelled", reason: "the server is somebody else's" };
    const isTold = mute !== undefined && (message.kind === "other" || message.kind === "state") && mutes.isMuted(mute, groupId, channelId);
    return isTold ? { kind: "cancelled", reason: "told already" } : undefined;
  };
  const say = async (channelId: number, messages: readonly Message[], signal: AbortSignal): Promise<Outcome> => {
    const channel = channels.get(channelId);
    if (channel === undefined) return { kind: "cancelled", reason: "the channel is gone" };
    pace.sent(channelId);
    try {
      const verdict = await speak(spokenOf(channel), messages.map(toldOf), signal);
      if (verdict.accepted) return { kind: "delivered" };
      const { reason, afterMs, final, unsure } = verdict;
      if (afterMs !== undefined) pace.hold(channelId, afterMs);
      if (final === true) return { kind: "dead", reason };
      return { kind: "retry", reason, ...(afterMs === undefined ? {} : { afterMs }), ...(unsure === undefined ? {} : { unsure }) };
    } catch (error) {
      return failed(error);
    }
  };
  const sendAll = async (messages: readonly Message[], signal: AbortSignal): Promise<readonly Outcome[]> => {
    const dropped = messages.map(needless);
    const wanted = messages.filter((_message, index) => dropped[index] === undefined);
    const outcome: Outcome =
      wanted.length === 0 ? { kind: "cancelled", reason: "told already" } : await say(Number(messages[0]?.target), wanted, signal);
    return dropped.map((reason) => reason ?? outcome);
  };
  const report = (message: Message, outcome: Outcome): void => {
    const details = { channelId: Number(message.target), messageId: message.id };
    if (outcome.kind === "delivered") log.info("notification sent", details);
    else log.warn(`notification ${outcome.kind === "retry" ? "failed" : outcome.kind}`, { ...details, reason: outcome.reason });
  };
  /** What followed while the beginning was under way: the end is told to whoever may have heard of the beginning, else to nobody. */
  const settlePair = async (tx: Queries, changes: Changes, message: Message): Promise<void> => {
    const lane = await outbox.find({ topic: TOPIC, target: message.target, lane: message.lane }, ALL, tx);
    const over = overtaken(lane, message);
    await outbox.cancel(tx, changes, over, "it is over");
  };

  const topic: Topic = {
    name: TOPIC,
    attemptMs: ATTEMPT_MS,
    leastWanted: "reminder",
    closes: "recovery",
    ownerOf: (target) => String(channels.get(Number(target))?.ownerId ?? 0),
    retryAfter,
    heldUntil: (target) => pace.heldUntil(Number(target), optionsFor(target)?.perMinute ?? 0),
    send: async (message, signal) => needless(message) ?? say(Number(message.target), [message], signal),
    join: { most: (target) => ((optionsFor(target)?.groupSeconds ?? 0) === 0 ? 1 : MOST_JOINED), send: sendAll },
    async settled(tx, changes, message, outcome) {
      report(message, outcome);
      const { mute, groupId } = payloadOf(message);
      if (outcome.kind === "delivered" && mute !== undefined) await mutes.note(tx, changes, mute, groupId, Number(message.target));
      if (outcome.kind !== "delivered" && (message.kind === "incident" || message.kind === "reminder"))
        await settlePair(tx, changes, message);
    },
  };
  return {
    topic,
    /** Sends at once; throws an `AppError` with the reason, never with an answer's body. */
    async sendNow(channel: Spoken, notice: Notice): Promise<void> {
      const told: Told = { id: 0, createdAt: now(), kind: "other", event: "", notice };
      try {
        const verdict = await speak(channel, [told]);
        if (!verdict.accepted) throw refuseText(verdict.reason);
      } catch (error) {
        throw error instanceof OutboundError ? refuseText(error.message) : error;
      }
    },
  };
}

function toldOf(message: Message): Told {
  // The room wrote the kind itself.
  return {
    id: message.id,
    createdAt: message.createdAt,
    kind: message.kind as NoticeKind,
    event: message.event,
    notice: payloadOf(message),
  };
}

/** What no further try can heal is given up; the reason names no address. */
function failed(error: unknown): Outcome {
  if (error instanceof AppError) return { kind: "dead", reason: error.messageId };
  if (!(error instanceof OutboundError)) throw error;
  if (error.failure === "refused" || error.failure === "invalid") return { kind: "dead", reason: error.message };
  return { kind: "retry", reason: error.message, unsure: error.written };
}
