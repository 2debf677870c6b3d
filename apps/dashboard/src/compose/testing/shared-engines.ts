import { startNatsServer, startPostgres, startVictoriaMetrics } from "@windfire/testkit";
import { BUS, HISTORY } from "./place.ts";

/**
 * For a run of tests: one server of PostgreSQL, on which `openTemporaryDatabase` makes a database for each test, one of NATS and one of
 * VictoriaMetrics, so that each whole dashboard is one replica.
 */
export async function setup(): Promise<() => Promise<void>> {
  const [postgres, nats, victoria] = await Promise.all([startPostgres(), startNatsServer(), startVictoriaMetrics()]);
  process.env["WINDFIRE_TEST_DATABASE"] = postgres.address;
  process.env[BUS] = `nats://127.0.0.1:${nats.port}`;
  process.env[HISTORY] = `victoriametrics ${victoria.url}`;
  return async () => void (await Promise.all([postgres.remove(), nats.stop("SIGKILL"), victoria.remove()]));
}
