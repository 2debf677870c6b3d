import type { ChangeableLimits } from "#platform/limits";
import { LOG_FORMATS, LOG_LEVELS } from "#platform/log";
import type { LogLevel } from "#platform/log";
import { KeyError } from "./config-error.ts";
import type { RawValue } from "./raw.ts";

/** One key of the file: how it is read and what stands for an absent or zero value. */
export interface Key<T> {
  readonly name: string;
  readonly zero: T;
  /** Taken in place of the zero value when the file is read. */
  readonly fallback: T;
  /** Written even when it is zero (spec 41 section 4.3). */
  readonly always: boolean;
  parse(value: Exclude<RawValue, null>, path: string): T;
}

interface KeyOptions<T> {
  fallback?: T;
  always?: boolean;
}

const TRUE = /^(?:y|yes|true|t|on|1)$/i;
const FALSE = /^(?:n|no|false|f|off|0|)$/i;

function key<T>(name: string, zero: T, parse: Key<T>["parse"], options: KeyOptions<T> = {}): Key<T> {
  return {
    name,
    zero,
    fallback: options.fallback ?? zero,
    always: options.always ?? false,
    parse,
  };
}

function text(name: string, options?: KeyOptions<string>): Key<string> {
  return key(name, "", parseText, options);
}

function flag(name: string): Key<boolean> {
  return key(name, false, parseFlag);
}

function whole(name: string, max: number, options?: KeyOptions<number>): Key<number> {
  return key(name, 0, (value, path) => parseNumber(value, path, { whole: true, min: 0, max }), options);
}

/** Below zero is the same as zero: not set. */
function decimal(name: string, options?: KeyOptions<number>): Key<number> {
  const range = { whole: false, min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
  return key(name, 0, (value, path) => Math.max(0, parseNumber(value, path, range)), options);
}

/** One of a few words; "" is not set. */
function choice<T extends string>(name: string, words: readonly T[], fallback: T): Key<T> {
  const parse = (value: Exclude<RawValue, null>, path: string): T => {
    const word = words.find((each) => each === value);
    if (word === undefined && value !== "") throw new KeyError(path, `must be ${words.join(", ")}`);
    return word ?? fallback;
  };
  return key(name, fallback, parse);
}

/** Nobody, who has a second factor, everybody. */
const STEP_UP_MODES = ["off", "factor", "all"] as const;
export type StepUpMode = (typeof STEP_UP_MODES)[number];

const U8 = 255;
const U16 = 65_535;
const COUNT = Number.MAX_SAFE_INTEGER;

/** The keys outside sections (spec 41 section 4.4). */
export const topKeys = {
  adminTemplate: text("admin_template", { fallback: "admin-dist" }),
  agentRealIpHeader: text("agent_real_ip_header"),
  agentSecretKey: text("agent_secret_key"),
  allowJwtIpChange: flag("allow_jwt_ip_change"),
  avgPingCount: whole("avg_ping_count", COUNT, { fallback: 2 }),
  cover: whole("cover", U8, { fallback: 1, always: true }),
  customCode: text("custom_code"),
  customCodeDashboard: text("custom_code_dashboard"),
  dashboardHost: text("dashboard_host"),
  debug: flag("debug"),
  dnsServers: text("dns_servers"),
  enableIpChangeNotification: flag("enable_ip_change_notification"),
  enableMcp: flag("enable_mcp"),
  enablePlainIpInNotification: flag("enable_plain_ip_in_notification"),
  /** Ours: secrets that several hosts share let no agent in. */
  enrolmentOnly: flag("enrolment_only"),
  forceAuth: flag("force_auth"),
  ignoredIpNotification: text("ignored_ip_notification"),
  installHost: text("install_host"),
  ipChangeNotificationGroupId: whole("ip_change_notification_group_id", COUNT, { always: true }),
  jwtSecretKey: text("jwt_secret_key"),
  jwtSecretKeyLastRotatedVersion: text("jwt_secret_key_last_rotated_version"),
  /** Hours. */
  jwtTimeout: whole("jwt_timeout", COUNT, { fallback: 1 }),
  language: text("language", { fallback: "en_US", always: true }),
  listenHost: text("listen_host"),
  listenPort: whole("listen_port", U16, { fallback: 8008 }),
  location: text("location", { fallback: "Asia/Shanghai" }),
  /** Ours: lines as JSON or as text for people. */
  logFormat: choice("log_format", LOG_FORMATS, "json"),
  /** Ours; "" leaves it to `debug`. */
  logLevel: choice<LogLevel | "">("log_level", LOG_LEVELS, ""),
  reservedHosts: text("reserved_hosts"),
  siteName: text("site_name", { always: true }),
  /** Ours: who proves again who they are before what reaches far. */
  stepUp: choice("step_up", STEP_UP_MODES, "factor"),
  tls: flag("tls"),
  userTemplate: text("user_template", { fallback: "user-dist" }),
  webRealIpHeader: text("web_real_ip_header"),
};

/** The sections, which are written even when they are empty (spec 41 section 4.3). */
export const sectionKeys = {
  https: {
    insecureTls: flag("insecure_tls"),
    listenPort: whole("listen_port", U16),
    tlsCertPath: text("tls_cert_path"),
    tlsKeyPath: text("tls_key_path"),
  },
  memory: { goMemLimitMb: whole("go_mem_limit_mb", COUNT) },
  tsdb: {
    dataPath: text("data_path"),
    maxMemoryMb: whole("max_memory_mb", COUNT, { fallback: 256 }),
    minFreeDiskSpaceGb: decimal("min_free_disk_space_gb", { fallback: 1 }),
    retentionDays: whole("retention_days", U16, { fallback: 30 }),
    /** Seconds. */
    writeBufferFlushInterval: whole("write_buffer_flush_interval", COUNT, { fallback: 5 }),
    /** Rows. */
    writeBufferSize: whole("write_buffer_size", COUNT, { fallback: 512 }),
  },
};

/** Keys of our own; they are read and never written. */
export const limitKeys: readonly { readonly field: keyof ChangeableLimits; readonly name: string }[] = [
  { field: "connectionsPerAddress", name: "connections_per_address" },
  { field: "connectionsTotal", name: "connections_total" },
  { field: "historyBufferMb", name: "history_buffer_mb" },
  { field: "rowsPerMember", name: "rows_per_member" },
  { field: "serversPerMember", name: "servers_per_member" },
  { field: "streamsPerUser", name: "streams_per_user" },
  { field: "streamsPerServer", name: "streams_per_server" },
  { field: "streamsTotal", name: "streams_total" },
];

export type ValuesOf<Keys> = { -readonly [Field in keyof Keys]: Keys[Field] extends Key<infer T> ? T : never };

/** Text of any scalar. */
export function parseText(value: Exclude<RawValue, null>, path: string): string {
  if (typeof value === "string") return value;
  throw new KeyError(path, "must be one text, not a list or section");
}

/** YAML 1.1 and 1.2 booleans, as values or as text, and numbers. */
export function parseFlag(value: Exclude<RawValue, null>, path: string): boolean {
  if (typeof value === "string") {
    if (TRUE.test(value)) return true;
    if (FALSE.test(value)) return false;
  }
  throw new KeyError(path, "must be true or false");
}

/** Texts of a list; one scalar is a list of one. */
export function parseTexts(value: Exclude<RawValue, null>, path: string): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (value instanceof Map) throw new KeyError(path, "must be a list");
  return [...value.values()].map((item, index) => parseText(item ?? "", `${path}[${index}]`));
}

/** A number that the reference's reader takes for octal: `0777`. */
const OCTAL = /^0(?=[0-7]+$)/;

/** A number in the range, in any notation the reference's reader knows; an empty text is 0. */
export function parseNumber(value: Exclude<RawValue, null>, path: string, range: { whole: boolean; min: number; max: number }): number {
  const number = typeof value === "string" ? Number(value.trim().replaceAll("_", "").replace(OCTAL, "0o")) : Number.NaN;
  const fits = range.whole ? Number.isInteger(number) : Number.isFinite(number);
  if (fits && number >= range.min && number <= range.max) return number;
  const kind = range.whole ? `a whole number from ${range.min} to ${range.max}` : "a number";
  throw new KeyError(path, `must be ${kind}`);
}
