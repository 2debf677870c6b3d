import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openTcpLink, startNatsServer, startPostgres, startVictoriaMetrics } from "@windfire/testkit";
import type { NatsServer, PostgresServer, TcpLink, VictoriaMetricsServer } from "@windfire/testkit";
import { FOLLOW_PARENT } from "../launch.mjs";
import { freePort } from "../free-port.ts";
import { programFile } from "../packed.mjs";
import { pack } from "../programs.ts";
import { openBalancer } from "./balancer.ts";
import type { Balancer } from "./balancer.ts";

const LAUNCHER = fileURLToPath(new URL("../node.mjs", import.meta.url));
const PASSWORD = "admin-password";
const SECRET = /agent_secret_key: (\S+)/;
const START_MS = 60_000;
const LOOK_MS = 50;

/** One dashboard, a process of its own. */
export interface Replica {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Lines of its log. */
  readonly log: readonly string[];
  signal(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, or the signal, when it is gone. */
  readonly gone: () => Promise<number | string>;
  /** Starts it again after its end, and waits until it is ready. */
  start(): Promise<void>;
  /** The `data` of an answer, asked as the administrator. @throws with its error */
  call<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  token(): Promise<string>;
}

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

async function openReplica(name: string, folder: string, config: string): Promise<Replica> {
  const port = await freePort();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.yaml"), config.replace(/listen_port: \d+/, `listen_port: ${port}`));
  const log: string[] = [];
  let child: ChildProcess;
  let ended: Promise<unknown[]>;
  const start = async (): Promise<void> => {
    const { file } = programFile("dashboard");
    child = spawn(process.execPath, [LAUNCHER, file, "-c", join(folder, "config.yaml"), "-db", join(folder, "sqlite.db")], {
      env: { ...process.env, NZ_ADMIN_PASSWORD: PASSWORD, NODE_ENV: "production", [FOLLOW_PARENT]: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    ended = once(child, "exit");
    for (const output of [child.stdout, child.stderr]) if (output) createInterface({ input: output }).on("line", (line) => log.push(line));
    await isReady(port, child, log);
  };
  await start();
  let token: Promise<string> | undefined;
  const signIn = (): Promise<string> =>
    (token ??= ask<{ token: string }>(port, "POST", "/login", { body: { username: "admin", password: PASSWORD } }).then(
      (answer) => answer.token,
    ));
  return {
    name,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    log,
    signal: (signal) => void child.kill(signal),
    async gone() {
      const [code, signal] = (await ended) as [number | null, string | null];
      return code ?? signal ?? "";
    },
    start,
    token: signIn,
    call: async (method, path, body) => ask(port, method, path, { token: await signIn(), body }),
  };
}

async function isReady(port: number, child: ChildProcess, log: readonly string[]): Promise<void> {
  const deadline = performance.now() + START_MS;
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`a dashboard does not start: ${log.slice(-20).join("\n")}`);
    await pause(LOOK_MS);
  }
}

async function ask<T>(port: number, method: string, path: string, { token, body }: { token?: string; body?: unknown }): Promise<T> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { data?: T; error?: string };
  if (answer.error !== undefined || answer.data === undefined) throw new Error(answer.error ?? "no data");
  return answer.data;
}
