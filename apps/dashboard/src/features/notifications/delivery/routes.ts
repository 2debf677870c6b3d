import { Delivery, DeliveryState, Nothing } from "@windfire/api";
import { z } from "zod";
import { canManage, reachesServer, serverListOf } from "#access/policy";
import { formatInstant, refuse, refuseText, scope } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Message, Outbox } from "#platform/outbox";
import type { ChannelRecords } from "../store.ts";
import { TOPIC } from "./lanes.ts";
import { payloadOf } from "./notice.ts";
import type { NoticeKind } from "./notice.ts";

export interface DeliveryRouteDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly outbox: Outbox;
  readonly channels: Pick<ChannelRecords, "get" | "list">;
}

const tag = "delivery";
const MOST = 500;
/** Of one event, or looked at to find what a token with a server list may see. */
const LOOKED_AT = 5_000;
const KINDS: readonly NoticeKind[] = ["incident", "reminder", "recovery", "state", "other"];

const listQuery = z.object({
  notification: z.coerce.number().int().positive().optional().meta({ description: "Only this channel" }),
  state: DeliveryState.optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(100),
});

function shown(message: Message): Delivery {
  const { text, groupId } = payloadOf(message);
  return {
    id: message.id,
    notification: Number(message.target),
    group: groupId,
    kind: KINDS.find((kind) => kind === message.kind) ?? "other",
    state: message.state,
    attempts: message.attempts,
    text,
    created_at: formatInstant(message.createdAt),
    ...(message.state === "waiting" ? { next_try_at: formatInstant(message.nextTryAt) } : {}),
    ...(message.settledAt === 0 ? {} : { settled_at: formatInstant(message.settledAt) }),
    ...(message.lastError === "" ? {} : { error: message.lastError }),
  };
}

/** A token with a server list sees what is said of its servers, and nothing that is about none of them. */
function isMine(channels: Pick<ChannelRecords, "get">, caller: Caller, message: Message): boolean {
  const channel = channels.get(Number(message.target));
  return channel !== undefined && canManage(caller, channel) && reachesServer(caller, payloadOf(message).serverId ?? 0);
}

/** Messages of an event, or of one of its incidents, through channels that the caller may manage, oldest first. */
export function createMessagesOf({ channels, outbox }: { channels: Pick<ChannelRecords, "get">; outbox: Pick<Outbox, "find"> }) {
  return async (caller: Caller, event: string, incident?: number): Promise<Delivery[]> => {
    const found = await outbox.find({ topic: TOPIC, event }, LOOKED_AT);
    return found
      .filter((message) => isMine(channels, caller, message) && (incident === undefined || payloadOf(message).incident === incident))
      .map(shown)
      .toReversed();
  };
}

/** What became of messages, of channels the caller may manage. Ours: the reference keeps nothing. */
export function deliveryRoutes(deps: DeliveryRouteDeps): AnyRoute[] {
  const { database, audit, outbox, channels } = deps;
  /** Whatever else the outbox holds is not read for it. */
  const channelsOf = (caller: Caller, only: number | undefined): string[] =>
    channels
      .list()
      .filter((channel) => (only === undefined || channel.id === only) && canManage(caller, channel))
      .map(({ id }) => String(id));
  return [
    route({
      method: "GET",
      path: "/delivery",
      access: scope("nezha:notification:read"),
      summary: "Messages and what became of them, newest first",
      tag,
      query: listQuery,
      data: z.array(Delivery),
      async run({ caller, query }) {
        const { notification, state, limit } = query;
        const targets = channelsOf(caller, notification);
        if (targets.length === 0) return [];
        const states = state === undefined ? {} : { states: [state] };
        const most = serverListOf(caller) === undefined ? limit : LOOKED_AT;
        const found = await outbox.find({ topic: TOPIC, targets, ...states }, most);
        return found
          .filter((message) => isMine(channels, caller, message))
          .slice(0, limit)
          .map(shown);
      },
    }),
    route({
      method: "POST",
      path: "/delivery/:id/send-again",
      access: scope("nezha:notification:write"),
      summary: "Try a message again that was given up",
      tag,
      params: idParams,
      data: Nothing,
      async run({ caller, params: { id } }) {
        const message = await outbox.get(id);
        // Who may not manage the channel does not learn that there is such a message.
        if (message?.topic !== TOPIC || !isMine(channels, caller, message)) throw refuse("delivery id %d does not exist", id);
        await database.change(async (tx, changes) => {
          if ((await outbox.sendAgain(tx, changes, { id })) === 0) throw refuseText(`delivery ${id} is ${message.state}, not dead`);
          await audit.write(tx, { actor: actorOf(caller), action: "delivery.send-again", kind: "delivery", key: id });
        });
        return null;
      },
    }),
  ];
}
