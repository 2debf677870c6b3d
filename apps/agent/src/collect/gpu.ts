import type { State } from "@windfire/protocol";
import { parseIntelTop } from "./intel-gpu.ts";

/** Graphics adapters: their names and how busy each is, in percent. */
export interface GpuReading {
  readonly names: readonly string[];
  readonly usage: readonly number[];
  /** MiB, from vendors whose tool tells it; a total of 0 is unknown. */
  readonly memory?: readonly { readonly used: number; readonly total: number }[];
}

/** Runs a vendor's tool and gives what it prints; rejects when it fails. @param endsAfterMs for a tool that does not end by itself */
export type RunTool = (file: string, args: readonly string[], endsAfterMs?: number) => Promise<string>;

export interface GpuVendor {
  readonly tool: string;
  /** Where the tool is looked for before the search path. */
  readonly folder: string;
  /**
   * @param tool the path of the tool
   * @param intelNames adapters of Intel, whose tool does not name them
   */
  read(run: RunTool, tool: string, intelNames: () => readonly string[]): Promise<GpuReading>;
}

/** `nvidia-smi -q -x`. */
export function parseNvidia(xml: string): GpuReading {
  const names: string[] = [];
  const usage: number[] = [];
  const memory: { used: number; total: number }[] = [];
  for (const [, gpu = ""] of xml.matchAll(/<gpu\b[^>]*>([\s\S]*?)<\/gpu>/g)) {
    names.push(/<product_name>([^<]*)<\/product_name>/.exec(gpu)?.[1]?.trim() ?? "");
    usage.push(Number(/<gpu_util>\s*([\d.]+)\s*%/.exec(gpu)?.[1] ?? 0));
    const frames = /<fb_memory_usage>([\s\S]*?)<\/fb_memory_usage>/.exec(gpu)?.[1] ?? "";
    memory.push({ used: mebibytes(frames, "used"), total: mebibytes(frames, "total") });
  }
  return { names, usage, memory };
}

function mebibytes(xml: string, element: string): number {
  return Number(new RegExp(`<${element}>\\s*(\\d{1,15}) MiB`).exec(xml)?.[1] ?? 0);
}

/** `rocm-smi -u --showproductname --json`. @throws SyntaxError when it is no JSON */
export function parseAmd(json: string): GpuReading {
  const parsed: unknown = JSON.parse(json);
  const cards: unknown[] = typeof parsed === "object" && parsed !== null ? Object.values(parsed) : [];
  const names: string[] = [];
  const usage: number[] = [];
  for (const card of cards) {
    const fields = new Map<string, unknown>(typeof card === "object" && card !== null ? Object.entries(card) : []);
    const name = [...fields].find(([key]) => key.toLowerCase() === "card series")?.[1];
    const percent = Number(fields.get("GPU use (%)") ?? 0);
    if (typeof name === "string") names.push(name);
    usage.push(Number.isFinite(percent) ? percent : 0);
  }
  return { names, usage };
}

/** It prints a row a second. */
const INTEL_TOP_MS = 2_500;

/** In the order in which they are looked for (spec 21 section 4.8). */
export const GPU_VENDORS: readonly GpuVendor[] = [
  { tool: "nvidia-smi", folder: "/usr/bin", read: async (run, tool) => parseNvidia(await run(tool, ["-q", "-x"])) },
  {
    tool: "rocm-smi",
    folder: "/opt/rocm/bin",
    read: async (run, tool) => parseAmd(await run(tool, ["-u", "--showproductname", "--json"])),
  },
  {
    tool: "intel_gpu_top",
    folder: "/usr/bin",
    read: async (run, tool, intelNames) => ({
      names: intelNames(),
      usage: [parseIntelTop(await run(tool, ["-s", "1000", "-l"], INTEL_TOP_MS))],
    }),
  },
];

/** Reads the adapters through the first vendor's tool that is there; undefined where there is none. */
export function findGpuReader(
  exists: (path: string) => boolean,
  searchPath: string,
  run: RunTool,
  listIntel: () => readonly string[],
): (() => Promise<GpuReading>) | undefined {
  let known: readonly string[] | undefined;
  const intelNames = (): readonly string[] => (known ??= listIntel());
  for (const vendor of GPU_VENDORS) {
    const folders = [vendor.folder, ...searchPath.split(":").filter((folder) => folder.startsWith("/"))];
    const tool = folders.map((folder) => `${folder}/${vendor.tool}`).find(exists);
    if (tool !== undefined) return () => vendor.read(run, tool, intelNames);
  }
  return undefined;
}

export const NO_GPU: GpuReading = { names: [], usage: [] };

/** One entry a GPU in the order of the names (spec 20 section 2.2). */
export function gpuStates({ usage, memory }: GpuReading): State["gpus"] {
  return usage.map((utilization, index) => ({
    utilization,
    memoryUsed: memory?.[index]?.used ?? 0,
    memoryTotal: memory?.[index]?.total ?? 0,
  }));
}
