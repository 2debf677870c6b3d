import type { Clock } from "@windfire/kit";
import type { SensorTemperature, State } from "@windfire/protocol";
import { createBackgroundReading } from "../background.ts";
import type { BackgroundReading } from "../background.ts";
import type { Collector, CollectSettings } from "../collector.ts";
import { sumVolumes } from "../disk.ts";
import type { DiskReading } from "../disk.ts";
import { gpuStates, NO_GPU } from "../gpu.ts";
import type { GpuReading } from "../gpu.ts";
import { createNetworkMeter } from "../network.ts";
import { keptSensors } from "../linux/temperature.ts";
import { createSteadyTime } from "../steady-time.ts";
import type { FileSystemSize, SystemInformation } from "./system-information.ts";

export interface OtherDeps {
  readonly clock: Clock;
  readonly load: () => Promise<SystemInformation>;
  readonly platform: "darwin" | "win32";
  /** `uname -m`. */
  readonly machine: string;
  /** Model of the first processor. */
  readonly processor: string;
  /** Averages over 1, 5 and 15 minutes. */
  readonly loadAverages: () => readonly number[];
  /** Seconds since the host's start. */
  readonly uptime: () => number;
  readonly version: string;
  readonly onError: (reading: string, error: unknown) => void;
}

const MS_PER_SECOND = 1000;
/** These readings start a program each time. */
const SLOW_PAUSE_MS = 15_000;
const COUNTED_KINDS = ["apfs", "hfs", "ntfs", "exfat", "fat32", "refs"];
const APFS_VOLUME = /^(\/dev\/disk\d+)s\d+/;

/** macOS and Windows, through a library that asks the system's own tools. Everything is read in the background. */
export function createOtherCollector(deps: OtherDeps): Collector {
  const network = createNetworkMeter();
  const reading = <T>(name: string, read: (system: SystemInformation) => Promise<T>, empty: T, pauseMs = 0): BackgroundReading<T> =>
    createBackgroundReading({
      clock: deps.clock,
      read: async () => read(await deps.load()),
      empty,
      pauseMs,
      onError: (error) => deps.onError(name, error),
    });
  const memory = reading("memory", (system) => system.mem(), { total: 0, available: 0, swaptotal: 0, swapused: 0 });
  const disks = reading("disk", (system) => system.fsSize(), [], SLOW_PAUSE_MS);
  const interfaces = reading("network", (system) => system.networkStats("*"), []);
  const cpu = reading("cpu", async (system) => (await system.currentLoad()).currentLoad, 0);
  const processes = reading("processes", async (system) => (await system.processes()).all, 0, SLOW_PAUSE_MS);
  const connections = reading(
    "connections",
    async (system) => countProtocols(await system.networkConnections()),
    { tcp: 0, udp: 0 },
    SLOW_PAUSE_MS,
  );
  const temperatures = reading("temperature", readTemperature, [], SLOW_PAUSE_MS);
  const gpu = reading("gpu", readGraphics, NO_GPU, SLOW_PAUSE_MS);
  const identity = reading("host", async (system) => ({ os: await system.osInfo(), cpu: await system.cpu() }), undefined);
  const steady = createSteadyTime();
  const bootSeconds = (): number => steady(Math.round(deps.clock.now() / MS_PER_SECOND - deps.uptime()));

  return {
    host: async (settings) => {
      const [host, mem, volumes, adapters] = await Promise.all([
        identity.next(),
        memory.next(),
        disks.next(),
        settings.gpu ? gpu.next() : NO_GPU,
      ]);
      return {
        ...platformOf(deps.platform, host?.os),
        cpu: [`${deps.processor} ${(deps.platform === "darwin" ? host?.cpu.physicalCores : host?.cpu.cores) ?? 0} Physical Core`],
        memTotal: mem.total,
        diskTotal: measure(volumes, settings).total,
        swapTotal: mem.swaptotal,
        arch: deps.platform === "win32" && deps.machine === "arm64" ? "aarch64" : deps.machine,
        virtualization: "",
        bootTime: bootSeconds(),
        version: deps.version,
        gpu: adapters.names,
      };
    },
    sample: async (settings): Promise<State> => {
      const [mem, stats, busy] = await Promise.all([memory.next(), interfaces.next(), cpu.next()]);
      const counters = stats.map((one) => ({ name: one.iface, received: one.rx_bytes, sent: one.tx_bytes }));
      const net = network.read(counters, settings.nic_allowlist, deps.clock.monotonic());
      const sockets = settings.skip_connection_count ? { tcp: 0, udp: 0 } : connections.latest();
      const [load1 = 0, load5 = 0, load15 = 0] = deps.loadAverages();
      return {
        cpu: Math.min(100, Math.max(0, busy)),
        memUsed: Math.max(0, mem.total - mem.available),
        swapUsed: mem.swapused,
        diskUsed: measure(disks.latest(), settings).used,
        netInTransfer: net.received,
        netOutTransfer: net.sent,
        netInSpeed: net.receivedPerSecond,
        netOutSpeed: net.sentPerSecond,
        uptime: Math.max(0, Math.floor(deps.clock.now() / MS_PER_SECOND) - bootSeconds()),
        load1,
        load5,
        load15,
        tcpConnCount: sockets.tcp,
        udpConnCount: sockets.udp,
        processCount: settings.skip_procs_count ? 0 : processes.latest(),
        temperatures: settings.temperature ? temperatures.latest() : [],
        gpu: settings.gpu ? gpu.latest().usage : [],
        gpus: settings.gpu ? gpuStates(gpu.latest()) : [],
      };
    },
  };
}

function platformOf(
  platform: OtherDeps["platform"],
  os: { readonly distro: string; readonly release: string } | undefined,
): { platform: string; platformVersion: string } {
  return { platform: platform === "darwin" ? "darwin" : (os?.distro ?? ""), platformVersion: os?.release ?? "" };
}

/** APFS volumes share the free space of their container. */
function measure(sizes: readonly FileSystemSize[], { hard_drive_partition_allowlist: allowlist }: CollectSettings): DiskReading {
  const counted = sizes.filter(({ mount, type }) =>
    allowlist.length > 0 ? allowlist.includes(mount) : COUNTED_KINDS.some((kind) => type.toLowerCase().includes(kind)),
  );
  return sumVolumes(
    counted.map(({ fs, size, available }) => ({
      pool: APFS_VOLUME.exec(fs)?.[1] ?? fs,
      total: Math.max(size, available),
      free: available,
    })),
  );
}

function countProtocols(connections: readonly { readonly protocol: string }[]): { tcp: number; udp: number } {
  const count = (name: string): number => connections.filter(({ protocol }) => protocol.toLowerCase().startsWith(name)).length;
  return { tcp: count("tcp"), udp: count("udp") };
}

async function readTemperature(system: SystemInformation): Promise<readonly SensorTemperature[]> {
  const { main } = await system.cpuTemperature();
  return main === null ? [] : keptSensors([{ name: "cpu", temperature: main }]);
}

async function readGraphics(system: SystemInformation): Promise<GpuReading> {
  const controllers = (await system.graphics()).controllers.filter(({ model }) => model !== "");
  return {
    names: controllers.map(({ model }) => model),
    usage: controllers.map(({ utilizationGpu }) => utilizationGpu ?? 0),
    memory: controllers.map(({ memoryUsed, memoryTotal }) => ({ used: memoryUsed ?? 0, total: memoryTotal ?? 0 })),
  };
}
