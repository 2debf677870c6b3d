import { describe, expect, test } from "vitest";
import { findGpuReader } from "./gpu.ts";
import { intelAdapters, parseIntelTop } from "./intel-gpu.ts";

describe("graphics of Intel", () => {
  const TOP = ` Freq MHz      IRQ RC6     Power W             RCS             BCS             VCS            VECS
 req  act       /s   %   gpu   pkg       %  se  wa       %  se  wa       %  se  wa       %  se  wa
   0    0        0   0  0.00  0.00   99.00   0   0    0.00   0   0    0.00   0   0    0.00   0   0
 350  347      113  78  0.21  4.39    7.25   0   0    0.00   0   0   41.50   1   0    3.00   0   0
`;

  test("the busiest engine of the second row counts; the first row covers no time", () => {
    expect(parseIntelTop(TOP)).toBe(41.5);
    expect(() => parseIntelTop(TOP.split("\n").slice(0, 3).join("\n"))).toThrow("tells nothing");
    expect(() => parseIntelTop("Failed to initialize PMU! (Permission denied)")).toThrow("tells nothing");
  });

  test("adapters are named by the system's list, and by their number where it has none", () => {
    const texts: Record<string, string> = {
      "/s/bus/pci/devices/a/vendor": "0x8086\n",
      "/s/bus/pci/devices/a/class": "0x030000\n",
      "/s/bus/pci/devices/a/device": "0x3e9b\n",
      "/s/bus/pci/devices/b/vendor": "0x8086\n",
      "/s/bus/pci/devices/b/class": "0x020000\n",
      "/s/bus/pci/devices/b/device": "0x15bb\n",
      "/s/bus/pci/devices/c/vendor": "0x8086\n",
      "/s/bus/pci/devices/c/class": "0x038000\n",
      "/s/bus/pci/devices/c/device": "0xffff\n",
      "/s/bus/pci/devices/d/vendor": "0x10de\n",
      "/s/bus/pci/devices/d/class": "0x030000\n",
      "/usr/share/misc/pci.ids":
        "# a list\n8085  Another\n\t3e9b  Not this\n8086  Intel Corporation\n\t15bb  A network card\n\t3e9b  UHD Graphics 630\n\t\t1028 0869  A board\n8087  Next\n\tffff  Nor this\n",
    };
    const files = { text: (path: string) => texts[path], names: () => ["a", "b", "c", "d"], exists: () => true };
    expect(intelAdapters(files, "/s")).toEqual(["UHD Graphics 630", "Intel ffff"]);
  });

  test("its tool is asked for two seconds, its names once", async () => {
    let lists = 0;
    const runs: unknown[] = [];
    const run = (...call: unknown[]): Promise<string> => {
      runs.push(call);
      return Promise.resolve(TOP);
    };
    const reader = findGpuReader(
      (path) => path === "/usr/bin/intel_gpu_top",
      "",
      run,
      () => [`UHD ${++lists}`],
    );
    await reader?.();
    expect(await reader?.()).toEqual({ names: ["UHD 1"], usage: [41.5] });
    expect(runs[0]).toEqual(["/usr/bin/intel_gpu_top", ["-s", "1000", "-l"], 2_500]);
  });
});
