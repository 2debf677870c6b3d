import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import type { IncomingHttpHeaders } from "node:http2";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@windfire/kit";
import { parseNatOrder, parseStreamOrder, TASK } from "@windfire/protocol";
import { createFakeAgent, unusedPort } from "@windfire/testkit";
import type { FakeAgent } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { composeDashboard } from "./compose.ts";
import type { Dashboard } from "./compose.ts";

/** The whole program on a port of its own, with agents on the reference's gRPC client: what goes through all rooms at once. */
let port = 0;
let base: string;
let directory: string;
let dashboard: Dashboard;
let secret: string;
let admin: Record<string, string>;
const agents: FakeAgent[] = [];
let serial = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-agents-"));
  const configPath = join(directory, "config.yaml");
  await writeFile(configPath, `listen_host: 127.0.0.1\nlisten_port: ${await unusedPort()}\nhistory: off\n`);
  const said: string[] = [];
  const flags = { configPath, databasePath: join(directory, "sqlite.db"), version: false };
  dashboard = await composeDashboard({
    flags,
    env: { NZ_ADMIN_PASSWORD: "admin-password" },
    clock: systemClock,
    output: { write: (line) => said.push(line) },
  });
  await dashboard.start();
  port = Number(/START ON 127\.0\.0\.1:(\d+)/.exec(said.join(""))?.[1]);
  base = `http://127.0.0.1:${port}`;
  secret = /agent_secret_key: (\S+)/.exec(await readFile(configPath, "utf8"))?.[1] ?? "";
  const { token } = (await call("POST", "/login", { username: "admin", password: "admin-password" })) as { token: string };
  admin = { authorization: `Bearer ${token}` };
}, 30_000);

afterAll(async () => {
  for (const agent of agents) agent.close();
  await dashboard.stop(5000);
  await rm(directory, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { ...admin, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { data?: unknown; error?: string };
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.data;
}

/** A connected agent and the id its server got. */
async function signUp(): Promise<{ agent: FakeAgent; id: number }> {
  const uuid = `00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`;
  const agent = createFakeAgent({ target: `127.0.0.1:${port}`, secret, uuid });
  agents.push(agent);
  await agent.connect();
  await agent.report();
  const servers = (await call("GET", "/server")) as { id: number; uuid: string }[];
  return { agent, id: servers.find((server) => server.uuid === uuid)?.id ?? 0 };
}

const open = async (path: string): Promise<WebSocket> => {
  const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1${path}`, { headers: admin });
  await once(socket, "open");
  return socket;
};

test("an agent signs in, reports, and is seen by viewers", async () => {
  const { id } = await signUp();
  const socket = await open("/ws/server");
  const [frame] = (await once(socket, "message")) as [Buffer];
  const { servers } = JSON.parse(frame.toString()) as { servers: { id: number; state: object; last_active: string }[] };
  const seen = servers.find((server) => server.id === id);
  expect(seen?.state).not.toEqual({});
  expect(seen?.last_active.startsWith("0001")).toBe(false);
  socket.terminate();
});

test("a terminal goes from a browser to an agent and back, and ends when its server is deleted", async () => {
  const { agent, id } = await signUp();
  const { session_id: session } = (await call("POST", "/terminal", { server_id: id })) as { session_id: string };
  const socket = await open(`/ws/terminal/${session}`);
  const task = await agent.nextTask(TASK.terminal);
  const io = agent.openIoStream(parseStreamOrder(task.data)?.streamId ?? "");
  socket.send("ls\r");
  expect(Buffer.from(await io.next()).toString()).toBe("\0ls\r");
  io.write("prompt");
  expect(String(((await once(socket, "message")) as [Buffer])[0])).toBe("prompt");
  const closed = once(socket, "close");
  await call("POST", "/batch-delete/server", [id]);
  expect(((await closed) as [number])[0]).toBe(1008);
  await expect(io.next()).rejects.toThrow("IOStream ended");
});

test("GHSA-q6xx-5vr8-p898: an agent that is not the target's cannot attach", async () => {
  const [target, other] = [await signUp(), await signUp()];
  const { session_id: session } = (await call("POST", "/terminal", { server_id: target.id })) as { session_id: string };
  await expect(other.agent.openIoStream(session).next()).rejects.toThrow("stream not authorized for agent");
  await expect(other.agent.openIoStream("no-such-stream").next()).rejects.toThrow("stream not authorized for agent");
});

test("a tunnel's host name comes before the pages; the dashboard's own names cannot be taken (GHSA-x6fg-52vr-hj4w)", async () => {
  const { agent, id } = await signUp();
  const form = { name: "nas", enabled: true, server_id: id, host: "127.0.0.1:5000" };
  await expect(call("POST", "/nat", { ...form, domain: `127.0.0.1:${port}` })).rejects.toThrow("permission denied");
  await call("POST", "/nat", { ...form, domain: "nas.example.com" });
  const client = connect(port, "127.0.0.1");
  let answer = "";
  client.on("data", (chunk: Buffer) => (answer += chunk.toString()));
  client.write(
    `GET /api/v1/setting HTTP/1.1\r\nHost: nas.example.com\r\nAuthorization: ${admin["authorization"]}\r\nConnection: close\r\n\r\n`,
  );
  const order = parseNatOrder((await agent.nextTask(TASK.nat)).data);
  expect(order?.host).toBe("127.0.0.1:5000");
  const io = agent.openIoStream(order?.streamId ?? "");
  const request = Buffer.from(await io.next()).toString();
  expect(request).toContain("GET /api/v1/setting HTTP/1.1\r\nHost: nas.example.com");
  expect(request).not.toContain("Bearer");
  io.write("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nbackend");
  io.write("EOF");
  await once(client, "close");
  expect(answer.endsWith("\r\n\r\nbackend")).toBe(true);
  await call("POST", "/batch-delete/server", [id]);
  expect((await call("GET", "/nat")) as unknown[]).toEqual([]);
});

/** Signs in as a browser that knows the dashboard by this name. */
async function signInOn(host: string): Promise<void> {
  const client = connect(port, "127.0.0.1");
  const body = JSON.stringify({ username: "admin", password: "admin-password" });
  client.write(`POST /api/v1/login HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  client.resume();
  await once(client, "close");
}

test("GHSA-x6fg-52vr-hj4w: names that people sign in by and agents connect to are protected from tunnels and shown to administrators", async () => {
  const uuid = `00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`;
  const agent = createFakeAgent({ target: `127.0.0.1:${port}`, secret, uuid, authority: "agents.example.com:8008" });
  agents.push(agent);
  await agent.connect();
  await signInOn("NZ.example.com:8008");
  const { seen_hosts: seen } = (await call("GET", "/setting")) as { seen_hosts: { host: string }[] };
  expect(seen.map(({ host }) => host)).toEqual(["agents.example.com", "nz.example.com"]);
  const form = { name: "nas", enabled: true, server_id: (await signUp()).id, host: "127.0.0.1:5000" };
  await expect(call("POST", "/nat", { ...form, domain: "nz.example.com" })).rejects.toThrow("permission denied");
  await expect(call("POST", "/nat", { ...form, domain: "agents.example.com" })).rejects.toThrow("repeat it in confirm_domain");
  await call("POST", "/batch-delete/seen-host", ["nz.example.com"]);
  await call("POST", "/nat", { ...form, domain: "nz.example.com" });
});

test("agents' calls are answered at the dashboard's hosts, and at a status page's own by what answers everything there", async () => {
  const id = await call("POST", "/status-page", { slug: "main", title: "Fleet", published: true });
  await call("PATCH", `/status-page/${String(id)}/delivery`, { domain: "status.example.com", export: {} });
  const answerAt = async (authority: string): Promise<string> => {
    const session = connectHttp2(base);
    const head = { ":method": "POST", ":path": "/proto.NezhaService/ReportSystemInfo2", ":authority": authority };
    const stream = session.request({ ...head, "content-type": "application/grpc", te: "trailers" });
    stream.end();
    const [headers] = (await once(stream, "response")) as [IncomingHttpHeaders];
    stream.resume();
    await once(stream, "close");
    session.close();
    return `${String(headers[":status"])} ${headers["content-type"] === "application/grpc" ? "gRPC" : "page"}`;
  };
  expect(await answerAt(`127.0.0.1:${port}`)).toBe("200 gRPC");
  for (const authority of ["status.example.com", "STATUS.example.com.:443"])
    expect([authority, await answerAt(authority)]).toEqual([authority, "404 page"]);
  const uuid = `00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`;
  const agent = createFakeAgent({ target: `127.0.0.1:${port}`, secret, uuid, authority: "status.example.com" });
  agents.push(agent);
  await expect(agent.connect()).rejects.toThrow("404");
  const servers = (await call("GET", "/server")) as { uuid: string }[];
  expect(servers.some((server) => server.uuid === uuid)).toBe(false);
});

test("a server that moves gives its agent a credential of its own, which proves the move", async () => {
  const { agent, id } = await signUp();
  const userId = (await call("POST", "/user", { username: "alice", password: "member-password", role: 1 })) as number;
  expect(await call("POST", "/batch-move/server", { ids: [id], to_user: userId })).toMatchObject([{ status: "pending" }]);
  const task = await agent.nextTask(TASK.serverTransfer);
  const { client_secret: fresh } = JSON.parse(task.data) as { client_secret: string };
  const again = createFakeAgent({ target: `127.0.0.1:${port}`, secret: fresh, uuid: agent.uuid });
  agents.push(again);
  await again.connect();
  expect((await call("GET", "/transfer")) as unknown[]).toMatchObject([{ server_id: id, status: 1 }]);
  const stranger = createFakeAgent({ target: `127.0.0.1:${port}`, secret: fresh, uuid: "00000000-0000-4000-8000-999999999999" });
  agents.push(stranger);
  await expect(stranger.connect()).rejects.toThrow("bound to a different server");
});

interface Enrolled {
  readonly client_secret: string;
  readonly server_id: number;
}

async function enrol(uuid: string, form: object = {}): Promise<Enrolled> {
  const { code } = (await call("POST", "/enrolment-code", form)) as { code: string };
  return (await call("POST", "/enrol", { code, uuid })) as Enrolled;
}

async function connectWith(credential: string, uuid: string): Promise<FakeAgent> {
  const agent = createFakeAgent({ target: `127.0.0.1:${port}`, secret: credential, uuid });
  agents.push(agent);
  await agent.connect();
  await agent.report();
  return agent;
}

const OWN_UUID = "eeeeeeee-0000-4000-8000-000000000001";

test("a host enrols by a code, signs in with its own credential, is cut off when that is revoked, and stays out", async () => {
  const group = (await call("POST", "/server-group", { name: "enrolled", servers: [] })) as number;
  const { client_secret: credential, server_id: id } = await enrol(OWN_UUID, { name: "box", server_group_id: group });
  const agent = await connectWith(credential, OWN_UUID);
  expect(await call("GET", `/server?id=${id}`)).toMatchObject([{ id, name: "box" }]);
  expect(await call("GET", "/server-group")).toMatchObject([{ group: { name: "enrolled" }, servers: [id] }]);
  const { session_id: session } = (await call("POST", "/terminal", { server_id: id })) as { session_id: string };
  const socket = await open(`/ws/terminal/${session}`);
  const io = agent.openIoStream(parseStreamOrder((await agent.nextTask(TASK.terminal)).data)?.streamId ?? "");
  const closed = once(socket, "close");
  const [own] = (await call("GET", "/enrolment")) as { id: number; server_id: number }[];
  expect(own?.server_id).toBe(id);
  await call("POST", `/enrolment/${own?.id}/revoke`);
  expect(((await closed) as [number])[0]).toBe(1008);
  await expect(io.next()).rejects.toThrow("IOStream ended");
  await expect(connectWith(credential, OWN_UUID)).rejects.toThrow("the credential was revoked: enrol this host again");
  expect(await call("GET", `/server?id=${id}`)).toMatchObject([{ id, name: "box" }]);
  const again = await enrol(OWN_UUID);
  expect(again.server_id).toBe(id);
  await connectWith(again.client_secret, OWN_UUID);
});

test("a deleted server stays deleted until its host is enrolled again; the same with shared secrets once they are off", async () => {
  const uuid = "eeeeeeee-0000-4000-8000-000000000002";
  const first = await enrol(uuid);
  await connectWith(first.client_secret, uuid);
  await call("POST", "/batch-delete/server", [first.server_id]);
  await expect(connectWith(first.client_secret, uuid)).rejects.toThrow("the credential was revoked: enrol this host again");
  const second = await enrol(uuid);
  expect(second.server_id).not.toBe(first.server_id);
  await connectWith(second.client_secret, uuid);

  const shared = "eeeeeeee-0000-4000-8000-000000000003";
  const agent = await connectWith(secret, shared);
  await call("PATCH", "/setting", { site_name: "s", user_template: "user-dist", enrolment_only: true });
  await expect(agent.nextTask(TASK.terminal)).rejects.toThrow("ended");
  await expect(connectWith(secret, shared)).rejects.toThrow("shared agent secrets are switched off here: enrol this host");
  await connectWith(second.client_secret, uuid);
  const known = (await call("GET", "/server")) as { id: number; uuid: string }[];
  await call("POST", "/batch-delete/server", [known.find((server) => server.uuid === shared)?.id]);
  await expect(connectWith(secret, shared)).rejects.toThrow("shared agent secrets are switched off");
  expect(JSON.stringify(await call("GET", "/server"))).not.toContain(shared);
  await call("PATCH", "/setting", { site_name: "s", user_template: "user-dist", enrolment_only: false });
  await connectWith(secret, shared);
});
