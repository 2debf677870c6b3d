import { readFile } from "node:fs/promises";

/** What a process has used so far, its threads included. */
export interface ProcessCost {
  readonly cpuSeconds: number;
  /** Resident memory at this moment. */
  readonly residentMb: number;
  /** What of it belongs to no file, so to no other process either. */
  readonly anonymousMb: number;
}

/** The kernel counts CPU time in ticks of this length on every Linux in use. */
const TICKS_PER_SECOND = 100;
const FIELDS_BEFORE_USER_TIME = 11;

/** Reads `/proc`; undefined where there is none (not Linux) or no such process. */
export async function readProcessCost(pid: number): Promise<ProcessCost | undefined> {
  try {
    return parseProcessCost(await readFile(`/proc/${pid}/stat`, "utf8"), await readFile(`/proc/${pid}/status`, "utf8"));
  } catch {
    return undefined;
  }
}

/** `stat` and `status` of a process as the kernel writes them. The name in `stat` may hold blanks and brackets. */
export function parseProcessCost(stat: string, status: string): ProcessCost {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[FIELDS_BEFORE_USER_TIME]) + Number(fields[FIELDS_BEFORE_USER_TIME + 1]);
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1024;
  return { cpuSeconds: ticks / TICKS_PER_SECOND, residentMb: megabytes("VmRSS"), anonymousMb: megabytes("RssAnon") };
}
