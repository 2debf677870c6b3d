import { randomBytes } from "node:crypto";
import type { createFakeClock } from "@windfire/testkit";
import { createAccess } from "#access/testing";
import type { Access } from "#access/testing";
import { createFleet } from "#features/fleet";
import type { Fleet } from "#features/fleet";
import { createServers } from "#features/servers";
import type { Servers, ServersDeps } from "#features/servers";
import { createAuditLog } from "#platform/audit";
import { createPasswords } from "#platform/password";
import { createSealing } from "#platform/sealing";

type Clock = ReturnType<typeof createFakeClock>;
type AccessDeps = Parameters<typeof createAccess>[0];

/** Agents, without what this room has no use for. */
export const openFleet = (
  clock: Clock,
  deps: Pick<Parameters<typeof createFleet>[0], "servers" | "streams" | "register" | "bookTraffic" | "onOnline" | "onOffline">,
): Fleet =>
  createFleet({
    ...deps,
    clock,
    limits: { textLength: 1024, gpus: 64, sensors: 256 },
    bootTime: 1,
    credentials: { find: () => undefined, sharedAreOff: () => false },
    userOfSecret: () => undefined,
    strike: () => undefined,
    clearStrikes: () => undefined,
    transfers: { judge: () => ({ outcome: "unknown" }), pending: () => undefined, rolledBackFrom: () => undefined },
    countryOf: async () => "",
    record: () => undefined,
    recordLate: async () => 0,
    onState: () => undefined,
    onRestart: () => undefined,
    onAddress: () => undefined,
    onError: (error) => {
      throw error;
    },
  });

/** Users, sessions and tokens; "admin-password" is that of user 1. */
export function openAccess(
  deps: { readonly clock: Clock } & Pick<AccessDeps, "database" | "facts" | "onError" | "ownerOfServer">,
): Promise<Access> {
  return createAccess({
    ...deps,
    random: randomBytes,
    config: {
      current: {
        agentRealIpHeader: "",
        allowJwtIpChange: false,
        agentSecretKey: "s".repeat(32),
        dashboardHost: "",
        forceAuth: false,
        jwtSecretKey: "k".repeat(64),
        jwtTimeout: 1,
        oauth2: {},
        siteName: "",
        stepUp: "factor",
        webRealIpHeader: "NZ::Use-Peer-IP",
      },
      isReservedHost: () => false,
    },
    passwords: createPasswords({ cost: 4 }),
    sealing: createSealing(new Uint8Array(32)),
    translate: (id) => id,
    tellGroup: async () => undefined,
    notificationGroupOwner: async () => undefined,
    serversOfGroup: () => undefined,
    rowsOf: async () => [],
    rows: { ownedBy: async () => [], handOver: async () => undefined, serversOf: async () => [], moveServers: async () => [] },
    countryOf: async () => "",
    warn: () => undefined,
    outbound: { send: () => Promise.reject(new Error("no provider is configured")) },
    adminPassword: "admin-password",
    showFirstPassword: () => undefined,
    onSession: () => undefined,
    cascades: [],
    pageSize: 500,
    demotedCascades: [],
    rowsPerMember: 1_000,
  });
}

/** Servers of a fleet that anybody may enlarge. */
export function openServers({
  clock,
  ...rest
}: { readonly clock: Clock } & Pick<ServersDeps, "database" | "onError" | "isMember" | "trafficRecords">): Promise<Servers> {
  return createServers({
    ...rest,
    audit: createAuditLog({ database: rest.database, now: clock.now }),
    now: () => clock.now(),
    random: () => 0.5,
    usernameOf: () => undefined,
    monotonic: () => clock.monotonic(),
    pause: async () => undefined,
    lastSeen: () => undefined,
    rowsPerMember: 100,
    serversPerMember: 100,
    isOwner: async () => true,
    ddnsProfile: () => undefined,
    onSave: async () => undefined,
    requirePath: async () => undefined,
    groupCascades: [],
    cascades: [],
    movedCascades: [],
  });
}
