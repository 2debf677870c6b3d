/** Logical processors of one model. */
export interface ProcessorModel {
  readonly model: string;
  readonly count: number;
}

/** Names of ARM designs by implementer and part number, for kernels that give no model name. */
const ARM_PARTS: Readonly<Record<string, string>> = {
  "0x41:0xb76": "ARM1176",
  "0x41:0xc07": "Cortex-A7",
  "0x41:0xc08": "Cortex-A8",
  "0x41:0xc09": "Cortex-A9",
  "0x41:0xc0d": "Cortex-A17",
  "0x41:0xc0f": "Cortex-A15",
  "0x41:0xd03": "Cortex-A53",
  "0x41:0xd04": "Cortex-A35",
  "0x41:0xd05": "Cortex-A55",
  "0x41:0xd07": "Cortex-A57",
  "0x41:0xd08": "Cortex-A72",
  "0x41:0xd09": "Cortex-A73",
  "0x41:0xd0a": "Cortex-A75",
  "0x41:0xd0b": "Cortex-A76",
  "0x41:0xd0c": "Neoverse-N1",
  "0x41:0xd0d": "Cortex-A77",
  "0x41:0xd40": "Neoverse-V1",
  "0x41:0xd41": "Cortex-A78",
  "0x41:0xd44": "Cortex-X1",
  "0x41:0xd46": "Cortex-A510",
  "0x41:0xd47": "Cortex-A710",
  "0x41:0xd48": "Cortex-X2",
  "0x41:0xd49": "Neoverse-N2",
  "0x41:0xd4d": "Cortex-A715",
  "0x41:0xd4e": "Cortex-X3",
  "0x41:0xd4f": "Neoverse-V2",
  "0x41:0xd80": "Cortex-A520",
  "0x41:0xd81": "Cortex-A720",
  "0x43:0x0a1": "ThunderX-88XX",
  "0x43:0x0af": "ThunderX2-99xx",
  "0x48:0xd01": "TSV110",
  "0x51:0x800": "Falkor-V1/Kryo",
  "0x51:0xc00": "Falkor",
  "0xc0:0xac3": "Ampere-1",
  "0xc0:0xac4": "Ampere-1a",
  "0x61:0x022": "M1-Icestorm",
  "0x61:0x023": "M1-Firestorm",
  "0x70:0x662": "FTC662",
  "0x70:0x663": "FTC663",
};

const MODEL_KEYS = new Set(["model name", "Model Name", "cpu model", "cpu"]);

/** `/proc/cpuinfo`: one entry for each model, as many as there are `processor` lines of it. */
export function parseProcessors(cpuinfo: string): ProcessorModel[] {
  const counts = new Map<string, number>();
  for (const block of cpuinfo.split(/\n\s*\n/)) {
    const fields = readBlock(block);
    if (!fields.isProcessor) continue;
    const model = modelOf(fields);
    counts.set(model, (counts.get(model) ?? 0) + 1);
  }
  return [...counts].map(([model, count]) => ({ model, count }));
}

interface ProcessorFields {
  model: string;
  implementer: string;
  part: string;
}

function readBlock(block: string): ProcessorFields & { isProcessor: boolean } {
  const fields = { model: "", implementer: "", part: "", isProcessor: false };
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (key === "processor") fields.isProcessor = true;
    else if (MODEL_KEYS.has(key)) fields.model = value;
    else if (key === "CPU implementer") fields.implementer = value.toLowerCase();
    else if (key === "CPU part") fields.part = value.toLowerCase();
  }
  return fields;
}

function modelOf({ model, implementer, part }: ProcessorFields): string {
  return model === "" ? (ARM_PARTS[`${implementer}:${part}`] ?? "") : model;
}
