import type { SystemFiles } from "../files.ts";
import type { HostRoots } from "../roots.ts";
import type { MemoryReading } from "./memory.ts";
import { detectVirtualization } from "./virtualization.ts";

/** What a container may use of its machine and does, in bytes and processors; undefined members are not limited. */
export interface GroupReading {
  readonly memory: { readonly limit: number; readonly used: number } | undefined;
  readonly swap: { readonly limit: number; readonly used: number } | undefined;
  readonly cpu: { readonly processors: number; readonly usedMs: number } | undefined;
}

const CONTAINERS = new Set(["lxc", "docker", "rkt"]);
const MARKS = ["/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io"];
const MICROSECONDS_PER_MS = 1000;
const NANOSECONDS_PER_MS = 1e6;

/**
 * Reads the limits of control groups, version 1 or 2, for an agent that watches the container it lives in. One that is
 * shown the files of its host (`HOST_PROC` …) watches that, and one outside of containers has no limits of its own.
 */
export function createGroupReader(files: SystemFiles, roots: HostRoots): () => GroupReading | undefined {
  let isContainer: boolean | undefined;
  return () => {
    isContainer ??= roots.proc === "/proc" && roots.sys === "/sys" && isInContainer(files, roots);
    return isContainer ? readGroup(files, roots) : undefined;
  };
}

function isInContainer(files: SystemFiles, roots: HostRoots): boolean {
  const { system, role } = detectVirtualization(files, roots);
  return (role === "guest" && CONTAINERS.has(system)) || MARKS.some((path) => files.exists(path));
}

function readGroup(files: SystemFiles, { proc, sys }: HostRoots): GroupReading {
  const root = `${sys}/fs/cgroup`;
  const groups = files.text(`${proc}/self/cgroup`) ?? "";
  return files.exists(`${root}/cgroup.controllers`) ? version2(files, root, groups) : version1(files, root, groups);
}

/** The group of this process, else the one that is mounted for it. */
function place(files: SystemFiles, root: string, path: string | undefined, file: string): string {
  const own = path === undefined || path === "/" ? root : `${root}${path}`;
  return files.exists(`${own}/${file}`) ? own : root;
}

function version2(files: SystemFiles, root: string, groups: string): GroupReading {
  const path = /^0::(\/.*)$/m.exec(groups)?.[1];
  const memory = place(files, root, path, "memory.current");
  const cpu = place(files, root, path, "cpu.stat");
  const [quota, period] = (files.text(`${cpu}/cpu.max`) ?? "").trim().split(" ").map(Number);
  const used = Number(/^usage_usec (\d+)$/m.exec(files.text(`${cpu}/cpu.stat`) ?? "")?.[1]);
  return {
    memory: limited(number(files, `${memory}/memory.max`), workingSet(files, memory, "memory.current", "inactive_file")),
    swap: limited(number(files, `${memory}/memory.swap.max`), number(files, `${memory}/memory.swap.current`)),
    cpu: share(quota, period, used / MICROSECONDS_PER_MS),
  };
}

function version1(files: SystemFiles, root: string, groups: string): GroupReading {
  const of = (controller: string, file: string): string => {
    const path = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(/.*)$`, "m").exec(groups)?.[1];
    return place(files, `${root}/${controller}`, path, file);
  };
  const memory = of("memory", "memory.usage_in_bytes");
  const cpu = of("cpu", "cpu.cfs_quota_us");
  const limit = number(files, `${memory}/memory.limit_in_bytes`);
  const both = number(files, `${memory}/memory.memsw.limit_in_bytes`);
  const usage = number(files, `${memory}/memory.usage_in_bytes`);
  return {
    memory: limited(limit, workingSet(files, memory, "memory.usage_in_bytes", "total_inactive_file")),
    swap: limited(difference(both, limit), difference(number(files, `${memory}/memory.memsw.usage_in_bytes`), usage)),
    cpu: share(
      number(files, `${cpu}/cpu.cfs_quota_us`),
      number(files, `${cpu}/cpu.cfs_period_us`),
      (number(files, `${of("cpuacct", "cpuacct.usage")}/cpuacct.usage`) ?? Number.NaN) / NANOSECONDS_PER_MS,
    ),
  };
}

/** `max` and files that are not there are undefined. */
function number(files: SystemFiles, path: string): number | undefined {
  const text = files.text(path)?.trim() ?? "";
  return /^-?\d+$/.test(text) ? Number(text) : undefined;
}

/** What cannot be given back at once, as container tools count. */
function workingSet(files: SystemFiles, group: string, usageFile: string, reclaimable: string): number | undefined {
  const usage = number(files, `${group}/${usageFile}`);
  const cache = new RegExp(`^${reclaimable} (\\d+)$`, "m").exec(files.text(`${group}/memory.stat`) ?? "")?.[1];
  return usage === undefined ? undefined : Math.max(0, usage - Number(cache ?? 0));
}

function difference(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(0, one - other);
}

function limited(limit: number | undefined, used: number | undefined): GroupReading["memory"] {
  return limit === undefined || used === undefined ? undefined : { limit, used };
}

function share(quota: number | undefined, period: number | undefined, usedMs: number): GroupReading["cpu"] {
  const processors = (quota ?? Number.NaN) / (period ?? Number.NaN);
  return Number.isFinite(processors) && processors > 0 && Number.isFinite(usedMs) ? { processors, usedMs } : undefined;
}

/** The machine's memory, cut to what the container may use; a limit beyond the machine is none. */
export function limitMemory(machine: MemoryReading, group: GroupReading | undefined): MemoryReading {
  const { memory, swap } = group ?? {};
  const isMemory = memory !== undefined && memory.limit < machine.total;
  const isSwap = swap !== undefined && swap.limit < machine.swapTotal;
  return {
    total: isMemory ? memory.limit : machine.total,
    used: isMemory ? Math.min(memory.used, memory.limit) : machine.used,
    swapTotal: isSwap ? swap.limit : machine.swapTotal,
    swapUsed: isSwap ? Math.min(swap.used, swap.limit) : machine.swapUsed,
  };
}

/** Busy share of the processors that the container may use, in percent, between two readings. */
export interface ShareMeter {
  /** Undefined without a limit, and for the first reading. @param nowMs a clock that never goes back */
  read(cpu: GroupReading["cpu"], nowMs: number): number | undefined;
}

export function createShareMeter(): ShareMeter {
  let before: { readonly usedMs: number; readonly atMs: number } | undefined;
  return {
    read: (cpu, nowMs) => {
      const last = before;
      before = cpu === undefined ? undefined : { usedMs: cpu.usedMs, atMs: nowMs };
      if (cpu === undefined || last === undefined || nowMs <= last.atMs) return undefined;
      return Math.min(100, Math.max(0, ((cpu.usedMs - last.usedMs) / ((nowMs - last.atMs) * cpu.processors)) * 100));
    },
  };
}
