import type { SensorTemperature } from "@windfire/protocol";
import type { Space } from "../disk.ts";
import { keptSensors } from "../linux/temperature.ts";

import type { CpuTimes } from "../linux/cpu.ts";
import type { InterfaceCounters } from "../network.ts";

/** What FreeBSD's own programs print, made into numbers. Nothing of it is trusted but its shape. */

const BYTES_PER_KIB = 1024;

/** `sysctl name …`: `name: value` lines. */
export function parseSysctl(output: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of output.split("\n")) {
    const [, name, value = ""] = /^([\w.%-]+): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined) values.set(name, value);
  }
  return values;
}

/** The names that a sample needs. */
export const SAMPLE_NAMES = [
  "kern.cp_time",
  "kern.boottime",
  "hw.physmem",
  "vm.stats.vm.v_page_size",
  "vm.stats.vm.v_free_count",
  "vm.stats.vm.v_inactive_count",
  "vm.stats.vm.v_cache_count",
];
export const HOST_NAMES = ["kern.osrelease", "hw.model", "hw.ncpu", "kern.vm_guest"];

type Sysctl = ReadonlyMap<string, string>;

function number(values: Sysctl, name: string): number {
  const value = Number(values.get(name));
  return Number.isFinite(value) && value > 0 ? value : 0;
}

/** `kern.cp_time`: ticks of user, nice, system, interrupt, idle. */
export function cpuTimes(values: Sysctl): CpuTimes | undefined {
  const ticks = (values.get("kern.cp_time") ?? "").trim().split(/\s+/).map(Number);
  if (ticks.length < 5 || !ticks.every(Number.isFinite)) return undefined;
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { total, busy: total - (ticks[4] ?? 0) };
}

/** Unix seconds of `{ sec = 1600696036, usec = 756028 } Mon …`. */
export function bootSeconds(values: Sysctl): number | undefined {
  const seconds = /sec = (\d+)/.exec(values.get("kern.boottime") ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** Bytes. What is free, inactive or cached is available. */
export function memoryOf(values: Sysctl): { readonly total: number; readonly used: number } {
  const pages = ["free", "inactive", "cache"].reduce((sum, kind) => sum + number(values, `vm.stats.vm.v_${kind}_count`), 0);
  const total = number(values, "hw.physmem");
  return { total, used: Math.max(0, total - pages * number(values, "vm.stats.vm.v_page_size")) };
}

const GUESTS: Readonly<Record<string, string>> = { hv: "hyperv", none: "", generic: "" };

/** What the machine is a guest of; empty for real hardware, undefined where the kernel does not say. */
export function guestOf(values: Sysctl): string | undefined {
  const guest = values.get("kern.vm_guest")?.trim();
  return guest === undefined ? undefined : (GUESTS[guest] ?? guest);
}

/** `swapinfo -k`, in bytes; a line `Total` sums up what stands above it. */
export function parseSwap(output: string): { readonly total: number; readonly used: number } {
  let total = 0;
  let used = 0;
  for (const line of output.split("\n").slice(1)) {
    const [device = "", blocks, taken] = line.trim().split(/\s+/);
    if (device === "" || device === "Total" || !/^\d+$/.test(blocks ?? "")) continue;
    total += Number(blocks) * BYTES_PER_KIB;
    used += Number(taken) * BYTES_PER_KIB;
  }
  return { total, used };
}

const COUNTED_KINDS = new Set(["ufs", "zfs", "ext2fs", "ntfs", "exfat", "msdosfs", "fusefs"]);

/** A mounted file system, in bytes. */
export interface MountedSpace extends Space {
  readonly path: string;
  readonly pool: string;
  readonly kind: string;
}

/** `df -kT`: device, kind, blocks, used, available, percent, mount point. */
export function parseFileSystems(output: string): MountedSpace[] {
  const spaces: MountedSpace[] = [];
  for (const line of output.split("\n").slice(1)) {
    const [, device = "", kind = "", blocks, used, path = ""] =
      /^(\S.*?)\s+(\w+)\s+(\d+)\s+(\d+)\s+-?\d+\s+-?\d+%\s+(\/.*)$/.exec(line) ?? [];
    if (path === "") continue;
    const total = Number(blocks) * BYTES_PER_KIB;
    const pool = kind === "zfs" ? `zfs ${device.split("/", 1)[0]}` : device;
    spaces.push({ path, pool, kind, total, free: Math.max(0, total - Number(used) * BYTES_PER_KIB) });
  }
  return spaces;
}

/** Allow-listed mount points, else those that hold files. A device that is mounted twice counts once. */
export function countedSpaces(spaces: readonly MountedSpace[], allowlist: readonly string[]): readonly MountedSpace[] {
  if (allowlist.length > 0) return spaces.filter(({ path }) => allowlist.includes(path));
  const devices = new Set<string>();
  return spaces.filter(({ kind, pool }) => {
    const isNew = kind === "zfs" || !devices.has(pool);
    devices.add(pool);
    return isNew && COUNTED_KINDS.has(kind);
  });
}

/** `netstat -ibnW`: the rows of the links alone. An address may be missing, so columns are counted from the right. */
export function parseLinks(output: string): InterfaceCounters[] {
  const [header = "", ...rows] = output.split("\n");
  const columns = header.trim().split(/\s+/);
  const fromRight = (name: string): number => columns.indexOf(name) - columns.length;
  const [received, sent] = [fromRight("Ibytes"), fromRight("Obytes")];
  return rows.flatMap((row) => {
    const fields = row.trim().split(/\s+/);
    if (!(fields[2] ?? "").startsWith("<Link#")) return [];
    const counters = { name: (fields[0] ?? "").replace(/\*$/, ""), received: Number(fields.at(received)), sent: Number(fields.at(sent)) };
    return Number.isFinite(counters.received) && Number.isFinite(counters.sent) ? [counters] : [];
  });
}

/** `netstat -an -p tcp` and `-p udp`: a row a socket. */
export function countSockets(output: string): number {
  return output.split("\n").filter((line) => /^(?:tcp|udp)[46]/.test(line)).length;
}

/** `ps -axo pid`: a heading, then a line a process. */
export function countProcesses(output: string): number {
  return output.split("\n").filter((line) => /^\s*\d+\s*$/.test(line)).length;
}

/** `sysctl -i dev.cpu hw.acpi.thermal`: `dev.cpu.0.temperature: 45.0C`. */
export function temperaturesOf(values: Sysctl): SensorTemperature[] {
  return keptSensors(
    [...values].flatMap(([name, value]) => {
      const degrees = /^(-?[\d.]+)C$/.exec(value.trim())?.[1];
      const sensor = /^(?:dev|hw\.acpi\.thermal)\.(.+)\.temperature$/.exec(name)?.[1];
      return degrees === undefined || sensor === undefined ? [] : [{ name: sensor.replaceAll(".", "_"), temperature: Number(degrees) }];
    }),
  );
}
