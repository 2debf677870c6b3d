import { AddressList, Nothing, OnlineUserPage, WafPage } from "@windfire/api";
import type { Page } from "@windfire/api";
import { adminOnly, canonicalAddress, formatInstant, refuse, refuseText } from "#kernel";
import type { FactBus } from "#kernel";
import { pageQuery, route } from "#platform/http";
import type { AnyRoute } from "#platform/http";
import type { OnlineUsers } from "./online.ts";
import type { Waf } from "./waf.ts";

export interface ProtectionRoutesDeps {
  readonly waf: Waf;
  readonly online: OnlineUsers;
  readonly facts: FactBus;
  readonly endSessionsAt: (ips: readonly string[]) => Promise<void>;
  /** Rows of one page at most. */
  readonly pageSize: number;
}

/** Blocked addresses and who is online: spec 10 sections 9 and 10. */
export function protectionRoutes(deps: ProtectionRoutesDeps): readonly AnyRoute[] {
  return [...wafRoutes(deps), ...onlineRoutes(deps)];
}

function wafRoutes({ waf, pageSize }: ProtectionRoutesDeps): readonly AnyRoute[] {
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
      run: async ({ body }) => {
        await waf.unblock([...new Set(body.map(canonicalAddress).filter((ip) => ip !== undefined))]);
        return null;
      },
    }),
  ];
}

function onlineRoutes({ waf, online, endSessionsAt, facts, pageSize }: ProtectionRoutesDeps): readonly AnyRoute[] {
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
      run: ({ query }) => {
        const value = online.list(query).map(({ userId, ip, connectedAt }) => ({
          ...(userId !== 0 && { user_id: userId }),
          connected_at: formatInstant(connectedAt),
          ip,
        }));
        return pageOf(value, query, online.count);
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
      run: async ({ body, ip, visit }) => {
        const ips = addressesToBlock(body, ip || visit.peer);
        if (ips.length === 0) return null;
        await waf.block(ips);
        await endSessionsAt(ips);
        facts.publish("address.blocked", { ips });
        return null;
      },
    }),
  ];
}

/** All are checked before the first is blocked; an empty text names no address. */
function addressesToBlock(asked: readonly string[], own: string): readonly string[] {
  const named = asked.filter((text) => text.trim() !== "");
  const ips = named.map((text) => {
    const ip = canonicalAddress(text.trim());
    if (ip === undefined) throw refuseText(`not an IP address: ${JSON.stringify(text)}`);
    return ip;
  });
  if (ips.includes(canonicalAddress(own) ?? "")) throw refuse("can't block your own address");
  return [...new Set(ips)].toSorted();
}

/** An empty page has no `value` (spec 10 section 4.1). */
function pageOf<T>(value: T[], { offset, limit }: { readonly offset: number; readonly limit: number }, total: number): Page<T> {
  return { ...(value.length > 0 && { value }), pagination: { offset, limit, total } };
}
