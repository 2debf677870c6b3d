import { formatFileResponse, parseFileRequest } from "@windfire/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";
import { createFleetBench, testServer } from "#features/fleet/testing";
import type { FleetBench, TestAgent, TestIo } from "#features/fleet/testing";
import { createFiles } from "./index.ts";

/** Downloads by a session of the file manager, over real HTTP; the agent does what the test says. */
let fleet: FleetBench;
let bench: AccessBench;
let admin: Browser;
let agent: TestAgent;

beforeEach(async () => {
  fleet = createFleetBench([testServer({ id: 1, ownerId: 1 })]);
  bench = await openBench({
    room: ({ access }) =>
      createFiles({
        servers: fleet.servers,
        agents: fleet.fleet.agents,
        onError: (error) => expect.unreachable(String(error)),
        clock: fleet.clock,
        connections: access.liveConnections,
        unreadBytes: 4 * 1024 * 1024,
        maxMessage: 1024 * 1024,
      }),
    deps: { ownerOfServer: (id) => fleet.servers.get(id)?.settings.ownerId },
  });
  admin = await bench.admin();
  agent = fleet.connect(1);
});
afterEach(async () => {
  fleet.fleet.stop();
  await bench.close();
});

/** A session, and its agent's end. */
async function session(): Promise<{ id: string; io: TestIo }> {
  const { data } = await admin.post("/file?id=1");
  return { id: (data as { session_id: string }).session_id, io: await agent.attach() };
}

const get = (id: string, path: string, token = admin.token): Promise<Response> =>
  fetch(`${bench.base}/api/v1/download/file/${id}?path=${encodeURIComponent(path)}`, { headers: { authorization: `Bearer ${token}` } });
const header = (size: number): Buffer => Buffer.from(formatFileResponse({ kind: "download", size }));
const refusal = async (response: Response): Promise<string> => ((await response.json()) as { error: string }).error;

test("a file comes as it is, under its own name, and the session is used up", async () => {
  const { id, io } = await session();
  const answer = get(id, "/srv/größe 1.bin");
  expect(parseFileRequest(await io.next())).toEqual({ kind: "download", path: "/srv/größe 1.bin" });
  const content = Buffer.alloc(200_000, "NERR");
  io.write(header(content.length));
  io.write(content.subarray(0, 150_000));
  io.write(content.subarray(150_000));
  const response = await answer;
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "application/octet-stream",
    "content-length": "200000",
    "content-disposition": "attachment; filename=\"gr__e_1.bin\"; filename*=UTF-8''gr%C3%B6%C3%9Fe%201.bin",
    "x-content-type-options": "nosniff",
  });
  expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  await expect.poll(() => fleet.streams.size).toBe(0);
  expect(await refusal(await get(id, "/srv/a"))).toBe("permission denied");
});

test.each([
  ["NERRno such file", "no such file"],
  ["what", "The answer of the agent cannot be read"],
])("what goes wrong before the first byte is said: %s", async (said, error) => {
  const { id, io } = await session();
  const answer = get(id, "/srv/a");
  await io.next();
  io.write(Buffer.from(said));
  expect(await refusal(await answer)).toBe(error);
  expect(fleet.streams.size).toBe(0);
});

test("a file without content is one, however the agent says it", async () => {
  for (const said of [Buffer.from("NERRrequested file is empty"), header(0)]) {
    const { id, io } = await session();
    const answer = get(id, "/srv/empty");
    await io.next();
    io.write(said);
    const response = await answer;
    expect([response.headers.get("content-disposition"), await response.text()]).toEqual(['attachment; filename="empty"', ""]);
  }
});

test("an agent that says nothing, or more than it said, does not hold or fool the browser", async () => {
  const silent = await session();
  const answer = get(silent.id, "/srv/a");
  await silent.io.next();
  fleet.clock.advance(30_000);
  expect(await refusal(await answer)).toBe("agent timeout");
  const liar = await session();
  const longer = get(liar.id, "/srv/a");
  await liar.io.next();
  liar.io.write(header(3));
  liar.io.write(Buffer.from("four"));
  expect((await longer).status).toBe(500);
  await expect.poll(() => fleet.streams.size).toBe(0);
});

test("a session is a ticket for whoever opened it alone, for one attach, with all three scopes", async () => {
  await admin.post("/user", { username: "alice", password: "member-password", role: 1 });
  const alice = await bench.browser().signIn("alice", "member-password");
  const { data } = await admin.post("/api-tokens", { name: "t", scopes: ["nezha:server:read", "nezha:server:write"] });
  const { id, io } = await session();
  expect(await refusal(await get(id, "/a", alice.token))).toBe("permission denied");
  expect(await refusal(await get(id, "/a", (data as { token: string }).token))).toContain("lacks scope nezha:server:delete");
  expect(await refusal(await get("nobody-opened-it", "/a"))).toBe("permission denied");
  const first = get(id, "/a");
  await io.next();
  expect(await refusal(await get(id, "/b"))).toBe("permission denied");
  io.write(header(1));
  io.write(Buffer.from("x"));
  expect(await (await first).text()).toBe("x");
});

test("a download ends with the session of whoever takes it", async () => {
  const { id, io } = await session();
  const answer = get(id, "/srv/a");
  await io.next();
  io.write(header(10));
  io.write(Buffer.from("abc"));
  const response = await answer;
  await admin.post("/logout");
  await expect(response.text()).rejects.toThrow("terminated");
  await expect.poll(() => fleet.streams.size).toBe(0);
});
