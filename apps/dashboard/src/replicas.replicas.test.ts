import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseStreamOrder, TASK } from "@windfire/protocol";
import { createPlainDeltaReader, startNatsServer, startPostgres } from "@windfire/testkit";
import type { NatsServer, PostgresServer } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { editConfig, openReplicas } from "./compose/testing/replica-set.ts";
import type { TestReplica, TestReplicas } from "./compose/testing/replica-set.ts";

/** Three whole dashboards on one NATS server. */
const within = { timeout: 20_000, interval: 50 };
let nats: NatsServer;
let postgres: PostgresServer;
let set: TestReplicas;
let a: TestReplica;
let b: TestReplica;
let c: TestReplica;

beforeAll(async () => {
  nats = await startNatsServer("windfire:hunter2");
  postgres = await startPostgres();
  set = await openReplicas({
    bus: `nats://windfire:hunter2@127.0.0.1:${nats.port}`,
    database: await postgres.createDatabase("replicas"),
    count: 3,
    servers: 4,
  });
  const [first, second, third] = set.replicas;
  if (!first || !second || !third) throw new Error("there are not three");
  [a, b, c] = [first, second, third];
}, 120_000);
afterAll(async () => {
  await set.close();
  await nats.stop();
  await postgres.remove();
});

interface ServerAnswer {
  readonly id: number;
  readonly condition: string;
  readonly host: { readonly platform?: string };
  readonly state: { readonly cpu?: number };
}

const serverAt = async (replica: TestReplica, id: number): Promise<ServerAnswer> => {
  const found = ((await replica.call("GET", "/server")) as ServerAnswer[]).find((server) => server.id === id);
  if (!found) throw new Error(`there is no server ${id}`);
  return found;
};
const busAt = async ({ base }: TestReplica): Promise<unknown> =>
  ((await (await fetch(`${base}/readyz`)).json()) as { checks: { bus?: unknown } }).checks.bus;
const opened = async (replica: TestReplica, path: string): Promise<WebSocket> => {
  const socket = new WebSocket(`${replica.base.replace("http", "ws")}/api/v1${path}`, { headers: replica.headers });
  await once(socket, "open");
  return socket;
};

test("what an agent says is seen at every dashboard", async () => {
  const agent = a.agent(1);
  await agent.connect();
  await agent.report({ cpu: 11 });
  await vi.waitFor(async () => expect((await serverAt(c, 1)).state.cpu).toBe(11), within);
  const reader = createPlainDeltaReader();
  const socket = await opened(b, "/ws/server?delta=");
  socket.on("message", (data: Buffer) => reader.read(data.toString()));
  const cpuShown = (): unknown => (reader.servers().find(({ id }) => id === 1)?.["state"] as { cpu?: number } | undefined)?.cpu;
  await vi.waitFor(() => expect(cpuShown()).toBe(11), within);
  await agent.report({ cpu: 77 });
  await vi.waitFor(() => expect(cpuShown()).toBe(77), within);
  const [here, there] = [await serverAt(a, 1), await serverAt(b, 1)];
  // The age of a state is told, and the way takes a moment.
  expect({ ...there, last_active: "" }).toEqual({ ...here, last_active: "" });
  expect(there).toMatchObject({ condition: "up", host: { platform: "debian" } });
  socket.close();
});

test("a terminal is opened at one dashboard, looked at through another, on a host that is at a third", async () => {
  const agent = a.agent(2);
  await agent.connect();
  await agent.report();
  await vi.waitFor(async () => expect((await serverAt(b, 2)).condition).toBe("up"), within);
  const { session_id: id } = (await b.call("POST", "/terminal", { server_id: 2 })) as { session_id: string };
  const order = parseStreamOrder((await agent.nextTask(TASK.terminal)).data);
  expect(order?.streamId).toBe(id);
  const io = agent.openIoStream(id);
  io.write("host$ ");
  const socket = await opened(c, `/ws/terminal/${id}`);
  const heard: Buffer[] = [];
  socket.on("message", (data: Buffer) => heard.push(data));
  const said = (): string => Buffer.concat(heard).toString();
  await vi.waitFor(() => expect(said()).toBe("host$ "), within);
  socket.send("uptime\n");
  expect(Buffer.from(await io.next()).toString()).toBe("\0uptime\n");
  // More than a window: nothing is lost or mixed up.
  const lines = Array.from({ length: 300 }, (_, line) => `${line}`.padEnd(10_000, "."));
  for (const line of lines) io.write(line);
  await vi.waitFor(() => expect(said().length).toBe(6 + 3_000_000), within);
  expect(said().slice(6)).toBe(lines.join(""));
  const closed = once(socket, "close");
  io.end();
  expect((await closed)[0]).toBe(1000);
});

test("an agent that comes to another dashboard is there, and nobody sees it offline", async () => {
  const before = a.agent(3);
  await before.connect();
  await before.report({ cpu: 1 });
  await vi.waitFor(async () => expect((await serverAt(c, 3)).state.cpu).toBe(1), within);
  const after = b.agent(3);
  await after.connect();
  await after.report({ cpu: 2 });
  await expect(before.nextTask()).rejects.toThrow("superseded");
  await vi.waitFor(async () => expect((await serverAt(c, 3)).state.cpu).toBe(2), within);
  expect(await Promise.all([a, b, c].map(async (replica) => (await serverAt(replica, 3)).condition))).toEqual(["up", "up", "up"]);
  const report = await c.call("POST", "/force-update/server", [3]);
  expect(report).toEqual({ success: [3] });
  expect((await after.nextTask(TASK.upgrade)).type).toBe(TASK.upgrade);
});

test("a dashboard without a bus refuses a database that others are on", async () => {
  const withoutBus = (folder: string) => editConfig(folder, (config) => config.replace(/^bus: .*\n/m, ""));
  await expect(set.startOther(withoutBus)).rejects.toThrow("another dashboard is running on the database");
});

test("a dashboard with a key of its own is not started beside the others, and is told which file it is", async () => {
  const withoutKey = (folder: string) => rm(join(folder, "windfire.key"));
  await expect(set.startOther(withoutKey)).rejects.toThrow(/windfire\.key is not the key of the other dashboards on postgres:.*put theirs/);
  const fourth = await set.startOther(async () => undefined);
  expect(await fourth.stop(10_000)).toBe(true);
});

test("a bus that is killed is said; each dashboard goes on with its own agents, and all heals", async () => {
  const agent = a.agent(4);
  await agent.connect();
  await agent.report({ cpu: 5 });
  await vi.waitFor(async () => expect((await serverAt(b, 4)).state.cpu).toBe(5), within);
  await nats.stop("SIGKILL");
  await vi.waitFor(async () => expect(await busAt(b)).toEqual({ ok: true, reason: "lost: other dashboards are not heard" }), within);
  await agent.report({ cpu: 6 });
  expect((await serverAt(a, 4)).state.cpu).toBe(6);
  expect(await serverAt(b, 4)).toMatchObject({ state: { cpu: 5 }, condition: "up" });
  await vi.waitFor(async () => expect(await b.call("POST", "/force-update/server", [4])).toEqual({ offline: [4] }), within);
  await nats.start();
  await vi.waitFor(async () => expect((await serverAt(b, 4)).state.cpu).toBe(6), within);
  await vi.waitFor(async () => expect(await busAt(b)).toEqual({ ok: true }), within);
  expect(await b.call("POST", "/force-update/server", [4])).toEqual({ success: [4] });
});

test("the agents of a dashboard that stops are offline at the others, until they come to one of them", async () => {
  const agent = c.agent(4);
  await agent.connect();
  await agent.report({ cpu: 8 });
  await vi.waitFor(async () => expect(await a.call("POST", "/force-update/server", [4])).toEqual({ success: [4] }), within);
  await c.stop();
  await vi.waitFor(async () => expect(await a.call("POST", "/force-update/server", [4])).toEqual({ offline: [4] }), within);
  expect((await serverAt(a, 4)).condition).toBe("up");
  const again = a.agent(4);
  await again.connect();
  await again.report({ cpu: 9 });
  await vi.waitFor(async () => expect((await serverAt(b, 4)).state.cpu).toBe(9), within);
});
