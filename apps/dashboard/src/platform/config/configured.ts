import { readConfigFile } from "./config-file.ts";
import { ConfigError, KeyError } from "./config-error.ts";
import { environmentValues } from "./environment.ts";
import { readHistoryPlace } from "./history-place.ts";
import type { HistoryPlace } from "./history-place.ts";
import { parseConfig } from "./raw.ts";
import type { RawMap } from "./raw.ts";
import { readDatabaseAddress } from "./values.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The address of the database that a configuration or the environment names, for commands that need nothing else of it; "" where the rows
 * are in the SQLite file.
 *
 * @throws {ConfigError}
 */
export function configuredDatabase(configPath: string, env: Environment): Promise<string> {
  return readPart(configPath, env, "NZ_DATABASE", readDatabaseAddress);
}

/** Where history is kept, likewise. @throws {ConfigError} */
export function configuredHistory(configPath: string, env: Environment): Promise<HistoryPlace> {
  return readPart(configPath, env, "NZ_HISTORY", readHistoryPlace);
}

async function readPart<T>(
  configPath: string,
  env: Environment,
  variable: string,
  read: (values: readonly [file: RawMap, environment: RawMap]) => T,
): Promise<T> {
  const source = parseConfig((await readConfigFile(configPath)) ?? "", configPath);
  try {
    return read([source.values, environmentValues(env)]);
  } catch (error) {
    throw error instanceof KeyError ? new ConfigError(`${configPath} or ${variable}: ${error.message}`) : error;
  }
}
