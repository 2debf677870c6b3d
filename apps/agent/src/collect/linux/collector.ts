import type { Clock } from "@windfire/kit";
import type { SensorTemperature } from "@windfire/protocol";
import { createBackgroundReading } from "../background.ts";
import type { Collector, CollectSettings } from "../collector.ts";
import { measureVolumes } from "../disk.ts";
import type { DiskReading, SpaceOf } from "../disk.ts";
import type { SystemFiles } from "../files.ts";
import { gpuStates, NO_GPU } from "../gpu.ts";
import type { GpuReading } from "../gpu.ts";
import { createNetworkMeter, parseInterfaces } from "../network.ts";
import type { HostRoots } from "../roots.ts";
import { createGroupReader, limitMemory } from "./cgroup.ts";
import { createBootTime } from "./boot-time.ts";
import { countSocketRows, parseSocketTotals } from "./connections.ts";
import type { ConnectionCounts } from "./connections.ts";
import { createCpuMeter } from "./cpu-meter.ts";
import { NO_LOAD, parseLoad } from "./load.ts";
import { parseMemory } from "./memory.ts";
import { detectPlatform } from "./platform.ts";
import { countProcesses } from "./processes.ts";
import { parseProcessors } from "./processors.ts";
import { readTemperatures } from "./temperature.ts";
import type { SensorFiles } from "./temperature.ts";
import { detectVirtualization } from "./virtualization.ts";
import { createVolumeList } from "./volumes.ts";

export interface LinuxDeps {
  readonly clock: Clock;
  readonly files: SystemFiles;
  readonly sensors: SensorFiles;
  readonly roots: HostRoots;
  readonly spaceOf: SpaceOf;
  /** Undefined where there is no tool to ask. */
  readonly readGpu: (() => Promise<GpuReading>) | undefined;
  /** `uname -m`. */
  readonly machine: string;
  /** What the agent calls itself. */
  readonly version: string;
  readonly onError: (reading: string, error: unknown) => void;
}

const MS_PER_SECOND = 1000;
const GPU_PAUSE_MS = 3000;

/** Counts as the reference agent does (spec 21 section 4), from the kernel's own files. */
export function createLinuxCollector(deps: LinuxDeps): Collector {
  const { clock, files, roots } = deps;
  const text = (path: string): string => files.text(path) ?? "";
  const network = createNetworkMeter();
  const bootTime = createBootTime(files, roots, clock);
  const listVolumes = createVolumeList(files, roots);
  const temperatures = createBackgroundReading<readonly SensorTemperature[]>({
    clock,
    read: () => readTemperatures(deps.sensors, roots.sys),
    empty: [],
    pauseMs: 0,
    onError: (error) => deps.onError("temperature", error),
  });
  const gpu = createBackgroundReading({
    clock,
    read: deps.readGpu ?? (() => Promise.resolve(NO_GPU)),
    empty: NO_GPU,
    pauseMs: GPU_PAUSE_MS,
    onError: (error) => deps.onError("gpu", error),
  });

  const disk = async (settings: CollectSettings): Promise<DiskReading> => {
    const sum = await measureVolumes(listVolumes(settings.hard_drive_partition_allowlist), deps.spaceOf);
    // Containers without a device of their own: what holds the root is the best answer there is.
    return sum.total > 0 ? sum : measureVolumes([{ path: `${roots.root}/`, pool: "/" }], deps.spaceOf);
  };
  const readGroup = createGroupReader(files, roots);
  const cpu = createCpuMeter(clock);

  return {
    host: async (settings) => {
      const memory = limitMemory(parseMemory(text(`${roots.proc}/meminfo`)), readGroup());
      const virtualization = detectVirtualization(files, roots);
      const isGuest = virtualization.role === "guest";
      const { platform, version } = detectPlatform(files, roots);
      return {
        platform,
        platformVersion: version,
        cpu: parseProcessors(text(`${roots.proc}/cpuinfo`)).map(
          ({ model, count }) => `${model} ${count} ${isGuest ? "Virtual" : "Physical"} Core`,
        ),
        memTotal: memory.total,
        diskTotal: (await disk(settings)).total,
        swapTotal: memory.swapTotal,
        arch: deps.machine,
        virtualization: isGuest ? virtualization.system : "",
        bootTime: bootTime(text(`${roots.proc}/stat`)),
        version: deps.version,
        gpu: settings.gpu ? (await gpu.next()).names : [],
      };
    },
    sample: async (settings) => {
      const stat = text(`${roots.proc}/stat`);
      const interfaces = parseInterfaces(text(`${roots.proc}/net/dev`));
      const net = network.read(interfaces, settings.nic_allowlist, clock.monotonic());
      const group = readGroup();
      const memory = limitMemory(parseMemory(text(`${roots.proc}/meminfo`)), group);
      const connections = settings.skip_connection_count ? { tcp: 0, udp: 0 } : countConnections(files, roots);
      return {
        cpu: cpu(stat, group),
        memUsed: memory.used,
        swapUsed: memory.swapUsed,
        diskUsed: (await disk(settings)).used,
        netInTransfer: net.received,
        netOutTransfer: net.sent,
        netInSpeed: net.receivedPerSecond,
        netOutSpeed: net.sentPerSecond,
        uptime: Math.max(0, Math.floor(clock.now() / MS_PER_SECOND) - bootTime(stat)),
        ...(parseLoad(text(`${roots.proc}/loadavg`)) ?? NO_LOAD),
        tcpConnCount: connections.tcp,
        udpConnCount: connections.udp,
        processCount: settings.skip_procs_count ? 0 : countProcesses(files.names(roots.proc)),
        temperatures: settings.temperature ? temperatures.latest() : [],
        gpu: settings.gpu ? gpu.latest().usage : [],
        gpus: settings.gpu ? gpuStates(gpu.latest()) : [],
      };
    },
  };
}

function countConnections(files: SystemFiles, { proc }: HostRoots): ConnectionCounts {
  const totals = parseSocketTotals(files.text(`${proc}/net/sockstat`), files.text(`${proc}/net/sockstat6`));
  if (totals !== undefined) return totals;
  const rows = (name: string): number => countSocketRows(files.text(`${proc}/net/${name}`));
  return { tcp: rows("tcp") + rows("tcp6"), udp: rows("udp") + rows("udp6") };
}
