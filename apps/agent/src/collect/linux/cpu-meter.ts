import type { Clock } from "@windfire/kit";
import { createShareMeter } from "./cgroup.ts";
import type { GroupReading } from "./cgroup.ts";
import { busyPercent, NO_TIMES, parseCpuTimes } from "./cpu.ts";

/** Busy percent since the last reading: of the container's share where it has one, else of the host (text of `/proc/stat`). */
export function createCpuMeter(clock: Pick<Clock, "monotonic">): (stat: string, group: GroupReading | undefined) => number {
  const share = createShareMeter();
  let times = NO_TIMES;
  return (stat, group) => {
    const before = times;
    times = parseCpuTimes(stat) ?? before;
    return share.read(group?.cpu, clock.monotonic()) ?? (times === before ? 0 : busyPercent(before, times));
  };
}
