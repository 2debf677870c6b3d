import { startPostgres } from "@windfire/testkit";

/** For a run of tests: one server of PostgreSQL, on which `openTemporaryDatabase` makes a database for each test. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await startPostgres();
  process.env["WINDFIRE_TEST_DATABASE"] = server.address;
  return server.remove;
}
