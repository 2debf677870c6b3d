import type { GeoIP, Host, State } from "@windfire/protocol";
import { canonicalAddress } from "#kernel";
import type { GeoAddress, HostInfo, HostState, UnsoundFigure } from "#features/servers";

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

const CONTROL = /[\p{Cc}\u2028\u2029]/u;
const ALL_CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/** Makes reports of agents fit to be kept and shown: nothing of them is trusted but their shape. */
export function createCleaner(limits: AgentLimits, counter: CleanCounter) {
  const text = (value: string): string => {
    if (value.length <= limits.textLength && !CONTROL.test(value)) return value;
    counter.cleaned++;
    return value.replace(ALL_CONTROL, "").slice(0, limits.textLength);
  };
  const number = (value: number): number => {
    if (isSound(value)) return value;
    counter.cleaned++;
    return 0;
  };
  const list = <T>(values: readonly T[], most: number): readonly T[] => {
    if (values.length <= most) return values;
    counter.cleaned++;
    return values.slice(0, most);
  };
  /** In one spelling, so that another one is no change; a zone, which names an interface of the agent's host, is left out. */
  const address = (value: string): string => {
    const canonical = value === "" ? "" : canonicalAddress(value);
    if (canonical === undefined) counter.cleaned++;
    return canonical ?? "";
  };
  /** Agents that know of memory tell the utilization twice; what one of the two lists lacks the other gives (spec 20 section 2.2). */
  const gpus = (state: State): Pick<HostState, "gpu" | "gpus"> => {
    const told = list(state.gpus, limits.gpus).map((gpu) => ({ ...gpu, utilization: number(gpu.utilization) }));
    const gpu = list(state.gpu, limits.gpus).map(number);
    return { gpu: gpu.length > 0 ? gpu : told.map(({ utilization }) => utilization), gpus: told };
  };
  return {
    host: (host: Host): HostInfo => ({
      platform: text(host.platform),
      platformVersion: text(host.platformVersion),
      cpu: list(host.cpu, limits.gpus).map(text),
      memTotal: host.memTotal,
      diskTotal: host.diskTotal,
      swapTotal: host.swapTotal,
      arch: text(host.arch),
      virtualization: text(host.virtualization),
      bootTime: host.bootTime,
      version: text(host.version),
      gpu: list(host.gpu, limits.gpus).map(text),
      rights: list(host.rights, limits.gpus).map(({ name, until, only }) => ({
        name: text(name),
        until: number(until),
        only: list(only, limits.sensors).map(text),
      })),
    }),
    state(state: State): HostState {
      const unsound = unsoundFigures(state);
      return {
        cpu: number(state.cpu),
        memUsed: state.memUsed,
        swapUsed: state.swapUsed,
        diskUsed: state.diskUsed,
        netInTransfer: state.netInTransfer,
        netOutTransfer: state.netOutTransfer,
        netInSpeed: state.netInSpeed,
        netOutSpeed: state.netOutSpeed,
        uptime: state.uptime,
        load1: number(state.load1),
        load5: number(state.load5),
        load15: number(state.load15),
        tcpConnCount: state.tcpConnCount,
        udpConnCount: state.udpConnCount,
        processCount: state.processCount,
        temperatures: list(state.temperatures, limits.sensors).map((sensor) => ({
          name: text(sensor.name),
          temperature: number(sensor.temperature),
        })),
        ...gpus(state),
        ...(unsound.length === 0 ? {} : { unsound }),
      };
    },
    address(geo: GeoIP): GeoAddress {
      const ipv4 = address(geo.ip?.ipv4 ?? "");
      const ipv6 = address(geo.ip?.ipv6 ?? "");
      const isMapped = ipv6 !== "" && !ipv6.includes(":");
      return { ipv4: isMapped ? ipv4 || ipv6 : ipv4, ipv6: isMapped ? "" : ipv6, countryCode: "" };
    },
  };
}

const LOADS = ["cpu", "load1", "load5", "load15"] as const;
const ALL_SOUND: readonly UnsoundFigure[] = [];

/** A figure that is 0 because an agent says so is a value; one that is 0 because what it said is no number is not. */
function unsoundFigures(state: State): readonly UnsoundFigure[] {
  // Nearly every report: nothing is made for it.
  const loadsAreSound = isSound(state.cpu) && isSound(state.load1) && isSound(state.load5) && isSound(state.load15);
  if (loadsAreSound && state.gpu.every(isSound) && state.gpus.every(hasSoundUtilization)) return ALL_SOUND;
  const unsound: UnsoundFigure[] = LOADS.filter((name) => !isSound(state[name]));
  const gpu = state.gpu.length > 0 ? state.gpu : state.gpus.map(({ utilization }) => utilization);
  if (!gpu.every(isSound)) unsound.push("gpu");
  return unsound;
}

/** No percentage, load or temperature comes near it; means of numbers near the end of what a number holds would be none. */
const MOST_FIGURE = 1e12;

function isSound(value: number): boolean {
  return value >= 0 && value <= MOST_FIGURE;
}

function hasSoundUtilization({ utilization }: State["gpus"][number]): boolean {
  return isSound(utilization);
}

export type Cleaner = ReturnType<typeof createCleaner>;
