import { AddressList, Nothing, OnlineUserPage, WafPage } from "@windfire/api";
import type { Page } from "@windfire/api";
import { adminOnly, formatInstant } from "#kernel";
import { pageQuery, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { AddressCommands } from "./address-commands.ts";
import { onlineEverywhere } from "./online.ts";
import type { OnlineList, OnlineUsers } from "./online.ts";
import type { Waf } from "./waf.ts";

export interface ProtectionRoutesDeps {
  readonly waf: Pick<Waf, "list">;
  readonly online: OnlineUsers;
  readonly onlineElsewhere: (most: number) => Promise<readonly OnlineList[]>;
  readonly commands: AddressCommands;
  /** Rows of one page at most. */
  readonly pageSize: number;
}

/** Blocked addresses and who is online: spec 10 sections 9 and 10. */
export function protectionRoutes(deps: ProtectionRoutesDeps): readonly AnyRoute[] {
  return [...wafRoutes(deps), ...onlineRoutes(deps)];
}

function wafRoutes({ waf, commands, pageSize }: ProtectionRoutesDeps): readonly AnyRoute[] {
  const tag = "waf";
  return [
    route({
      method: "GET",
      path: "/waf",
      access: adminOnly(),
      summary: "Counted and blocked addresses, newest first",
      tag,
      query: pageQuery(pageSize),
      data: WafPage,
      run: async ({ query }) => {
        const { rows, total } = await waf.list(query);
        const value = rows.map(({ ip, identifier, reason, timestamp, count }) => ({
          ip,
          block_identifier: identifier,
          block_reason: reason,
          block_timestamp: timestamp,
          count,
        }));
        return pageOf(value, query, total);
      },
    }),
    route({
      method: "POST",
      path: "/batch-delete/waf",
      access: adminOnly(),
      summary: "Forget everything about addresses",
      tag,
      body: AddressList,
      data: Nothing,
      run: async ({ caller, body }) => {
        await commands.unblock(caller, body);
        return null;
      },
    }),
  ];
}

function onlineRoutes({ online, onlineElsewhere, commands, pageSize }: ProtectionRoutesDeps): readonly AnyRoute[] {
  const tag = "online-user";
  return [
    route({
      method: "GET",
      path: "/online-user",
      access: adminOnly(),
      summary: "Who watches the live stream, oldest connection first",
      tag,
      query: pageQuery(pageSize),
      data: OnlineUserPage,
      run: async ({ query }) => {
        const { users, total } = await onlineEverywhere(online, onlineElsewhere, query);
        const value = users.map(({ userId, ip, connectedAt }) => ({
          ...(userId !== 0 && { user_id: userId }),
          connected_at: formatInstant(connectedAt),
          ip,
        }));
        return pageOf(value, query, total);
      },
    }),
    route({
      method: "POST",
      path: "/online-user/batch-block",
      access: adminOnly(),
      summary: "Block addresses for ever, end their sessions and close what they have open",
      tag,
      body: AddressList,
      data: Nothing,
      run: async ({ caller, body, ip, visit }) => {
        await commands.block(caller, body, ip || visit.peer);
        return null;
      },
    }),
  ];
}

/** An empty page has no `value` (spec 10 section 4.1). */
function pageOf<T>(value: T[], { offset, limit }: { readonly offset: number; readonly limit: number }, total: number): Page<T> {
  return { ...(value.length > 0 && { value }), pagination: { offset, limit, total } };
}
