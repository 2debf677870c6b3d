import type { ChangeableLimits } from "#platform/limits";
import { parseBusAddress } from "#platform/bus";
import type { BusAddress } from "#platform/bus";
import { parseAllowedTarget } from "#platform/outbound";
import type { AllowedTarget } from "#platform/outbound";
import { KeyError } from "./config-error.ts";
import { readHistoryPlace } from "./history-place.ts";
import type { HistoryPlace } from "./history-place.ts";
import { limitKeys, parseNumber, parseText, parseTexts, sectionKeys, topKeys } from "./keys.ts";
import type { Key, ValuesOf } from "./keys.ts";
import { readProviders, section } from "./oauth2.ts";
import type { Oauth2Provider } from "./oauth2.ts";
import { lookUp } from "./raw.ts";
import type { RawMap } from "./raw.ts";

/** Everything the file and the environment say, with the defaults the reference puts in memory. */
export interface ConfigValues extends ValuesOf<typeof topKeys> {
  https: ValuesOf<typeof sectionKeys.https>;
  memory: ValuesOf<typeof sectionKeys.memory>;
  tsdb: ValuesOf<typeof sectionKeys.tsdb>;
  /** By name as written. */
  oauth2: Readonly<Record<string, Oauth2Provider>>;
  /** Address of the database of PostgreSQL that keeps the rows; "": they are in the SQLite file. Holds a password. */
  databaseAddress: string;
  /** Where history is kept (spec 41 section 11). */
  history: HistoryPlace;
  /** What `limits:` changes. */
  limits: Partial<ChangeableLimits>;
  /** Where channels and providers of administrators may connect to besides public addresses. */
  outboundAllow: readonly AllowedTarget[];
  /** Where the other dashboards of the installation are met; undefined: there are none. */
  bus: BusAddress | undefined;
}

/** The raw values, first layer first: the file, then the environment. */
export type Layers = readonly [file: RawMap, environment: RawMap];

/** Reads all keys. Fails with `ConfigError` naming the key when a value is of a structurally wrong kind. */
export function readValues(layers: Layers): ConfigValues {
  const values: ConfigValues = {
    ...readKeys(topKeys, layers, ""),
    https: readSection("https", layers),
    memory: readSection("memory", layers),
    tsdb: readSection("tsdb", layers),
    oauth2: readProviders(section(lookUp(layers[1], "oauth2"), "oauth2"), section(lookUp(layers[0], "oauth2"), "oauth2")),
    databaseAddress: readDatabaseAddress(layers),
    history: readHistoryPlace(layers),
    limits: readLimits(layers),
    outboundAllow: readOutboundAllow(layers[0]),
    bus: readBus(layers),
  };
  return withObsoleteHeader(values, layers[0]);
}

function readSection<Name extends keyof typeof sectionKeys>(name: Name, layers: Layers): ValuesOf<(typeof sectionKeys)[Name]> {
  const [file, environment] = layers;
  const inner: Layers = [section(lookUp(file, name), name), section(lookUp(environment, name), name)];
  return readKeys(sectionKeys[name], inner, `${name}.`);
}

function readKeys<Keys extends Readonly<Record<string, Key<unknown>>>>(keys: Keys, layers: Layers, prefix: string): ValuesOf<Keys> {
  const entries = Object.entries(keys).map(([field, key]) => [field, readKey(key, layers, prefix)]);
  // The entries were made from `keys`, field by field.
  return Object.fromEntries(entries) as ValuesOf<Keys>;
}

function readKey<T>(key: Key<T>, layers: Layers, prefix: string): T {
  const raw = lookUp(layers[0], key.name) ?? lookUp(layers[1], key.name);
  const value = raw === undefined ? key.zero : key.parse(raw, prefix + key.name);
  return value === key.zero ? key.fallback : value;
}

/** Where the rows are kept. Never written: with a password in a variable, none is in the file. */
export function readDatabaseAddress([file, environment]: Layers): string {
  const raw = lookUp(file, "database") ?? lookUp(environment, "database");
  if (raw === undefined || raw === null || raw === "") return "";
  const address = parseText(raw, "database");
  // Nothing of the value is shown: what looks like another address may hold a password all the same.
  if (!/^postgres(?:ql)?:\/\//i.test(address) || !URL.canParse(address)) {
    throw new KeyError("database", "must be an address like postgres://user:password@host:5432/name; an SQLite file is named by -db");
  }
  return address;
}

function readBus([file, environment]: Layers): BusAddress | undefined {
  const raw = lookUp(file, "bus") ?? lookUp(environment, "bus") ?? "";
  if (raw === "") return undefined;
  const address = parseBusAddress(parseText(raw, "bus"));
  if (typeof address === "string") throw new KeyError("bus", address);
  return address;
}

/** In the file alone: who can set variables of the process is not always who may open its network. */
function readOutboundAllow(file: RawMap): AllowedTarget[] {
  return parseTexts(lookUp(file, OUTBOUND_ALLOW) ?? "", OUTBOUND_ALLOW).map((text, index) => {
    try {
      return parseAllowedTarget(text);
    } catch (error) {
      throw new KeyError(`${OUTBOUND_ALLOW}[${index}]`, error instanceof Error ? error.message : "is not understood");
    }
  });
}

function readLimits([file, environment]: Layers): Partial<ChangeableLimits> {
  const inFile = section(lookUp(file, "limits"), "limits");
  const inEnvironment = section(lookUp(environment, "limits"), "limits");
  for (const key of inFile.keys()) {
    if (!limitKeys.some(({ name }) => name === key)) throw new KeyError(`limits.${key}`, "is not a limit that can be changed");
  }
  const changed: { -readonly [Field in keyof ChangeableLimits]?: number } = {};
  for (const { field, name } of limitKeys) {
    const raw = lookUp(inFile, name) ?? lookUp(inEnvironment, name);
    if (raw !== undefined) changed[field] = parseNumber(raw, `limits.${name}`, { whole: true, min: 1, max: 1_000_000 });
  }
  return changed;
}

/** Before 1.12 one header served browsers and agents; it stands in for both while neither is set (spec 41 section 4.4). */
function withObsoleteHeader(values: ConfigValues, file: RawMap): ConfigValues {
  const header = lookUp(file, OBSOLETE_REAL_IP_KEY);
  if (typeof header !== "string" || values.webRealIpHeader !== "" || values.agentRealIpHeader !== "") return values;
  return { ...values, webRealIpHeader: header, agentRealIpHeader: header };
}

const OUTBOUND_ALLOW = "outbound_allow";

/** Superseded by `web_real_ip_header` and `agent_real_ip_header`. */
export const OBSOLETE_REAL_IP_KEY = "real_ip_header";
