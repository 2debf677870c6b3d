import { readConfigFile } from "./config-file.ts";
import { ConfigError, KeyError } from "./config-error.ts";
import { environmentValues } from "./environment.ts";
import { parseConfig } from "./raw.ts";
import { readDatabaseAddress } from "./values.ts";

/**
 * The address of the database that a configuration or the environment names, for commands that need nothing else of it; "" where the rows
 * are in the SQLite file.
 *
 * @throws {ConfigError}
 */
export async function configuredDatabase(configPath: string, env: Readonly<Record<string, string | undefined>>): Promise<string> {
  const source = parseConfig((await readConfigFile(configPath)) ?? "", configPath);
  try {
    return readDatabaseAddress([source.values, environmentValues(env)]);
  } catch (error) {
    throw error instanceof KeyError ? new ConfigError(`${configPath} or NZ_DATABASE: ${error.message}`) : error;
  }
}
