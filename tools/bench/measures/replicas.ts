import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "ws";
import { gatherAgents } from "../../replicas/agents.ts";
import { openInstallation } from "../../replicas/installation.ts";
import type { Installation } from "../../replicas/installation.ts";
import type { Figure } from "../figures.ts";
import { readProcessCost } from "../process-cost.ts";

/** Points go to the history once in half a minute. */
const HALF_MINUTE_SECONDS = 30;
const NOBODY = "127.0.0.1:9";

/** What each agent costs what three dashboards share: rows, bus, history, and the stream of somebody who looks on. */
export async function measureReplicas(agents: number, seconds: number): Promise<Figure[]> {
  const installation = await openInstallation(NOBODY);
  const { balancer, agentSecret, replicas } = installation;
  try {
    const crowd = await gatherAgents({ target: `127.0.0.1:${balancer.port}`, secret: agentSecret, size: agents });
    const viewer = await lookOn(installation);
    const window = Math.ceil(Math.max(seconds, 2 * HALF_MINUTE_SECONDS) / HALF_MINUTE_SECONDS) * HALF_MINUTE_SECONDS;
    // What is done once for an agent that comes is over.
    await pause(HALF_MINUTE_SECONDS * 1_000);
    const before = await readAll(installation, viewer);
    const began = performance.now();
    await pause(window * 1_000);
    const after = await readAll(installation, viewer);
    const elapsed = (performance.now() - began) / 1_000;
    viewer.close();
    await crowd.close();
    const measure = `${replicas.length} dashboards, ${agents} agents`;
    return UNITS.map(([name, unit]) => ({ measure, name, unit, value: (after[name] - before[name]) / elapsed }));
  } finally {
    await installation.close();
  }
}

const UNITS = [
  ["transactions of PostgreSQL", "/s"],
  ["rows written in PostgreSQL", "/s"],
  ["log of PostgreSQL", "B/s"],
  ["bus at one dashboard, both ways", "B/s"],
  ["points in VictoriaMetrics", "/s"],
  ["stream of one who looks on", "B/s"],
  ["CPU of all dashboards", "cores"],
] as const;

type Reading = Record<(typeof UNITS)[number][0], number>;

async function readAll({ postgres, database, links, victoria, replicas }: Installation, viewer: Viewer): Promise<Reading> {
  const rows = await postgres.query(
    database,
    `SELECT xact_commit, tup_inserted + tup_updated + tup_deleted, pg_current_wal_lsn() - '0/0'
     FROM pg_stat_database WHERE datname = current_database()`,
  );
  const [transactions = 0, written = 0, log = 0] = rows.split("|").map(Number);
  const metrics = await (await fetch(`${victoria.url}/metrics`)).text();
  const inserted = [...metrics.matchAll(/^vm_rows_inserted_total\{[^}]*\} (\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
  const costs = await Promise.all(replicas.map(({ pid }) => readProcessCost(pid)));
  return {
    "transactions of PostgreSQL": transactions,
    "rows written in PostgreSQL": written,
    "log of PostgreSQL": log,
    "bus at one dashboard, both ways": links.nats.bytes(),
    "points in VictoriaMetrics": inserted,
    "stream of one who looks on": viewer.bytes(),
    "CPU of all dashboards": costs.reduce((sum, cost) => sum + (cost?.cpuSeconds ?? Number.NaN), 0),
  };
}

interface Viewer {
  bytes(): number;
  close(): void;
}

async function lookOn({ replicas: [first] }: Installation): Promise<Viewer> {
  let bytes = 0;
  const headers = { authorization: `Bearer ${await first.token()}` };
  const socket = new WebSocket(`ws://127.0.0.1:${first.port}/api/v1/ws/server?delta=`, { headers, perMessageDeflate: false });
  socket.on("message", (data: Buffer) => (bytes += data.length));
  return { bytes: () => bytes, close: () => socket.close() };
}
