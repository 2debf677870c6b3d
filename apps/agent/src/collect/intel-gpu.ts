import type { SystemFiles } from "./files.ts";

const VENDOR = "8086";
/** Display controllers among the classes of PCI. */
const DISPLAY = /^0x03/;
const NAME_LISTS = ["/usr/share/hwdata/pci.ids", "/usr/share/misc/pci.ids"];
const ENGINE = /^(?:RCS|BCS|VCS|VECS|CCS)(?:\/\d+)?$/;
const COLUMNS_OF_ENGINE = 3;

/** Adapters of Intel by the system's list of names; one that is not in it is told by its number. @param sys where `/sys` is */
export function intelAdapters(files: SystemFiles, sys: string): string[] {
  const devices = `${sys}/bus/pci/devices`;
  const read = (device: string, file: string): string => files.text(`${devices}/${device}/${file}`)?.trim() ?? "";
  const numbers = files
    .names(devices)
    .filter((device) => read(device, "vendor") === `0x${VENDOR}` && DISPLAY.test(read(device, "class")))
    .map((device) => read(device, "device").slice(2));
  if (numbers.length === 0) return [];
  const list = NAME_LISTS.map((path) => files.text(path)).find((text) => text !== undefined) ?? "";
  return numbers.map((number) => nameIn(list, number) ?? `Intel ${number}`);
}

/** In a list of names a vendor's devices follow it, each after a tab. */
function nameIn(list: string, device: string): string | undefined {
  const begin = `\n${list}`.indexOf(`\n${VENDOR}  `);
  if (begin < 0) return undefined;
  const rest = list.slice(list.indexOf("\n", begin) + 1);
  const end = rest.search(/^[^\t#\n]/m);
  const own = end < 0 ? rest : rest.slice(0, end);
  const before = `\t${device}  `;
  const line = own.split("\n").find((one) => one.startsWith(before));
  return line?.slice(before.length).trim() || undefined;
}

/**
 * How busy the busiest engine is in what `intel_gpu_top -l` printed, percent: in its second row, since the first covers no time.
 *
 * @throws Error when it did not come to that
 */
export function parseIntelTop(output: string): number {
  const lines = output.split("\n").map((line) => line.trim().split(/\s+/));
  const engines = lines.find((words) => words.some((word) => ENGINE.test(word)))?.filter((word) => ENGINE.test(word)).length ?? 0;
  const rows = lines.filter((words) => words.length > engines * COLUMNS_OF_ENGINE && words.every((word) => /^-?[\d.]+$/.test(word)));
  const row = rows[1]?.slice(-engines * COLUMNS_OF_ENGINE);
  if (engines === 0 || row === undefined) throw new Error("intel_gpu_top tells nothing");
  const busy = row.filter((_, column) => column % COLUMNS_OF_ENGINE === 0).map(Number);
  return Math.min(100, Math.max(0, ...busy));
}
