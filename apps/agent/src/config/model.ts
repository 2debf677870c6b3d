/**
 * The agent's settings, member names as in the configuration file, the `NZ_` environment and the wire (spec 21 section 2).
 * Seconds and minutes are whole numbers of 32 bits.
 */
export interface AgentConfig {
  readonly debug: boolean;
  /** Dashboard address `host:port`. */
  readonly server: string;
  readonly client_secret: string;
  readonly uuid: string;
  /** Mount points to count; empty: all physical ones. */
  readonly hard_drive_partition_allowlist: readonly string[];
  /** Interfaces to count (true); empty: all that are not virtual. */
  readonly nic_allowlist: Readonly<Record<string, boolean>>;
  /** Name servers `ip:port`; empty: those of the system. */
  readonly dns: readonly string[];
  readonly gpu: boolean;
  readonly temperature: boolean;
  readonly skip_connection_count: boolean;
  readonly skip_procs_count: boolean;
  readonly disable_auto_update: boolean;
  readonly disable_force_update: boolean;
  readonly disable_command_execute: boolean;
  /** Seconds between two samples, 1 to 4. */
  readonly report_delay: number;
  readonly tls: boolean;
  readonly insecure_tls: boolean;
  readonly use_ipv6_country_code: boolean;
  readonly use_gitee_to_upgrade: boolean;
  readonly use_atomgit_to_upgrade: boolean;
  readonly disable_nat: boolean;
  readonly disable_send_query: boolean;
  /** Seconds between two address look-ups, at least 30. */
  readonly ip_report_period: number;
  /** Minutes between update checks; 0: a random time of one to two days. */
  readonly self_update_period: number;
  /** Address look-up services that replace the built-in ones. */
  readonly custom_ip_api: readonly string[];
}

export type ConfigKey = keyof AgentConfig;

type Keys<T> = { readonly [K in ConfigKey]: T };

export type ConfigKind = "text" | "flag" | "number" | "list" | "flags";

/** Kind of every key, in the order in which the configuration is reported to the dashboard (spec 21 section 13.1). */
export const CONFIG_KINDS: Keys<ConfigKind> = {
  debug: "flag",
  server: "text",
  client_secret: "text",
  uuid: "text",
  hard_drive_partition_allowlist: "list",
  nic_allowlist: "flags",
  dns: "list",
  gpu: "flag",
  temperature: "flag",
  skip_connection_count: "flag",
  skip_procs_count: "flag",
  disable_auto_update: "flag",
  disable_force_update: "flag",
  disable_command_execute: "flag",
  report_delay: "number",
  tls: "flag",
  insecure_tls: "flag",
  use_ipv6_country_code: "flag",
  use_gitee_to_upgrade: "flag",
  use_atomgit_to_upgrade: "flag",
  disable_nat: "flag",
  disable_send_query: "flag",
  ip_report_period: "number",
  self_update_period: "number",
  custom_ip_api: "list",
};

export const CONFIG_KEYS = Object.keys(CONFIG_KINDS).filter(isConfigKey);

/** What holds where nothing is said; `report_delay` and `ip_report_period` of 0 mean their defaults. */
export const DEFAULT_CONFIG: AgentConfig = {
  debug: false,
  server: "",
  client_secret: "",
  uuid: "",
  hard_drive_partition_allowlist: [],
  nic_allowlist: {},
  dns: [],
  gpu: false,
  temperature: false,
  skip_connection_count: false,
  skip_procs_count: false,
  disable_auto_update: false,
  disable_force_update: false,
  disable_command_execute: false,
  report_delay: 3,
  tls: false,
  insecure_tls: false,
  use_ipv6_country_code: false,
  use_gitee_to_upgrade: false,
  use_atomgit_to_upgrade: false,
  disable_nat: false,
  disable_send_query: false,
  ip_report_period: 1800,
  self_update_period: 0,
  custom_ip_api: [],
};

export function isConfigKey(key: string): key is ConfigKey {
  return Object.hasOwn(CONFIG_KINDS, key);
}

/** A value, or why there is none: a text that names the key and never holds a secret. */
export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

export function succeed<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function fail(error: string): Outcome<never> {
  return { ok: false, error };
}

/** Values for some keys, each already of its key's kind. */
export type ConfigChange = Partial<AgentConfig>;

/** True for the empty lists and maps that files and reports leave out. */
export function isEmptyValue(value: AgentConfig[ConfigKey]): boolean {
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The configuration as the dashboard reads it: empty lists and maps left out (spec 21 section 13.1). */
export function configJson(config: AgentConfig): string {
  const shown: Record<string, unknown> = {};
  for (const key of CONFIG_KEYS) {
    if (!isEmptyValue(config[key])) shown[key] = config[key];
  }
  return JSON.stringify(shown);
}
