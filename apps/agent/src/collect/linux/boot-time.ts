import type { Clock } from "@windfire/kit";
import type { SystemFiles } from "../files.ts";
import type { HostRoots } from "../roots.ts";
import { detectVirtualization } from "./virtualization.ts";

const CONTAINERS = new Set(["lxc", "docker"]);
const MS_PER_SECOND = 1000;

/**
 * Unix seconds of the host's start, the same for as long as the agent runs: one that differs by a second looks like a
 * restart (spec 20 section 5.1). Containers find the host's start in `/proc/stat`, their own follows from their uptime.
 */
export function createBootTime(files: SystemFiles, roots: HostRoots, clock: Clock): () => number {
  let known: number | undefined;
  return () => {
    known ??= (isContainer(files, roots) ? nowMinusUptime(files, roots, clock) : undefined) ?? bootTimeOf(files, roots);
    return known ?? 0;
  };
}

function bootTimeOf(files: SystemFiles, { proc }: HostRoots): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(files.text(`${proc}/stat`) ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

function isContainer(files: SystemFiles, roots: HostRoots): boolean {
  const { system, role } = detectVirtualization(files, roots);
  return role === "guest" && CONTAINERS.has(system);
}

function nowMinusUptime(files: SystemFiles, roots: HostRoots, clock: Clock): number | undefined {
  const uptime = Number.parseFloat(files.text(`${roots.proc}/uptime`) ?? "");
  return Number.isFinite(uptime) ? Math.round(clock.now() / MS_PER_SECOND - uptime) : undefined;
}
