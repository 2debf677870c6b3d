import { IdList, Nothing, PageSubscriber as PageSubscriberJson } from "@windfire/api";
import { z } from "zod";
import { formatInstant, scope } from "#kernel";
import { pathId, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { SubscriberCommands } from "./commands.ts";
import type { Subscriber } from "./store.ts";

const tag = "status page";

function shown({ id, pageId, kind, address, language, confirmedAt, createdAt }: Subscriber): PageSubscriberJson {
  const confirmed = confirmedAt === 0 ? {} : { confirmed_at: formatInstant(confirmedAt) };
  return { id, page_id: pageId, kind, address, language, ...confirmed, created_at: formatInstant(createdAt) };
}

/** Who is told of what a page says. */
export function subscriberRoutes(commands: SubscriberCommands): AnyRoute[] {
  return [
    route({
      method: "GET",
      path: "/page-subscriber",
      access: scope("nezha:service:read"),
      summary: "Subscribers of a status page, newest first, 200 at most",
      tag,
      query: z.object({
        page_id: pathId,
        before: pathId.optional().meta({ description: "Only those with a smaller id", type: "integer" }),
      }),
      data: z.array(PageSubscriberJson),
      run: async ({ caller, query }) => (await commands.list(caller, query.page_id, query.before)).map(shown),
    }),
    route({
      method: "POST",
      path: "/batch-delete/page-subscriber",
      access: scope("nezha:service:delete"),
      summary: "End subscriptions; the addresses are deleted",
      tag,
      body: IdList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.delete(caller, body);
        return null;
      },
    }),
  ];
}
