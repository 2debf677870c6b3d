import { isIP } from "node:net";
import type { GeoIP, Host, State } from "@windfire/protocol";
import type { GeoAddress, HostInfo, HostState } from "#features/servers";

/** How much of what agents say is kept (spec 60 section 5). */
export interface AgentLimits {
  readonly textLength: number;
  readonly gpus: number;
  readonly sensors: number;
}

/** Counts what had to be cut, dropped or set to zero. */
export interface CleanCounter {
  cleaned: number;
}

// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex -- see above
const ALL_CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Makes reports of agents fit to be kept and shown: nothing of them is trusted but their shape. */
export function createCleaner(limits: AgentLimits, counter: CleanCounter) {
  const text = (value: string): string => {
    if (value.length <= limits.textLength && !CONTROL.test(value)) return value;
    counter.cleaned++;
    return value.replace(ALL_CONTROL, "").slice(0, limits.textLength);
  };
  const number = (value: number): number => {
    if (value >= 0 && value < Infinity) return value;
    counter.cleaned++;
    return 0;
  };
  const list = <T>(values: readonly T[], most: number): readonly T[] => {
    if (values.length <= most) return values;
    counter.cleaned++;
    return values.slice(0, most);
  };
  const address = (value: string): string => {
    // A zone names an interface of the agent's host, at any length.
    if (value === "" || (isIP(value) !== 0 && !value.includes("%"))) return value;
    counter.cleaned++;
    return "";
  };
  return {
    host: (host: Host): HostInfo => ({
      platform: text(host.platform),
      platformVersion: text(host.platformVersion),
      cpu: list(host.cpu, limits.gpus).map(text),
      memTotal: number(host.memTotal),
      diskTotal: number(host.diskTotal),
      swapTotal: number(host.swapTotal),
      arch: text(host.arch),
      virtualization: text(host.virtualization),
      bootTime: number(host.bootTime),
      version: text(host.version),
      gpu: list(host.gpu, limits.gpus).map(text),
    }),
    state: (state: State): HostState => ({
      cpu: number(state.cpu),
      memUsed: number(state.memUsed),
      swapUsed: number(state.swapUsed),
      diskUsed: number(state.diskUsed),
      netInTransfer: number(state.netInTransfer),
      netOutTransfer: number(state.netOutTransfer),
      netInSpeed: number(state.netInSpeed),
      netOutSpeed: number(state.netOutSpeed),
      uptime: number(state.uptime),
      load1: number(state.load1),
      load5: number(state.load5),
      load15: number(state.load15),
      tcpConnCount: number(state.tcpConnCount),
      udpConnCount: number(state.udpConnCount),
      processCount: number(state.processCount),
      temperatures: list(state.temperatures, limits.sensors).map((sensor) => ({
        name: text(sensor.name),
        temperature: number(sensor.temperature),
      })),
      gpu: list(state.gpu, limits.gpus).map(number),
    }),
    address: (geo: GeoIP): GeoAddress => ({ ipv4: address(geo.ip?.ipv4 ?? ""), ipv6: address(geo.ip?.ipv6 ?? ""), countryCode: "" }),
  };
}

export type Cleaner = ReturnType<typeof createCleaner>;
