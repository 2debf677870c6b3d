import type { Host, Server } from "@windfire/api";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { createFilter } from "#lib/filter.ts";
import type { Filter, FilterFields } from "#lib/filter.ts";
import { useServers } from "#shell/live-hooks.ts";
import { useServerGroups, useServerRows } from "#shell/console/queries.ts";
import type { LiveRecord } from "#wire/live-record.ts";
import { healthOf, isProblem, usageOf } from "../shared/health.ts";
import type { Health } from "../shared/health.ts";
import { isOutdated } from "./agent-version.ts";
import { parsePlan } from "../shared/plan.ts";
import { systemName } from "../shared/system-name.ts";

/** A stored server with what the live stream says about it now. */
export interface ServerRow {
  readonly server: Server;
  readonly live: LiveRecord | undefined;
  /** As its agent reported it last, rights included: the stream knows sooner than the list. */
  readonly host: Host;
  readonly health: Health;
  readonly groups: readonly string[];
}

export const VIEW_NAMES = ["all", "attention", "renews", "outdated", "hidden"] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

const RENEWS_DAYS = 30;

/** `version`: of the dashboard, where it is told. */
export function inView({ server, host, health }: ServerRow, view: ViewName, now: number, version: string | undefined): boolean {
  switch (view) {
    case "all":
      return true;
    case "attention":
      return isProblem(health);
    case "renews": {
      const days = parsePlan(server.public_note ?? "", now)?.days;
      return typeof days === "number" && days <= RENEWS_DAYS;
    }
    case "outdated":
      return isOutdated(host.version, version);
    case "hidden":
      return server.hide_for_guest === true;
  }
}

export function addressesOf({ geoip }: Server): string[] {
  return [geoip.ip.ipv4_addr, geoip.ip.ipv6_addr].filter((address) => address !== undefined && address !== "") as string[];
}

const FIELDS: FilterFields<ServerRow> = {
  words: ({ server, host, groups }) =>
    [
      server.name,
      server.note,
      server.uuid,
      server.geoip.country_code,
      systemName(host),
      server.owner.username,
      ...addressesOf(server),
      ...groups,
      ...(server.tags ?? []),
    ].join(" "),
  texts: {
    group: (row) => row.groups,
    tag: ({ server }) => server.tags ?? [],
    os: ({ host }) => [systemName(host)],
    owner: ({ server }) => [server.owner.username ?? ""],
    agent: ({ host }) => [host.version ?? ""],
    country: ({ server }) => [server.geoip.country_code ?? ""],
    state: ({ health }) => [health, ...(isProblem(health) ? ["problem"] : [])],
  },
  numbers: {
    id: ({ server }) => server.id,
    cpu: ({ live }) => (live === undefined ? undefined : usageOf(live).cpu),
    memory: ({ live }) => (live === undefined ? undefined : usageOf(live).memory),
    disk: ({ live }) => (live === undefined ? undefined : usageOf(live).disk),
  },
};

export const filterRows = (query: string): Filter<ServerRow> => createFilter(query, FIELDS);

/** A dashboard that was started again knows no host until its agent says who it is. */
export function newestHost(server: Pick<Server, "host">, live: Pick<LiveRecord, "host"> | undefined): Host {
  return live === undefined || Object.keys(live.host).length === 0 ? server.host : live.host;
}

/** Rows in the dashboard's order. A server that the stream knows first makes the list be read again. */
export function useRows(): { readonly rows: readonly ServerRow[]; readonly loading: boolean; readonly error: Error | null } {
  const stored = useServerRows();
  const groups = useServerGroups().rows;
  const live = useServers();
  useListFollowsStream(stored.rows, live, stored.loading);
  const rows = useMemo(() => {
    const byId = new Map(live.map((record) => [record.id, record]));
    return stored.rows.map((server): ServerRow => {
      const record = byId.get(server.id);
      const names = groups.filter((group) => group.servers?.includes(server.id)).map(({ group }) => group.name);
      return {
        server,
        live: record,
        host: newestHost(server, record),
        health: record === undefined ? (server.condition ?? "waiting") : healthOf(record),
        groups: names,
      };
    });
  }, [stored.rows, groups, live]);
  return { rows, loading: stored.loading, error: stored.error };
}

function useListFollowsStream(stored: readonly Server[], live: readonly LiveRecord[], loading: boolean): void {
  const client = useQueryClient();
  const known = new Set(stored.map((server) => server.id));
  const unknown = live.filter((record) => !known.has(record.id)).map((record) => record.id);
  const key = unknown.join(",");
  useEffect(() => {
    if (key !== "" && !loading) void client.invalidateQueries({ queryKey: ["/server"] });
  }, [client, key, loading]);
}
