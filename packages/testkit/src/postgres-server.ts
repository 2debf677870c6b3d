import { execFile } from "node:child_process";
import { chown, readdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { serverFolder, startServerProgram } from "./server-program.ts";
import type { ServerProgram } from "./server-program.ts";
import { unusedPort } from "./unused-port.ts";

const run = promisify(execFile);

/** Where packages of distributions put the programs, each version in a folder of its own. */
const VERSIONS = "/usr/lib/postgresql";

/** A PostgreSQL server of a test's own, on a free port of the loopback interface. */
export interface PostgresServer {
  /** Of the database that every server has. */
  readonly address: string;
  /** Ends it, at once with `SIGKILL`, and takes it up again on what it had stored, or `pause` later: milliseconds. */
  restart(options?: { readonly signal?: NodeJS.Signals; readonly pause?: () => Promise<void> }): Promise<void>;
  /** Makes an empty database. @returns its address */
  createDatabase(name: string): Promise<string>;
  /** Runs SQL in the database at an address. @returns what it prints, without titles */
  query(address: string, sql: string): Promise<string>;
  /** Ends it, and removes what it had stored. */
  remove(): Promise<void>;
}

/** Starts a server. Whoever kills the machine loses what it stored; ending the server, however, loses nothing. @throws where no PostgreSQL is installed */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = await findPrograms();
  const folder = await serverFolder("postgres");
  const data = join(folder.path, "data");
  const port = await unusedPort();
  const as = await unprivileged();
  if (as !== undefined) await chown(folder.path, as.uid, as.gid);
  const options = { ...as, cwd: folder.path };
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"];
  await run(join(programs, "initdb"), initdb, options);
  const address = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const psql = (at: string, args: readonly string[]) => run(join(programs, "psql"), ["-X", "-q", "-A", "-t", ...args, at], options);
  const start = (): Promise<ServerProgram> =>
    startServerProgram({
      command: join(programs, "postgres"),
      args: ["-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"],
      ...(as && { as }),
      isReady: async () => (await psql(address, ["-c", "SELECT 1"])).stdout.trim() === "1",
    });
  let server = await start();
  return {
    address,
    async restart({ signal = "SIGINT", pause } = {}) {
      await server.stop(signal);
      await pause?.();
      server = await start();
    },
    createDatabase: (name) => createPostgresDatabase(address, name),
    query: async (at, sql) => (await psql(at, ["-c", sql])).stdout.trim(),
    async remove() {
      await server.stop("SIGINT");
      await folder.remove();
    },
  };
}

/** Makes an empty database on a server whose database `postgres` has this address. @returns its address */
export async function createPostgresDatabase(address: string, name: string): Promise<string> {
  const sql = `CREATE DATABASE "${name}" TEMPLATE template0`;
  await run(join(await findPrograms(), "psql"), ["-X", "-q", "-c", sql, address]);
  return address.replace(/postgres$/, name);
}

async function findPrograms(): Promise<string> {
  const versions = await readdir(VERSIONS).catch(() => []);
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) throw new Error(`no PostgreSQL is installed in ${VERSIONS}`);
  return join(VERSIONS, newest, "bin");
}

/** The server refuses to run as root: then it runs as the user of its package. */
async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const numbers = await Promise.all(["-u", "-g"].map(async (option) => Number((await run("id", [option, "postgres"])).stdout)));
  return { uid: numbers[0] ?? 0, gid: numbers[1] ?? 0 };
}
