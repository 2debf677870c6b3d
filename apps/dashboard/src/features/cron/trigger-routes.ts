import { setImmediate as yieldToOthers } from "node:timers/promises";
import { CronTrigger, DeliveryState, Nothing } from "@windfire/api";
import { z } from "zod";
import { canManage, reachesServer } from "#access/policy";
import { formatInstant, isAdmin, refuse, refuseText, requireUser, scope } from "#kernel";
import type { Caller } from "#kernel";
import { actorOf } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Database } from "#platform/database";
import { idParams, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { Message, MessageFilter, Outbox } from "#platform/outbox";
import type { CronChecks } from "./checks.ts";
import type { Crons } from "./store.ts";
import { ownedBy, TRIGGER_TOPICS, triggerPayloadOf } from "./triggers.ts";

export interface TriggerRouteDeps {
  readonly database: Pick<Database, "change">;
  readonly audit: Pick<AuditLog, "write">;
  readonly outbox: Pick<Outbox, "find" | "get" | "sendAgain">;
  readonly crons: Pick<Crons, "get">;
  readonly checks: Pick<CronChecks, "mayManage">;
}

const tag = "cron";
const MOST = 500;
/** Of a topic in one query: a token with a list of servers may see few of them. */
const PAGE = 500;

const SOURCES = { "alert-task": "alert", "service-task": "service" } as const;

const listQuery = z.object({
  source: z.enum(["alert", "service"]).optional(),
  source_id: z.coerce.number().int().positive().optional().meta({ description: "Only of this rule or service; with `source`" }),
  state: DeliveryState.optional(),
  limit: z.coerce.number().int().min(1).max(MOST).default(100),
});

function topicOf(message: Pick<Message, "topic">): (typeof TRIGGER_TOPICS)[number] | undefined {
  return TRIGGER_TOPICS.find((topic) => topic === message.topic);
}

/** Those of rules and services that the caller may manage; a token with a server list sees those of its servers. */
function isMine(caller: Caller, message: Message): boolean {
  const { ownerId, serverId } = triggerPayloadOf(message);
  return canManage(caller, { ownerId }) && reachesServer(caller, serverId);
}

function shown(message: Message): CronTrigger {
  const { serverId, cronIds } = triggerPayloadOf(message);
  return {
    id: message.id,
    source: SOURCES[topicOf(message) ?? "alert-task"],
    source_id: Number(message.target),
    server_id: serverId,
    crons: [...cronIds],
    state: message.state,
    attempts: message.attempts,
    created_at: formatInstant(message.createdAt),
    ...(message.state === "waiting" ? { next_try_at: formatInstant(message.nextTryAt) } : {}),
    ...(message.settledAt === 0 ? {} : { settled_at: formatInstant(message.settledAt) }),
    ...(message.lastError === "" ? {} : { error: message.lastError }),
  };
}

/** Tasks that rules and services start. Ours: the reference keeps nothing. */
export function triggerRoutes({ database, audit, outbox, crons, checks }: TriggerRouteDeps): AnyRoute[] {
  /** The newest that the caller may see: others' are not even read, but by who sees everybody's. */
  const newest = async (wanted: MessageFilter, caller: Caller, limit: number): Promise<Message[]> => {
    const user = requireUser(caller);
    const where = isAdmin(caller) ? wanted : { ...wanted, event: ownedBy(user.id) };
    const found: Message[] = [];
    for (let beforeId: number | undefined; ;) {
      const page = await outbox.find(beforeId === undefined ? where : { ...where, beforeId }, PAGE);
      found.push(...page.filter((message) => isMine(caller, message)));
      beforeId = page.at(-1)?.id;
      if (beforeId === undefined || page.length < PAGE || found.length >= limit) return found;
      await yieldToOthers();
    }
  };
  return [
    route({
      method: "GET",
      path: "/cron-trigger",
      access: scope("nezha:cron:read"),
      summary: "Tasks that rules and services start and what became of that, newest first",
      tag,
      query: listQuery,
      data: z.array(CronTrigger),
      async run({ caller, query: { source, source_id, state, limit } }) {
        const target = source_id === undefined ? {} : { target: String(source_id) };
        const topics = TRIGGER_TOPICS.filter((topic) => source === undefined || SOURCES[topic] === source);
        const found = await Promise.all(
          topics.map((topic) => newest({ topic, ...target, ...(state ? { states: [state] } : {}) }, caller, limit)),
        );
        return found
          .flat()
          .toSorted((a, b) => b.id - a.id)
          .slice(0, limit)
          .map(shown);
      },
    }),
    route({
      method: "POST",
      path: "/cron-trigger/:id/send-again",
      access: scope("nezha:cron:exec"),
      summary: "Start tasks after all that were given up",
      tag,
      params: idParams,
      data: Nothing,
      async run({ caller, params: { id } }) {
        const message = await outbox.get(id);
        if (!message || !topicOf(message) || !isMine(caller, message)) throw refuseText(`cron trigger id ${id} does not exist`);
        const { cronIds } = triggerPayloadOf(message);
        if (cronIds.map((cronId) => crons.get(cronId)).some((cron) => cron && !checks.mayManage(caller, cron)))
          throw refuse("permission denied");
        await database.change(async (tx, changes) => {
          if ((await outbox.sendAgain(tx, changes, { id })) === 0) throw refuseText(`cron trigger ${id} is ${message.state}, not dead`);
          await audit.write(tx, { actor: actorOf(caller), action: "cron-trigger.send-again", kind: "cron-trigger", key: id });
        });
        return null;
      },
    }),
  ];
}
