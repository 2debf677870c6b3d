/** Settings of an agent that can be changed from here (spec 50 section 4.8); the way to the dashboard is left alone. */
export const CONFIG_FIELDS = [
  { key: "report_delay", kind: "number", min: 1, max: 4, fallback: 3 },
  { key: "ip_report_period", kind: "number", min: 30, max: 604_800, fallback: 1800 },
  { key: "self_update_period", kind: "number", min: 0, max: 525_600, fallback: 0 },
  { key: "hard_drive_partition_allowlist", kind: "lines" },
  { key: "nic_allowlist", kind: "flags" },
  { key: "dns", kind: "lines" },
  { key: "custom_ip_api", kind: "lines" },
  { key: "gpu", kind: "switch" },
  { key: "temperature", kind: "switch" },
  { key: "skip_connection_count", kind: "switch" },
  { key: "skip_procs_count", kind: "switch" },
  { key: "disable_auto_update", kind: "switch" },
  { key: "disable_force_update", kind: "switch" },
  { key: "disable_command_execute", kind: "switch" },
  { key: "disable_nat", kind: "switch" },
  { key: "disable_send_query", kind: "switch" },
  { key: "use_ipv6_country_code", kind: "switch" },
  { key: "debug", kind: "switch" },
] as const;

export type ConfigField = (typeof CONFIG_FIELDS)[number];
export type ConfigKey = ConfigField["key"];
/** What is written in the form: switches as truth, everything else as text. */
export type ConfigValues = Readonly<Record<ConfigKey, string | boolean>>;

export const fieldOf = (key: ConfigKey): ConfigField => CONFIG_FIELDS.find((field) => field.key === key) ?? CONFIG_FIELDS[0];

/** The agent's answer; `undefined` when it is no JSON object. */
export function parseConfig(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function readConfig(config: Readonly<Record<string, unknown>>): ConfigValues {
  return Object.fromEntries(CONFIG_FIELDS.map((field) => [field.key, readValue(field, config[field.key])])) as ConfigValues;
}

function readValue(field: ConfigField, value: unknown): string | boolean {
  switch (field.kind) {
    case "switch":
      return value === true;
    case "number":
      return String(typeof value === "number" ? value : field.fallback);
    case "lines":
      return Array.isArray(value) ? value.map(String).join("\n") : "";
    case "flags":
      return typeof value === "object" && value !== null
        ? Object.entries(value)
            .map(([name, on]) => (on === true ? name : `!${name}`))
            .join("\n")
        : "";
  }
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What the agent takes for a field; its settings merge, so that only changed ones have to be sent. */
export function writeValue(key: ConfigKey, value: string | boolean): unknown {
  const text = String(value);
  switch (fieldOf(key).kind) {
    case "switch":
      return value === true;
    case "number":
      return Number(text);
    case "lines":
      return lines(text);
    case "flags":
      return Object.fromEntries(lines(text).map((line) => (line.startsWith("!") ? [line.slice(1), false] : [line, true])));
  }
}

export function writeConfig(values: Partial<ConfigValues>): string {
  const written = Object.entries(values).map(([key, value]) => [key, writeValue(key as ConfigKey, value)]);
  return JSON.stringify(Object.fromEntries(written));
}

/** Whether a value is none that the agent would take. */
export function isWrong(key: ConfigKey, value: string | boolean): boolean {
  const field = fieldOf(key);
  if (field.kind !== "number") return false;
  const number = Number(value);
  return !/^\d+$/.test(String(value).trim()) || number < field.min || number > field.max;
}
