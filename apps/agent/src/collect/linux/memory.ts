/** Bytes. */
export interface MemoryReading {
  readonly total: number;
  readonly used: number;
  readonly swapTotal: number;
  readonly swapUsed: number;
}

const LINE = /^(MemTotal|MemFree|MemAvailable|Cached|SReclaimable|SwapTotal|SwapFree):\s+(\d+) kB$/gm;
const BYTES_PER_KIB = 1024;

/**
 * `/proc/meminfo` (spec 21 section 4.4). Used is what is not available; a kernel that does not say what is available is
 * taken by what is free or could be freed.
 */
export function parseMemory(meminfo: string): MemoryReading {
  const bytes = new Map<string, number>();
  for (const [, name = "", kibibytes] of meminfo.matchAll(LINE)) bytes.set(name, Number(kibibytes) * BYTES_PER_KIB);
  const of = (name: string): number => bytes.get(name) ?? 0;
  const total = of("MemTotal");
  const available = bytes.get("MemAvailable") ?? of("Cached") + of("SReclaimable") + of("MemFree");
  const used = total >= available ? total - available : Math.max(0, total - of("MemFree"));
  return { total, used, swapTotal: of("SwapTotal"), swapUsed: Math.max(0, of("SwapTotal") - of("SwapFree")) };
}
