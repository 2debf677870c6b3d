import type { Clock } from "@windfire/kit";
import { createBoundedQueue } from "@windfire/kit";
import { refuseText } from "#kernel";
import { OutboundError } from "#platform/outbound";
import type { Outbound } from "#platform/outbound";
import type { GroupStore } from "#platform/database";
import type { Channel, ChannelSettings } from "./model.ts";
import { createMute } from "./mute.ts";
import { placeholderValues } from "./placeholders.ts";
import type { MessageServer } from "./placeholders.ts";
import { buildRequest } from "./request.ts";
import type { ChannelStore } from "./store.ts";

/** Messages waiting to be sent; the oldest goes when there are more. */
const QUEUE_LENGTH = 1000;
/** Sent side by side, so that one slow webhook does not hold up the others. */
const SENDING = 4;

/** A message for all channels of a group; the server it is about, if any, fills placeholders with its latest values. */
export interface Message {
  readonly text: string;
  readonly serverId?: number;
  /** Label under which repetitions are held back; without it every message goes out. */
  readonly mute?: string;
}

export interface SenderDeps {
  readonly clock: Clock;
  readonly outbound: Outbound;
  readonly channels: ChannelStore;
  readonly groups: GroupStore;
  readonly server: (id: number) => MessageServer | undefined;
  /** `#DATETIME#` of a moment, in the zone of the configuration. */
  readonly formatDateTime: (ms: number) => string;
  readonly log: { info(text: string, details?: object): void; warn(text: string, details?: object): void };
}

/** Sends messages through channels (spec 30 sections 3.2 to 3.5). */
export function createSender(deps: SenderDeps) {
  const queue = createBoundedQueue<{ channel: Channel; message: Message }>({ capacity: QUEUE_LENGTH, whenFull: "drop-oldest" });
  const mute = createMute({ now: () => deps.clock.now() });
  let sending = 0;
  let stopped = false;

  const send = async (channel: ChannelSettings, message: Message): Promise<void> => {
    const server = message.serverId === undefined ? undefined : deps.server(message.serverId);
    const values = placeholderValues(message.text, deps.formatDateTime(deps.clock.now()), server, channel.formatMetricUnits ?? false);
    const { status, reason } = await deps.outbound.send({ ...buildRequest(channel, values), verifyTls: channel.verifyTls ?? false });
    if (status < 200 || status > 299) throw refuseText(`${status}@${status} ${reason}`);
  };
  const deliver = async (channel: Channel, message: Message): Promise<void> => {
    try {
      await send(channel, message);
      deps.log.info("notification sent", { channelId: channel.id });
    } catch (error) {
      deps.log.warn("notification failed", { channelId: channel.id, error });
    }
  };
  const pump = (): void => {
    while (!stopped && sending < SENDING) {
      const next = queue.shift();
      if (!next) return;
      sending++;
      void deliver(next.channel, next.message).finally(() => {
        sending--;
        pump();
      });
    }
  };
  const enqueue = async (groupId: number, message: Message): Promise<void> => {
    const group = (await deps.groups.all()).find(({ id }) => id === groupId);
    if (!group) return;
    for (const channel of await deps.channels.byIds(group.memberIds)) {
      if (queue.push({ channel, message }) !== "queued")
        deps.log.warn("too many notifications are waiting: the oldest was dropped", { lost: queue.lost });
    }
    pump();
  };
  return {
    /** Hands a message over; nobody waits for it. Unknown groups tell nobody. */
    notify(groupId: number, message: Message): void {
      if (groupId === 0 || (message.mute !== undefined && !mute.admit(groupId, message.mute))) return;
      enqueue(groupId, message).catch((error: unknown) => deps.log.warn("notification failed", { groupId, error }));
    },
    unmute: mute.clear,
    /** Sends at once; throws an `AppError` with the reason, never with the answer's body. */
    async sendNow(channel: ChannelSettings, message: Message): Promise<void> {
      try {
        await send(channel, message);
      } catch (error) {
        throw error instanceof OutboundError ? refuseText(error.message) : error;
      }
    },
    stop(): void {
      stopped = true;
    },
  };
}

export type Sender = ReturnType<typeof createSender>;
