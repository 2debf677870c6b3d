import { randomBytes } from "node:crypto";
import type { HistoryPause } from "@windfire/api";
import { createAuditRoom } from "#features/audit";
import type { AuditRoom } from "#features/audit";
import { createBackup } from "#features/backup";
import type { BackupRoom } from "#features/backup";
import { createImport } from "#features/import";
import { createLiveFeed } from "#features/live-feed";
import type { LiveFeed } from "#features/live-feed";
import type { History, HistoryStats } from "#features/history";
import { createMaintenance } from "#features/maintenance";
import type { Maintenance } from "#features/maintenance";
import { createSettings } from "#features/settings";
import type { Settings } from "#features/settings";
import { providerAddresses } from "#access/oauth2";
import { formatInstant } from "#kernel";
import { createOutbound, isAllowedTarget, isPublicAddress } from "#platform/outbound";
import { listTemplates } from "#platform/pages";
import { createSealing } from "#platform/sealing";
import { NEZHA_VERSION, VERSION } from "../version.ts";
import type { Foundation } from "./foundation.ts";
import { guestRevision } from "./guest-revision.ts";
import { remembered } from "./remembered.ts";
import type { Rooms, Some } from "./rooms.ts";

const STREAM_NAME_BYTES = 6;
/** Folders and the history's thread are not asked anew for each of many who look at the settings. */
const SHOWN_MS = 1_000;

/** How the installation is set up and looks. */
export function composeSettings(
  base: Foundation,
  { identity, nat, replicas, statusPages }: Some<"identity" | "nat" | "replicas" | "statusPages">,
): Settings {
  const { audit, config, database, folders, limits, settings } = base;
  // What the file wrote out at the start was meant; what is typed in a page is not asked in networks of our own.
  const opened = [...config.current.outboundAllow, ...providerAddresses(config.current.oauth2)];
  const templates = (): ReturnType<typeof listTemplates> => listTemplates(folders, VERSION);
  return createSettings({
    config,
    keeper: settings,
    database,
    audit,
    templates,
    shownTemplates: remembered(base.clock, SHOWN_MS, templates),
    requireProof: (caller) => identity.stepUp.require("always", caller),
    isTaken: statusPages.hasHost,
    hasStatusPage: statusPages.hasOpenPage,
    version: VERSION,
    nezhaVersion: NEZHA_VERSION,
    historyEnabled: config.current.history.kind !== "off",
    dashboards: () =>
      base.bus.state === "off"
        ? undefined
        : {
            heard: base.bus.state === "connected",
            count: replicas.peers().length + 1,
            unheard: replicas.neighbours.unheard,
            differing: [...replicas.neighbours.differing],
          },
    historyPaused: remembered(base.clock, SHOWN_MS, async () => pauseOf(await base.history.stats())),
    seenHosts: nat.shownHosts,
    bodyLimit: limits.http.settingBodyBytes,
    mayReach: (host, port) => isPublicAddress(host) || isAllowedTarget(opened, host, port),
  });
}

const PAUSES: Readonly<Partial<Record<HistoryStats["state"], HistoryPause["reason"]>>> = {
  "low-disk": "low_space",
  "write-failed": "disk_full",
  unreachable: "unreachable",
  refused: "refused",
};

/** What the settings say of a history that the disk or the network keeps from being written (spec 10 section 14.1). */
function pauseOf({ state, pausedAt, dropped, buffer }: HistoryStats): HistoryPause | undefined {
  const reason = PAUSES[state];
  if (pausedAt === undefined || reason === undefined) return undefined;
  return { reason, since: formatInstant(pausedAt), dropped: dropped.stopped + dropped.bufferFull + (buffer?.dropped ?? 0) };
}

/** The states of all servers, to everybody who looks. */
export function composeLiveFeed(
  base: Foundation,
  { protection, replicas, servers }: Some<"protection" | "replicas" | "servers">,
): LiveFeed {
  const { clock, limits, onError } = base;
  return createLiveFeed({
    clock,
    servers: () => servers.directory.list(),
    conditions: servers.conditions,
    online: {
      ...protection.online,
      get count() {
        return protection.online.count + replicas.viewersElsewhere.count();
      },
    },
    connections: protection.liveConnections,
    maxMessage: limits.sockets.feedMessageBytes,
    classes: limits.sockets.feedClasses,
    revision: guestRevision({ servers }),
    newName: () => randomBytes(STREAM_NAME_BYTES).toString("hex"),
    onError: onError("live-feed"),
  });
}

/** What cannot be written now is written as soon as there is room again (spec 41 section 11.1). */
async function flushUnlessPaused(history: History): Promise<void> {
  const { state } = await history.stats();
  if (state !== "low-disk" && state !== "write-failed") await history.flush();
}

/** What keeps the stores compact. */
export function composeMaintenance({ audit, database, history, now, onError }: Foundation): Maintenance {
  return createMaintenance({
    database,
    audit,
    now,
    vacuum: () => database.vacuum(),
    flushHistory: () => flushUnlessPaused(history),
    onError: onError("maintenance"),
  });
}

/** Who did what. */
export function composeAudit({ audit, database, now }: Foundation): AuditRoom {
  return createAuditRoom({ database, audit, now });
}

/** Copies of the installation, kept elsewhere. */
export function composeBackup(base: Foundation, { notifications }: Some<"notifications">): BackupRoom {
  const { audit, clock, config, database, env, history, installation, limits, location, onError, restart, scheduler, sealing, translate } =
    base;
  return createBackup({
    installation,
    restart,
    tellFailure: (groupId, reason) => {
      if (groupId === 0) return;
      const facts = { path: "/dashboard/settings/backup" };
      notifications.notify(groupId, { text: translate("A backup failed: %s", reason), severity: "critical", facts });
    },
    uploadBytes: limits.backup.uploadBytes,
    program: VERSION,
    env,
    clock,
    database,
    audit,
    sealing,
    sealingOf: createSealing,
    outbound: createOutbound({ clock, limits: limits.backup.outbound, allowed: config.current.outboundAllow }),
    scheduler,
    location,
    flushHistory: () => flushUnlessPaused(history),
    onError: onError("backup"),
  });
}

/** What other programs knew. */
export function composeImport(base: Foundation, { servers, services }: Some<"servers" | "services">): Rooms["takeover"] {
  const { audit, database, history, now } = base;
  return createImport({
    database,
    audit,
    now,
    history,
    hasServer: (id) => servers.directory.get(id) !== undefined,
    hasService: (id) => services.services.get(id) !== undefined,
  });
}
