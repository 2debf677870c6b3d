export { parseFlags } from "./flags.ts";
export type { Flags, FlagsResult } from "./flags.ts";
export type { StepUpMode } from "./keys.ts";
export { loadConfig } from "./load-config.ts";
export type { Config, ConfigStore, EditableSettings, LoadConfigOptions } from "./load-config.ts";
export type { Reloaded } from "./reload.ts";
export { isReservedHost } from "./reserved-hosts.ts";
export type { Oauth2Provider } from "./oauth2.ts";
export { timeZoneOf } from "./time-zone.ts";
