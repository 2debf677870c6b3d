import type { HistoryOptions } from "#features/history";
import type { AgentLimits } from "#features/fleet";
import type { StreamLimits } from "#features/relay";
import type { Config } from "#platform/config";
import { DEFAULT_LIMITS } from "#platform/listener";
import type { ListenerLimits } from "#platform/listener";
import type { Limits } from "#platform/limits";
import type { Sealing } from "#platform/sealing";

const GIB = 2 ** 30;
/** Bytes that the whole history may take; the oldest points go first. */
const HISTORY_BUDGET_BYTES = 20 * GIB;

/** The reference's limits of its time-series store hold for ours (design decision 4). */
export function historyLimits(tsdb: Config["tsdb"]) {
  return { retentionDays: tsdb.retentionDays, minFreeDiskBytes: tsdb.minFreeDiskSpaceGb * GIB, sizeBudgetBytes: HISTORY_BUDGET_BYTES };
}

const MIB = 2 ** 20;
const INSTALLATION_BYTES = 8;
/** It is in memory as well. */
const MOST_BUFFER_MB = 2_048;

/** Whether and where history is kept. An installation is told apart by what all of its replicas have: the key of its secrets. */
export function historyPlace(
  place: Config["history"],
  sealing: Pick<Sealing, "derive">,
  bufferMb: number,
): Pick<HistoryOptions, "enabled" | "victoria"> {
  if (place.kind !== "victoriametrics") return { enabled: place.kind === "embedded" };
  const { url, authorization } = place;
  const installation = Buffer.from(sealing.derive("history", INSTALLATION_BYTES)).toString("hex");
  return {
    enabled: true,
    victoria: { address: { url, authorization }, installation, bufferBytes: Math.min(bufferMb, MOST_BUFFER_MB) * MIB },
  };
}

export function listenerLimits({ http, connections, changeable }: Limits): ListenerLimits {
  return {
    ...DEFAULT_LIMITS,
    headerBytes: http.headerBytes,
    headerMs: http.headerMs,
    requestMs: http.requestMs,
    unknownPerPeer: changeable.connectionsPerAddress,
    unknownTotal: changeable.connectionsTotal,
    openTotal: connections.openTotal,
    keptPerPeer: connections.keptPerPeer,
    silentMs: connections.silentMs,
  };
}

export function agentLimits({ agent }: Limits): AgentLimits {
  return { textLength: agent.textBytes, gpus: agent.gpus, sensors: agent.sensors };
}

export function streamLimits({ changeable, sockets, streams }: Limits): StreamLimits {
  return {
    perUser: changeable.streamsPerUser,
    perServer: changeable.streamsPerServer,
    total: changeable.streamsTotal,
    unattachedMs: streams.unattachedMs,
    attachMs: streams.attachMs,
    pauseBytes: streams.pauseBytes,
    backlogBytes: sockets.streamBacklogBytes,
  };
}
