import { CONFIG_KEYS, DEFAULT_CONFIG, succeed } from "./model.ts";
import type { AgentConfig, ConfigChange, Outcome } from "./model.ts";
import { readValues } from "./values.ts";

const MIN_IP_REPORT_PERIOD_SECONDS = 30;
const MAX_REPORT_DELAY_SECONDS = 4;
const UUID_LENGTH = 36;
const UUID_DASHES = [8, 13, 18, 23];
const ENVIRONMENT_PREFIX = "NZ_";

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment's share: `NZ_` and the key in upper case (spec 21 section 2). */
export function environmentValues(environment: Environment): Record<string, string> {
  const values: Record<string, string> = {};
  for (const key of CONFIG_KEYS) {
    const value = environment[ENVIRONMENT_PREFIX + key.toUpperCase()];
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** File below, environment above (spec 21 section 2: the environment wins). */
export function mergeSources(file: Readonly<Record<string, unknown>>, environment: Environment): Outcome<AgentConfig> {
  const fromFile = readValues(file);
  if (!fromFile.ok) return fromFile;
  const fromEnvironment = readValues(environmentValues(environment));
  if (!fromEnvironment.ok) return fromEnvironment;
  return succeed(withChange(DEFAULT_CONFIG, { ...fromFile.value, ...fromEnvironment.value }));
}

/** A configuration with some keys replaced and the numbers brought to their effective values. */
export function withChange(config: AgentConfig, change: ConfigChange): AgentConfig {
  const next = { ...config, ...change };
  return {
    ...next,
    report_delay: next.report_delay === 0 ? DEFAULT_CONFIG.report_delay : next.report_delay,
    ip_report_period:
      next.ip_report_period === 0 ? DEFAULT_CONFIG.ip_report_period : Math.max(next.ip_report_period, MIN_IP_REPORT_PERIOD_SECONDS),
  };
}

/** What is wrong with a configuration as a whole, or undefined (spec 21 section 2.1). */
export function configFault(config: AgentConfig): string | undefined {
  if (config.server === "") return "server address should not be empty";
  if (config.client_secret === "") return "client_secret must be specified";
  return uuidFault(config.uuid) ?? valueFault(config);
}

/** What is wrong with the values that a remote change may set, or undefined. */
export function valueFault(config: AgentConfig): string | undefined {
  if (config.report_delay < 1 || config.report_delay > MAX_REPORT_DELAY_SECONDS) return "report-delay ranges from 1-4";
  for (const url of config.custom_ip_api) {
    if (!isWebUrl(url)) return `custom_ip_api entry "${url}" must use http or https scheme`;
  }
  return undefined;
}

/** What is wrong with an agent's identity, or undefined (spec 20 section 3.1). */
export function uuidFault(uuid: string): string | undefined {
  if (uuid.length !== UUID_LENGTH) return "uuid string is wrong length";
  if (UUID_DASHES.some((position) => uuid[position] !== "-")) return "uuid is improperly formatted";
  return /^[0-9a-f]{32}$/i.test(uuid.replaceAll("-", "")) ? undefined : "uuid has characters that are no hex digits";
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol);
}
