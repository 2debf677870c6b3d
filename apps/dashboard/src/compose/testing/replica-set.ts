import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "@windfire/kit";
import { createFakeAgent, startServerProgram, unusedPort } from "@windfire/testkit";
import type { FakeAgent, ServerProgram } from "@windfire/testkit";
import { openDatabase } from "#platform/database";
import { composeDashboard } from "../../compose.ts";
import type { Dashboard } from "../../compose.ts";

const PASSWORD = "admin-password";
const STOP_MS = 5_000;

/** One dashboard of several, with what a test does to it. */
export interface TestReplica {
  readonly base: string;
  readonly configPath: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The `data` of an answer. @throws with its error */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** An agent of a server that connects here; not connected yet. */
  agent(serverId: number): FakeAgent;
  /** In order, or at once where it has a process of its own. */
  stop(): Promise<void>;
  /** Starts it again after `stop`, where it has no process of its own. */
  startAgain(): Promise<void>;
  /** Stops its process for a while; nothing where it has none of its own. */
  pause(): void;
  goOn(): void;
}

export interface TestReplicas {
  readonly replicas: readonly TestReplica[];
  /** Starts one more, in a folder of its own that is changed before. */
  startOther(change: (folder: string) => Promise<unknown>): Promise<Pick<Dashboard, "stop">>;
  /** Ends them all and removes their folders. */
  close(): Promise<void>;
}

/** The UUID of a server of {@link openReplicas}. */
export const uuidOf = (serverId: number): string => `00000000-0000-4000-8000-${String(serverId).padStart(12, "0")}`;

/** Whole dashboards on one bus and one database, with servers 1 to `servers`. */
export async function openReplicas(wanted: Wanted): Promise<TestReplicas> {
  const directory = await mkdtemp(join(tmpdir(), "windfire-replicas-"));
  const prepared = join(directory, "prepared");
  await prepare(prepared, wanted);
  const replicas: TestReplica[] = [];
  for (let number = 0; number < wanted.count; number++) {
    const folder = join(directory, String(number));
    await cp(prepared, folder, { recursive: true });
    replicas.push(await openReplica(folder, wanted));
  }
  return {
    replicas,
    async startOther(change) {
      const folder = await mkdtemp(join(directory, "other-"));
      await cp(prepared, folder, { recursive: true });
      await settle(folder);
      await change(folder);
      return startIn(folder);
    },
    async close() {
      await Promise.all(replicas.map((replica) => replica.stop()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Wanted {
  /** What the configuration says of the bus, and an empty database of PostgreSQL. */
  readonly bus: string;
  readonly database: string;
  readonly count: number;
  readonly servers: number;
  /** More lines of the configuration. */
  readonly config?: string;
  /** Each in a process of its own. */
  readonly beside?: boolean;
  /** Of every request. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Lays out a folder whose dashboard was started once: it has its keys and its administrator. */
async function prepare(folder: string, { bus, database: path, servers, config = "" }: Wanted): Promise<void> {
  await mkdir(folder);
  await writeFile(
    join(folder, "config.yaml"),
    `listen_host: 127.0.0.1\nlisten_port: 1\nhistory: off\nbus: ${bus}\ndatabase: ${path}\n${config}`,
  );
  const log = { info: () => undefined, warn: () => undefined };
  const database = await openDatabase({ path, clock: systemClock, log, serviceHistories: true });
  const rows = Array.from({ length: servers }, (_, place) => ({ id: place + 1, user_id: 1, name: "", uuid: uuidOf(place + 1) }));
  for (const row of rows) await database.kysely.insertInto("servers").values(row).execute();
  await database.close();
  await settle(folder);
  const dashboard = await startIn(folder);
  await dashboard.stop(STOP_MS);
}

/** Starts the dashboard of a folder in this process, on whatever port its configuration says. */
export async function startIn(folder: string): Promise<Pick<Dashboard, "stop">> {
  const dashboard = await composeDashboard({
    flags: { configPath: join(folder, "config.yaml"), databasePath: join(folder, "sqlite.db"), version: false },
    env: { NZ_ADMIN_PASSWORD: PASSWORD },
    clock: systemClock,
    output: { write: () => true },
  });
  await dashboard.start();
  return dashboard;
}

/** Writes the configuration of a folder anew. @returns it as it was */
export async function editConfig(folder: string, edit: (config: string) => string): Promise<string> {
  const path = join(folder, "config.yaml");
  const config = await readFile(path, "utf8");
  await writeFile(path, edit(config));
  return config;
}

/** Gives the dashboard of a folder a port of its own. */
async function settle(folder: string): Promise<{ readonly port: number; readonly secret: string }> {
  const port = await unusedPort();
  const config = await editConfig(folder, (text) => text.replace(/listen_port: \d+/, `listen_port: ${port}`));
  return { port, secret: /agent_secret_key: (\S+)/.exec(config)?.[1] ?? "" };
}

/** The dashboard of a folder in a process of its own, which can be paused and killed. */
async function startBeside(folder: string, port: number): Promise<ServerProgram> {
  const entry = fileURLToPath(new URL("replica-process.ts", import.meta.url));
  const isReady = async (): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  return startServerProgram({ command: process.execPath, args: [entry, folder], isReady, patienceMs: 60_000 });
}

async function openReplica(folder: string, { beside = false, headers: always = {} }: Wanted): Promise<TestReplica> {
  const { port, secret } = await settle(folder);
  const program = beside ? await startBeside(folder, port) : undefined;
  let dashboard = program ? undefined : await startIn(folder);
  const base = `http://127.0.0.1:${port}`;
  const agents: FakeAgent[] = [];
  let headers: Readonly<Record<string, string>> = always;
  const call: TestReplica["call"] = async (method, path, body) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { data?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.data;
  };
  const { token } = (await call("POST", "/login", { username: "admin", password: PASSWORD })) as { token: string };
  headers = { ...always, authorization: `Bearer ${token}` };
  let over: Promise<unknown> | undefined;
  return {
    base,
    configPath: join(folder, "config.yaml"),
    headers,
    call,
    agent(serverId) {
      const agent = createFakeAgent({ target: `127.0.0.1:${port}`, secret, uuid: uuidOf(serverId) });
      agents.push(agent);
      return agent;
    },
    async stop() {
      for (const agent of agents) agent.close();
      await (over ??= program ? program.stop("SIGKILL") : dashboard?.stop(STOP_MS));
    },
    async startAgain() {
      dashboard = await startIn(folder);
      over = undefined;
    },
    pause: () => program?.signal("SIGSTOP"),
    goOn: () => program?.signal("SIGCONT"),
  };
}
