import type { AgentLimits } from "#features/fleet";
import type { StreamLimits } from "#features/relay";
import type { Config } from "#platform/config";
import { DEFAULT_LIMITS } from "#platform/listener";
import type { ListenerLimits } from "#platform/listener";
import type { Limits } from "#platform/limits";

const GIB = 2 ** 30;
/** Bytes that the whole history may take; the oldest points go first. */
const HISTORY_BUDGET_BYTES = 20 * GIB;

/** The reference's limits of its time-series store hold for ours (design decision 4). */
export function historyLimits(tsdb: Config["tsdb"]) {
  return { retentionDays: tsdb.retentionDays, minFreeDiskBytes: tsdb.minFreeDiskSpaceGb * GIB, sizeBudgetBytes: HISTORY_BUDGET_BYTES };
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
