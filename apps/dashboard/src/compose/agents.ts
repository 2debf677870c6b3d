import { createHmac, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { TASK } from "@windfire/protocol";
import { createAgentConfig, createFleet } from "#features/fleet";
import { createLoneReplicas, createReplicas, newStreamId, othersLater } from "#features/replicas";
import type { Replicas, ReplicasDeps } from "#features/replicas";
import { createRelay } from "#features/relay";
import { commonSettings } from "#platform/config";
import { agentLimits, streamLimits } from "./figures.ts";
import type { Foundation } from "./foundation.ts";
import type { Later, Some } from "./rooms.ts";

/** All agents, the byte streams to them, and what can be asked of them at once. */
export function composeAgents(
  base: Foundation,
  { identity, protection, servers, traffic }: Some<"identity" | "protection" | "servers" | "traffic">,
  later: Later<"alerts" | "cron" | "enrolment" | "mcp" | "transfers">,
): Some<"relay" | "fleet" | "agentConfig" | "replicas"> {
  const { bus, clock, config, database, facts, history, geoIp, limits, now, onError } = base;
  const { directory } = servers;
  const isAlone = bus.state === "off";
  const relay = createRelay({
    clock,
    limits: streamLimits(limits),
    newId: isAlone ? randomUUID : () => newStreamId(bus.replica),
    elsewhere: isAlone
      ? undefined
      : { total: () => replicas.streamsElsewhere.total(), ofUser: (id) => replicas.streamsElsewhere.ofUser(id) },
    servers: directory,
  });
  const onConnectionGone = (serverId: number): void => {
    later().cron.onConnectionGone(serverId);
    later().mcp.onStreamGone(serverId);
  };
  const local = createFleet({
    ...(isAlone ? {} : { others: othersLater(() => replicas.others) }),
    clock,
    servers: directory,
    limits: agentLimits(limits),
    streams: relay.streams,
    bootTime: Math.floor(now() / 1000),
    transfers: {
      judge: (secret, serverId) => later().transfers.secrets.judge(secret, serverId),
      pending: (serverId) => later().transfers.secrets.pending(serverId),
      rolledBackFrom: (serverId) => later().transfers.secrets.rolledBackFrom(serverId),
    },
    credentials: { find: (secret) => later().enrolment.credential(secret), sharedAreOff: () => config.current.enrolmentOnly },
    userOfSecret: identity.agents.userOfSecret,
    strike: identity.agents.strike,
    clearStrikes: identity.agents.forgive,
    register: servers.register,
    bookTraffic: (server) => traffic.book([server], now()),
    countryOf: (ip) => geoIp.countryOf(ip),
    record: history.recordServer,
    recordLate: history.recordLate,
    onState: (server) => later().alerts.onReport(server),
    onOnline: (serverId) => {
      onConnectionGone(serverId);
      later().transfers.onOnline(serverId);
    },
    onOffline: onConnectionGone,
    onError: onError("fleet"),
    onRestart: (serverId) => facts.publish("server.restarted", { serverId }),
    onAddress: (serverId, previous, current) => facts.publish("server.address-changed", { serverId, previous, current }),
  });
  const replicas: Replicas = isAlone
    ? createLoneReplicas(local.agents, local.cut)
    : createReplicas({
        clock,
        bus,
        servers: directory,
        streams: relay.streams,
        viewers: protection.online,
        limits: streamLimits(limits),
        fleet: local,
        onState: (server) => later().alerts.onReportElsewhere(server),
        onConnection: onConnectionGone,
        changes: {
          get applied() {
            return database.stats.changes.applied;
          },
          reach: database.reach,
        },
        isJudge: () => base.judge.held,
        ...besideOthers(base),
      });
  const fleet = { ...local, agents: replicas.agents, cut: replicas.cut };
  const agentConfig = createAgentConfig({ clock, agents: fleet.agents });
  fleet.onResult(TASK.reportConfig, agentConfig.onResult);
  return { relay, fleet, replicas, agentConfig };
}

/** What dashboards compare, and how this one is called. */
const besideOthers = (base: Foundation): Pick<ReplicasDeps, "log" | "onDatabase" | "place" | "settings"> => ({
  onDatabase: () => base.database.dashboards(),
  settings: () => marksOf(base),
  place: `${hostname()}:${base.ports.port}`,
  log: base.log.child("replicas"),
});

const MARK_KEY_BYTES = 32;
const MARK_LETTERS = 11;

/** What is made of the settings that dashboards have in common: it says whether they are the same, and nothing else. */
function marksOf({ config, sealing }: Pick<Foundation, "config" | "sealing">): Readonly<Record<string, string>> {
  const key = sealing.derive("marks of settings", MARK_KEY_BYTES);
  const markOf = (text: string): string => createHmac("sha256", key).update(text).digest("base64url").slice(0, MARK_LETTERS);
  return Object.fromEntries(commonSettings(config.current).map(([name, value]) => [name, markOf(`${name} ${value}`)]));
}
