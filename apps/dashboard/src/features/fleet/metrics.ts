import type { HostState } from "#features/servers";

/**
 * The 17 values of a state in the order of the history's metrics (spec 11 section 5): the hottest sensor and the busiest GPU stand for
 * all, 0 when there are none. Counters beyond 2^53 are the nearest double. `into` is filled and returned: one buffer serves every report.
 */
export function metricValues(state: HostState, into: Float64Array): Float64Array {
  into[0] = state.cpu;
  into[1] = Number(state.memUsed);
  into[2] = Number(state.swapUsed);
  into[3] = Number(state.diskUsed);
  into[4] = Number(state.netInSpeed);
  into[5] = Number(state.netOutSpeed);
  into[6] = Number(state.netInTransfer);
  into[7] = Number(state.netOutTransfer);
  into[8] = state.load1;
  into[9] = state.load5;
  into[10] = state.load15;
  into[11] = Number(state.tcpConnCount);
  into[12] = Number(state.udpConnCount);
  into[13] = Number(state.processCount);
  into[14] = hottest(state.temperatures);
  into[15] = Number(state.uptime);
  into[16] = largest(state.gpu);
  return into;
}

function hottest(sensors: HostState["temperatures"]): number {
  let most = 0;
  for (const sensor of sensors) if (sensor.temperature > most) most = sensor.temperature;
  return most;
}

function largest(values: readonly number[]): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
