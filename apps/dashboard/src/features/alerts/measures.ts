import type { AlertType } from "@windfire/api";
import { plus } from "@windfire/protocol";
import type { Uint64 } from "@windfire/protocol";
import type { HostInfo, HostState } from "#features/servers";

/** What one report says of a server: all conditions of a rule look at the same. */
export interface Snapshot {
  readonly state: HostState;
  readonly host: HostInfo | undefined;
}

/** A figure of a report, `undefined` when it is not known. */
type Measure = (snapshot: Snapshot) => Uint64 | undefined;

/** Kinds of conditions that one report decides. */
export type MeasuredType = Exclude<AlertType, "offline" | `${string}_cycle` | `${string}_forecast`>;

const highestGpu: Measure = ({ state: { gpu, unsound } }) =>
  gpu.length === 0 || unsound?.includes("gpu") === true ? undefined : Math.max(...gpu);

/** What can be watched, with its unit (spec 30 section 2.3). */
const MEASURES: Readonly<Record<MeasuredType, Measure>> = {
  // Percent.
  cpu: sound("cpu"),
  gpu: highestGpu,
  gpu_max: highestGpu,
  memory: ({ state, host }) => percent(state.memUsed, host?.memTotal),
  swap: ({ state, host }) => percent(state.swapUsed, host?.swapTotal),
  disk: ({ state, host }) => percent(state.diskUsed, host?.diskTotal),
  // Bytes a second.
  net_in_speed: ({ state }) => state.netInSpeed,
  net_out_speed: ({ state }) => state.netOutSpeed,
  net_all_speed: ({ state }) => plus(state.netInSpeed, state.netOutSpeed),
  // Bytes since the host booted.
  transfer_in: ({ state }) => state.netInTransfer,
  transfer_out: ({ state }) => state.netOutTransfer,
  transfer_all: ({ state }) => plus(state.netInTransfer, state.netOutTransfer),
  load1: sound("load1"),
  load5: sound("load5"),
  load15: sound("load15"),
  tcp_conn_count: ({ state }) => state.tcpConnCount,
  udp_conn_count: ({ state }) => state.udpConnCount,
  process_count: ({ state }) => state.processCount,
  // Degrees Celsius; sensors that show 0 show nothing.
  temperature_max: ({ state }) => {
    const highest = state.temperatures.reduce((most, { temperature }) => Math.max(most, temperature), 0);
    return highest === 0 ? undefined : highest;
  },
};

/** The figure that a kind of condition is about; `undefined` for kinds that no single report decides. */
export function measureOf(type: string): Measure | undefined {
  return isMeasured(type) ? MEASURES[type] : undefined;
}

function isMeasured(type: string): type is MeasuredType {
  return Object.hasOwn(MEASURES, type);
}

/** A number that an agent sent and that was none is not known. */
function sound(name: "cpu" | "load1" | "load5" | "load15"): Measure {
  return ({ state }) => (state.unsound?.includes(name) === true ? undefined : state[name]);
}

function percent(used: Uint64, total: Uint64 | undefined): number | undefined {
  return total === undefined || Number(total) === 0 ? undefined : (Number(used) * 100) / Number(total);
}

/** Whether a figure is beyond a bound; 0 is no bound. */
export function isOutside({ min, max }: { readonly min: number; readonly max: number }, value: Uint64): boolean {
  return (max > 0 && value > max) || (min > 0 && value < min);
}
