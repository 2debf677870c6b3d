import { ConfigError, KeyError } from "./config-error.ts";
import { createConfigStore, readSource } from "./config-store.ts";
import type { ConfigStore } from "./config-store.ts";
import { environmentValues, variableOf } from "./environment.ts";
import { planJwtKey } from "./jwt-key.ts";
import { lookUp } from "./raw.ts";
import type { ConfigSource, RawMap } from "./raw.ts";
import { timeZoneOf } from "./time-zone.ts";
import { readValues } from "./values.ts";
import type { ConfigValues } from "./values.ts";

const AGENT_SECRET_LENGTH = 32;
const LEAST_JWT_KEY_BYTES = 32;
const JWT_KEY = "jwt_secret_key";

export interface LoadConfigOptions {
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Unpredictable text over `0-9A-Za-z`. */
  readonly randomText: (length: number) => string;
  /** Release of the reference that we count as; decides about renewing the signing key (spec 41 section 6). */
  readonly version: string;
}

/**
 * Reads file and environment, makes missing secrets and renews the signing key if that is due (spec 41 sections 4 and 6); `settle`
 * writes them. Fails with `ConfigError` when a value cannot be used.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<ConfigStore> {
  const { path } = options;
  const file = await readSource(path);
  const environment = environmentValues(options.env);
  const read = (source: ConfigSource): ConfigValues => blaming(source, options.env, () => readValues([source.values, environment]));
  const values = read(file);
  const givenKey = environment.get(JWT_KEY);
  const jwt = planJwtKey(
    {
      fromEnvironment: typeof givenKey === "string" ? givenKey : "",
      // Without a variable the value can only come from the file.
      fromFile: givenKey === undefined ? values.jwtSecretKey : "",
      marker: values.jwtSecretKeyLastRotatedVersion,
      version: options.version,
    },
    options.randomText,
  );
  const hasAgentSecret = values.agentSecretKey !== "";
  const loaded: ConfigValues = {
    ...values,
    jwtSecretKey: jwt.key,
    jwtSecretKeyLastRotatedVersion: jwt.marker,
    agentSecretKey: hasAgentSecret ? values.agentSecretKey : options.randomText(AGENT_SECRET_LENGTH),
  };
  blaming(file, options.env, () => refuseUnusable(loaded));
  // A key from the environment never gets into the file, and one that is there already stays.
  const untouched = new Set(givenKey === undefined ? [] : [JWT_KEY]);
  /** A signing key from the environment goes before the file's, as at the start. */
  const reread = async (): Promise<ConfigValues> => {
    const next = read(await readSource(path));
    return givenKey === undefined ? next : { ...next, jwtSecretKey: jwt.key, jwtSecretKeyLastRotatedVersion: jwt.marker };
  };
  return createConfigStore({ path, loaded, environment, untouched, reread, made: hasAgentSecret ? jwt.changes : "everything" });
}

function refuseUnusable(values: ConfigValues): void {
  if (Buffer.byteLength(values.jwtSecretKey) < LEAST_JWT_KEY_BYTES) {
    throw new KeyError(JWT_KEY, `must have at least ${LEAST_JWT_KEY_BYTES} bytes (idcodec: master key too short)`);
  }
  if (timeZoneOf(values.location) === undefined) {
    throw new KeyError("location", `names the unknown time zone ${values.location}; write one like Europe/Berlin, UTC or Local`);
  }
}

/** Says where a value that cannot be used stands: in the file, or in a variable. */
function blaming<T>(file: ConfigSource, env: LoadConfigOptions["env"], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof KeyError)) throw error instanceof ConfigError ? new ConfigError(`${file.path}: ${error.message}`) : error;
    const variable = variableOf(env, error.key);
    // This variable alone goes before the file.
    const isFromFile = variable === undefined || (error.key !== JWT_KEY && standsIn(file.values, error.key.split(".")));
    throw new ConfigError(isFromFile ? `${file.path}: ${error.message}` : `${variable} ${error.rule}`);
  }
}

function standsIn(values: RawMap, [name = "", ...rest]: readonly string[]): boolean {
  const value = lookUp(values, name);
  if (rest.length === 0 || value === undefined) return value !== undefined;
  return value instanceof Map && standsIn(value, rest);
}
