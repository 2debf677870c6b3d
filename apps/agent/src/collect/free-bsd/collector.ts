import type { Clock } from "@windfire/kit";
import type { State } from "@windfire/protocol";
import { createBackgroundReading } from "../background.ts";
import type { BackgroundReading } from "../background.ts";
import type { Collector } from "../collector.ts";
import { sumVolumes } from "../disk.ts";
import type { RunTool } from "../gpu.ts";
import { busyPercent, NO_TIMES } from "../linux/cpu.ts";
import { createNetworkMeter } from "../network.ts";
import { createSteadyTime } from "../steady-time.ts";
import {
  bootSeconds,
  countedSpaces,
  countProcesses,
  countSockets,
  cpuTimes,
  guestOf,
  HOST_NAMES,
  memoryOf,
  parseFileSystems,
  parseLinks,
  parseSwap,
  parseSysctl,
  SAMPLE_NAMES,
  temperaturesOf,
} from "./readings.ts";

export interface FreeBsdDeps {
  readonly clock: Clock;
  /** Runs one of the system's own programs. */
  readonly run: RunTool;
  /** `uname -m`. */
  readonly machine: string;
  /** Averages over 1, 5 and 15 minutes. */
  readonly loadAverages: () => readonly number[];
  readonly version: string;
  readonly onError: (reading: string, error: unknown) => void;
}

const MS_PER_SECOND = 1000;
/** What changes slowly, or costs more, is read this often. */
const SLOW_PAUSE_MS = 15_000;
const NO_SWAP = { total: 0, used: 0 };

/** FreeBSD, by the programs of its base system. */
export function createFreeBsdCollector({ clock, run, ...deps }: FreeBsdDeps): Collector {
  const network = createNetworkMeter();
  const steady = createSteadyTime();
  let times = NO_TIMES;
  const reading = <T>(name: string, read: () => Promise<T>, empty: T, pauseMs = 0): BackgroundReading<T> =>
    createBackgroundReading({ clock, read, empty, pauseMs, onError: (error) => deps.onError(name, error) });
  const sysctl = (names: readonly string[]) => async () => parseSysctl(await run("/sbin/sysctl", ["-i", ...names]));
  const kernel = reading("sysctl", sysctl(SAMPLE_NAMES), new Map<string, string>());
  const identity = reading("host", sysctl(HOST_NAMES), new Map<string, string>(), SLOW_PAUSE_MS);
  const sensors = reading("temperature", sysctl(["dev.cpu", "hw.acpi.thermal"]), new Map<string, string>(), SLOW_PAUSE_MS);
  const links = reading("network", async () => parseLinks(await run("/usr/bin/netstat", ["-ibnW"])), []);
  const disks = reading("disk", async () => parseFileSystems(await run("/bin/df", ["-kT"])), [], SLOW_PAUSE_MS);
  const swap = reading("swap", async () => parseSwap(await run("/usr/sbin/swapinfo", ["-k"])), NO_SWAP, SLOW_PAUSE_MS);
  const processes = reading("processes", async () => countProcesses(await run("/bin/ps", ["-axo", "pid"])), 0, SLOW_PAUSE_MS);
  const sockets = (kind: string): BackgroundReading<number> =>
    reading(`${kind} sockets`, async () => countSockets(await run("/usr/bin/netstat", ["-an", "-p", kind])), 0, SLOW_PAUSE_MS);
  const [tcp, udp] = [sockets("tcp"), sockets("udp")];

  const cpu = (values: ReadonlyMap<string, string>): number => {
    const before = times;
    times = cpuTimes(values) ?? before;
    return times === before ? 0 : busyPercent(before, times);
  };

  return {
    host: async (settings) => {
      const [values, host, volumes, { total: swapTotal }] = await Promise.all([kernel.next(), identity.next(), disks.next(), swap.next()]);
      const guest = guestOf(host) ?? "";
      const isGuest = (host.get("kern.vm_guest") ?? "none").trim() !== "none";
      return {
        platform: "freebsd",
        platformVersion: host.get("kern.osrelease") ?? "",
        cpu: [`${host.get("hw.model") ?? ""} ${host.get("hw.ncpu") ?? 0} ${isGuest ? "Virtual" : "Physical"} Core`],
        memTotal: memoryOf(values).total,
        diskTotal: sumVolumes(countedSpaces(volumes, settings.hard_drive_partition_allowlist)).total,
        swapTotal,
        arch: deps.machine,
        virtualization: guest,
        bootTime: steady(bootSeconds(values)),
        version: deps.version,
        gpu: [],
      };
    },
    sample: async (settings): Promise<State> => {
      const [values, counters] = await Promise.all([kernel.next(), links.next()]);
      const net = network.read(counters, settings.nic_allowlist, clock.monotonic());
      const [load1 = 0, load5 = 0, load15 = 0] = deps.loadAverages();
      const bootTime = steady(bootSeconds(values));
      return {
        cpu: cpu(values),
        memUsed: memoryOf(values).used,
        swapUsed: swap.latest().used,
        diskUsed: sumVolumes(countedSpaces(disks.latest(), settings.hard_drive_partition_allowlist)).used,
        netInTransfer: net.received,
        netOutTransfer: net.sent,
        netInSpeed: net.receivedPerSecond,
        netOutSpeed: net.sentPerSecond,
        uptime: bootTime === 0 ? 0 : Math.max(0, Math.floor(clock.now() / MS_PER_SECOND) - bootTime),
        load1,
        load5,
        load15,
        tcpConnCount: settings.skip_connection_count ? 0 : tcp.latest(),
        udpConnCount: settings.skip_connection_count ? 0 : udp.latest(),
        processCount: settings.skip_procs_count ? 0 : processes.latest(),
        temperatures: settings.temperature ? temperaturesOf(sensors.latest()) : [],
        gpu: [],
        gpus: [],
      };
    },
  };
}
