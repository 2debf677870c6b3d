import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { incidentStore } from "#features/incidents";
import { shownState } from "#features/services";
import { createStatusPages } from "#features/status-pages";
import type { ShownState, StatusPagesRoom } from "#features/status-pages";
import { createCompressor } from "#platform/compression";
import { createPasswords } from "#platform/password";
import type { Foundation } from "./foundation.ts";
import type { Some } from "./rooms.ts";
import { siteOf } from "./site.ts";

const OF_SERVER: Readonly<Record<string, ShownState>> = {
  up: "operational",
  warn: "operational",
  critical: "degraded",
  offline: "down",
  waiting: "unknown",
};
const OF_SERVICE: Readonly<Record<string, ShownState>> = { good: "operational", low: "degraded", down: "down" };

/** What readers are told of the fleet. */
export function composeStatusPages(
  base: Foundation,
  rooms: Some<"availability" | "identity" | "incidents" | "nat" | "notifications" | "servers" | "services" | "shareLinks">,
): Promise<StatusPagesRoom> {
  const {
    audit,
    budgets,
    clock,
    config,
    database,
    folders,
    limits,
    location,
    now,
    onError,
    outbound,
    outbox,
    requireRoom,
    scheduler,
    sealing,
    share,
  } = base;
  const { availability, identity, incidents, nat, notifications, servers, services } = rooms;
  return createStatusPages({
    clock,
    database,
    audit,
    now,
    outbox,
    outbound,
    sealing,
    passwords: createPasswords(),
    // Pages keep what is compressed by themselves.
    compressor: createCompressor({ cacheBytes: 0, waitingBytes: limits.http.compressingBytes }),
    pageCascades: [rooms.shareLinks.cascades.rows("status-page")],
    budgets,
    share,
    gate: identity.gate,
    hasOpened: (visit, id) => rooms.shareLinks.hasOpened(visit, { kind: "status-page", id }),
    scheduler,
    requireRoom,
    location,
    ownsEverything: (id) => identity.users.ownsEverything(id),
    rowOf: ({ kind, id }) => (kind === "server" ? servers.directory.get(id)?.settings : services.services.get(id)),
    stateOf({ kind, id }) {
      if (kind === "service") return OF_SERVICE[shownState(services.stateOf(id), now()).state ?? ""] ?? "unknown";
      const server = servers.directory.get(id);
      return server === undefined ? "unknown" : (OF_SERVER[servers.conditions.of(server)] ?? "unknown");
    },
    serverDays: availability.byDay,
    serviceDays: services.days,
    delayOf(id) {
      const today = services.statistics.of(id).days.at(-1);
      return today === undefined || today.up === 0 ? undefined : today.delay;
    },
    plans: incidents.plans,
    engineIncident: incidentStore.find,
    mailer: notifications.mailer,
    hostTaken(host) {
      if (config.isReservedHost(host)) return "is a host name of the dashboard";
      if (nat.hasHost(host)) return "has a tunnel";
      const used = nat.seenHosts.seenBy(host);
      return used && `${used === "session" ? "people sign in" : "agents connect"} to this dashboard by that name`;
    },
    isReservedHost: (authority) => config.isReservedHost(authority),
    site: () => siteOf(config.current.dashboardHost),
    font: fontIn(folders.publicHalf),
    onError: onError("status-pages"),
  });
}

const FONT = /^inter-latin-wght-normal-[\w-]+\.woff2$/;

/** The typeface of the public half as it was built; read once. */
function fontIn(folder: string): () => Promise<Buffer | undefined> {
  let font: Promise<Buffer | undefined> | undefined;
  const read = async (): Promise<Buffer | undefined> => {
    const assets = join(folder, "assets");
    const name = (await readdir(assets).catch(() => [])).find((file) => FONT.test(file));
    return name === undefined ? undefined : readFile(join(assets, name));
  };
  return () => (font ??= read());
}
