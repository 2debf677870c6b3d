import type { Clock } from "@windfire/kit";
import type { SystemFiles } from "../files.ts";
import type { HostRoots } from "../roots.ts";
import { createSteadyTime } from "../steady-time.ts";
import { detectVirtualization } from "./virtualization.ts";

const CONTAINERS = new Set(["lxc", "docker"]);
const MS_PER_SECOND = 1000;

/**
 * Unix seconds of the host's start, from the text of its `/proc/stat`. Containers find the host's start there, their own
 * follows from their uptime.
 */
export function createBootTime(files: SystemFiles, roots: HostRoots, clock: Clock): (stat: string) => number {
  const steady = createSteadyTime();
  let isInContainer: boolean | undefined;
  return (stat) => {
    isInContainer ??= isContainer(files, roots);
    return steady((isInContainer ? nowMinusUptime(files, roots, clock) : undefined) ?? bootTimeOf(stat));
  };
}

function bootTimeOf(stat: string): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(stat)?.[1];
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
