import { startPostgres } from "@windfire/testkit";

/** Variable with the address of a server on which every dashboard that is started gets a database of its own. */
export const SERVER = "WINDFIRE_PEERS_POSTGRES";

/** Runs suites with the rows of all dashboards on a server that ends with them. */
export async function withPostgres<T>(run: () => Promise<T>): Promise<T> {
  const server = await startPostgres();
  process.env[SERVER] = server.address;
  try {
    return await run();
  } finally {
    delete process.env[SERVER];
    await server.remove();
  }
}
