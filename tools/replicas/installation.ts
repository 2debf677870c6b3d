import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openTcpLink, startNatsServer, startPostgres, startVictoriaMetrics } from "@windfire/testkit";
import type { NatsServer, PostgresServer, TcpLink, VictoriaMetricsServer } from "@windfire/testkit";
import { pack } from "../programs.ts";
import { openBalancer } from "./balancer.ts";
import type { Balancer } from "./balancer.ts";
import { openReplica } from "./replica.ts";
import type { Replica } from "./replica.ts";

const SECRET = /agent_secret_key: (\S+)/;
const LOOK_MS = 50;

/** Three dashboards behind a balancer, and the engines they share. */
export interface Installation {
  readonly postgres: PostgresServer;
  readonly database: string;
  readonly nats: NatsServer;
  readonly victoria: VictoriaMetricsServer;
  readonly balancer: Balancer;
  readonly replicas: readonly [Replica, Replica, Replica];
  /** The ways of the last dashboard to its engines. */
  readonly links: { readonly postgres: TcpLink; readonly nats: TcpLink; readonly victoria: TcpLink };
  readonly agentSecret: string;
  /** The dashboard that holds the lease, by its own log and the database. */
  judge(): Promise<{ readonly replica: Replica; readonly fence: number }>;
  /** Number of the lease's holder as the database has it. */
  fence(): Promise<number>;
  close(): Promise<void>;
}

/** @param allowed `address:port` that messages may go to */
export async function openInstallation(allowed: string): Promise<Installation> {
  await pack("dashboard");
  const folder = await mkdtemp(join(tmpdir(), "windfire-replicas-"));
  const [postgres, nats, victoria] = await Promise.all([startPostgres(), startNatsServer(), startVictoriaMetrics()]);
  const database = await postgres.createDatabase("windfire");
  const links = {
    postgres: await openTcpLink(portOf(database)),
    nats: await openTcpLink(nats.port),
    victoria: await openTcpLink(portOf(victoria.url)),
  };
  const direct = { database, bus: `nats://127.0.0.1:${nats.port}`, history: victoria.url };
  const cuttable = {
    database: database.replace(`:${portOf(database)}/`, `:${links.postgres.port}/`),
    bus: `nats://127.0.0.1:${links.nats.port}`,
    history: `http://127.0.0.1:${links.victoria.port}`,
  };
  const first = await openReplica("a", join(folder, "a"), configText(direct, allowed));
  const settled = await settledConfig(join(folder, "a", "config.yaml"));
  const likeFirst = (engines: Engines): string =>
    [direct.database, direct.bus, direct.history].reduce(
      (text, address, place) => text.replace(address, [engines.database, engines.bus, engines.history][place] ?? ""),
      settled,
    );
  const others: Replica[] = [];
  for (const [name, engines] of [
    ["b", direct],
    ["c", cuttable],
  ] as const) {
    await mkdir(join(folder, name));
    await cp(join(folder, "a", "windfire.key"), join(folder, name, "windfire.key"));
    others.push(await openReplica(name, join(folder, name), likeFirst(engines)));
  }
  const [second, third] = others;
  if (!second || !third) throw new Error("there are not three");
  const replicas = [first, second, third] as const;
  const balancer = await openBalancer(replicas.map(({ port }) => port));
  const fence = async (): Promise<number> => Number(await postgres.query(database, "SELECT fence FROM wf_leases WHERE name = 'judge'"));
  return {
    postgres,
    database,
    nats,
    victoria,
    balancer,
    replicas,
    links,
    agentSecret: SECRET.exec(settled)?.[1] ?? "",
    fence,
    async judge() {
      for (;;) {
        const number = await fence();
        const replica = replicas.find(({ log }) => log.some((line) => line.includes(`holds the lease judge, number ${number}"`)));
        if (replica) return { replica, fence: number };
        await pause(LOOK_MS);
      }
    },
    async close() {
      for (const replica of replicas) {
        replica.signal("SIGCONT");
        replica.signal("SIGKILL");
        await replica.gone();
      }
      await balancer.close();
      for (const link of Object.values(links)) await link.close();
      await Promise.all([nats.stop("SIGKILL"), postgres.remove(), victoria.remove()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The configuration with its secrets, which is written after the first answer. */
async function settledConfig(path: string): Promise<string> {
  for (;;) {
    const text = await readFile(path, "utf8");
    if (SECRET.test(text)) return text;
    await pause(LOOK_MS);
  }
}

interface Engines {
  readonly database: string;
  readonly bus: string;
  readonly history: string;
}

const portOf = (address: string): number => Number(new URL(address).port);

function configText({ database, bus, history }: Engines, allowed: string): string {
  const engines = `database: ${database}\nbus: ${bus}\nhistory: victoriametrics ${history}\n`;
  return `listen_host: 127.0.0.1\nlisten_port: 0\nlocation: UTC\n${engines}outbound_allow:\n  - ${allowed}\n`;
}
