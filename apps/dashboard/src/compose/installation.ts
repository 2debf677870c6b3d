import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { configuredDatabase, hasPassword } from "#platform/config";
import type { Flags } from "#platform/config";
import { databaseFile, isPostgresAddress, shownAddress } from "#platform/database";
import type { Installation } from "#features/backup";
import type { Database } from "#platform/database";

type Paths = Pick<Flags, "configPath" | "databasePath">;

/** Where they are when nothing is said. */
const USUAL: Paths = { configPath: "data/config.yaml", databasePath: "data/sqlite.db" };

/** What `-c` and `-db` of a command name. */
export function pathsOf(text: (option: "c" | "db") => string | undefined): Paths {
  return { configPath: text("c") ?? USUAL.configPath, databasePath: text("db") ?? USUAL.databasePath };
}

/** Where the files of an installation lie that is started with these flags, whatever keeps its rows: key and history are beside the database file. */
export function filesOf({ configPath, databasePath }: Paths): Pick<Installation, "configPath" | "databasePath"> {
  const file = isPostgresAddress(databasePath) ? join(dirname(configPath), "sqlite.db") : databaseFile(databasePath);
  return { configPath: resolve(configPath), databasePath: resolve(file) };
}

/** An installation, with `configured` as its configuration names the database ("": not at all). */
export function installationOf(paths: Paths, configured: string): Installation {
  const address = configured === "" && isPostgresAddress(paths.databasePath) ? paths.databasePath : configured;
  return { ...filesOf(paths), ...(address === "" ? {} : { databaseAddress: address }) };
}

/** The same for commands that read nothing else of the configuration. @throws {ConfigError} */
export async function findInstallation(paths: Paths, env: Readonly<Record<string, string | undefined>>): Promise<Installation> {
  if (hasPassword(paths.databasePath))
    throw new Error("a password in -db can be read by everybody on the host: use database: or NZ_DATABASE");
  return installationOf(paths, await configuredDatabase(paths.configPath, env));
}

/** What is to be said when two places are named for the rows. */
export function overruled({ databasePath }: Paths, configured: string): readonly string[] {
  if (configured === "" || databasePath === USUAL.databasePath) return [];
  const rest = isPostgresAddress(databasePath) ? "" : ": only key and history are kept beside it";
  return [`database: or NZ_DATABASE names ${shownAddress(configured)}, so -db is not used for the rows${rest}`];
}

/**
 * A first start makes an administrator, and then the rows of a file that was only not moved yet could not be moved any more.
 *
 * @throws when the database is empty, and the file beside it is there
 */
export async function refuseForgottenRows(
  { kysely }: Pick<Database, "kysely">,
  { databaseAddress, databasePath }: { readonly databaseAddress: string; readonly databasePath: string },
): Promise<void> {
  const isThere = await stat(databasePath).then(
    ({ size }) => size > 0,
    () => false,
  );
  if (!isThere || (await kysely.selectFrom("users").select("id").limit(1).executeTakeFirst()) !== undefined) return;
  const where = shownAddress(databaseAddress);
  throw new Error(`${where} is empty, and ${databasePath} is there: windfire migrate moves its rows; to begin anew, take the file away`);
}
