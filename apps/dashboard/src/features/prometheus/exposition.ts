import type { Uint64 } from "@windfire/protocol";

/** One value of a family, told apart from its siblings by labels. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: Uint64;
}

/** A metric with all its values. Names follow https://prometheus.io/docs/practices/naming/: base units, `_total` for counters. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly samples: readonly Sample[];
}

/** A family in the text format 0.0.4; "" for one without values. */
export function renderFamily({ name, help, type, samples }: Family): string {
  if (samples.length === 0) return "";
  const lines = samples.map(({ labels = {}, value }) => `${name}${renderLabels(labels)} ${value}`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`;
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
