import type { Clock } from "@windfire/kit";
import { AppError, refuseText } from "#kernel";
import type { Changes, Queries } from "#platform/database";
import { OutboundError, retryAfterHeader } from "#platform/outbound";
import type { Outbound } from "#platform/outbound";
import type { Message, Outbox, Outcome, Topic } from "#platform/outbox";
import type { ChannelSettings } from "../model.ts";
import type { ChannelRecords } from "../store.ts";
import { TOPIC } from "./deliveries.ts";
import type { Mutes } from "./mutes.ts";
import { payloadOf } from "./notice.ts";
import type { Notice } from "./notice.ts";
import { placeholderValues } from "./placeholders.ts";
import type { MessageServer } from "./placeholders.ts";
import { buildRequest } from "./request.ts";
import { retryAfter } from "./retry.ts";

/** Longer than a request takes at most (spec 60 section 5). */
const ATTEMPT_MS = 45_000;

export interface SendDeps {
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly outbox: Pick<Outbox, "cancel" | "find">;
  readonly channels: Pick<ChannelRecords, "get">;
  readonly mutes: Pick<Mutes, "isMuted" | "note">;
  readonly server: (id: number) => MessageServer | undefined;
  /** `#DATETIME#` of a moment, in the zone of the configuration. */
  readonly formatDateTime: (ms: number) => string;
  readonly log: { info(text: string, details?: object): void; warn(text: string, details?: object): void };
}

/** Sends messages through channels (spec 30 sections 3.2 to 3.7). */
export function createSending(deps: SendDeps) {
  const request = async (channel: ChannelSettings, notice: Notice, signal?: AbortSignal) => {
    const server = notice.serverId === undefined ? undefined : deps.server(notice.serverId);
    const values = placeholderValues(notice.text, deps.formatDateTime(deps.clock.now()), server, channel.formatMetricUnits ?? false);
    const verifyTls = channel.verifyTls ?? false;
    return deps.outbound.send({ ...buildRequest(channel, values), verifyTls, ...(signal === undefined ? {} : { signal }) });
  };
  const attempt = async (message: Message, signal: AbortSignal): Promise<Outcome> => {
    const channelId = Number(message.target);
    const channel = deps.channels.get(channelId);
    const notice = payloadOf(message);
    if (!channel) return { kind: "cancelled", reason: "the channel is gone" };
    if (
      notice.mute !== undefined &&
      (message.kind === "other" || message.kind === "state") &&
      deps.mutes.isMuted(notice.mute, notice.groupId, channelId)
    )
      return { kind: "cancelled", reason: "told already" };
    try {
      const { status, reason, retryAfter: wait } = await request(channel, notice, signal);
      if (status >= 200 && status <= 299) return { kind: "delivered" };
      const afterMs = status === 429 || status === 503 ? retryAfterHeader(wait, deps.clock.now()) : undefined;
      return { kind: "retry", reason: `${status}@${status} ${reason}`, ...(afterMs === undefined ? {} : { afterMs }) };
    } catch (error) {
      return failed(error);
    }
  };
  const log = (message: Message, outcome: Outcome): void => {
    const details = { channelId: Number(message.target), messageId: message.id };
    if (outcome.kind === "delivered") deps.log.info("notification sent", details);
    else deps.log.warn(`notification ${outcome.kind === "retry" ? "failed" : outcome.kind}`, { ...details, reason: outcome.reason });
  };
  /** What followed while the beginning was under way: the end is told to whoever may have heard of the beginning, else to nobody. */
  const settlePair = async (tx: Queries, changes: Changes, message: Message): Promise<void> => {
    const where = { topic: TOPIC, target: message.target, lane: message.lane, event: message.event };
    const waiting = await deps.outbox.find({ ...where, states: ["waiting"] }, 100, tx);
    const recovery = waiting.find(({ kind }) => kind === "recovery");
    if (recovery === undefined) return;
    const over = message.unsure ? [message.id] : [message.id, recovery.id];
    await deps.outbox.cancel(tx, changes, over, "it is over");
  };

  const topic: Topic = {
    name: TOPIC,
    attemptMs: ATTEMPT_MS,
    leastWanted: "reminder",
    ownerOf: (target) => String(deps.channels.get(Number(target))?.ownerId ?? 0),
    retryAfter,
    send: attempt,
    async settled(tx, changes, message, outcome) {
      log(message, outcome);
      const { mute, groupId } = payloadOf(message);
      if (outcome.kind === "delivered" && mute !== undefined) await deps.mutes.note(tx, changes, mute, groupId, Number(message.target));
      if (outcome.kind !== "delivered" && (message.kind === "incident" || message.kind === "reminder"))
        await settlePair(tx, changes, message);
    },
  };
  return {
    topic,
    /** Sends at once; throws an `AppError` with the reason, never with the answer's body. */
    async sendNow(channel: ChannelSettings, notice: Notice): Promise<void> {
      try {
        const { status, reason } = await request(channel, notice);
        if (status < 200 || status > 299) throw refuseText(`${status}@${status} ${reason}`);
      } catch (error) {
        throw error instanceof OutboundError ? refuseText(error.message) : error;
      }
    },
  };
}

/** What no further try can heal is given up; the reason names no address. */
function failed(error: unknown): Outcome {
  if (error instanceof AppError) return { kind: "dead", reason: error.messageId };
  if (!(error instanceof OutboundError)) throw error;
  if (error.failure === "refused" || error.failure === "invalid") return { kind: "dead", reason: error.message };
  return { kind: "retry", reason: error.message, unsure: error.written };
}
