import { once } from "node:events";
import { TASK } from "@windfire/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";
import { createFleetBench, streamIdOf, testServer } from "#features/fleet/testing";
import type { FleetBench } from "#features/fleet/testing";
import { fixedLimits } from "#platform/limits";
import { createFiles } from "./index.ts";

/** What file sessions have of their own; what they share with terminals is proven there. */
const MAX_MESSAGE = fixedLimits.sockets.fileMessageBytes;
let fleet: FleetBench;
let bench: AccessBench;
let admin: Browser;

beforeEach(async () => {
  fleet = createFleetBench([testServer({ id: 1, ownerId: 1 }), testServer({ id: 2, ownerId: 9 })]);
  bench = await openBench({
    room: ({ access }) =>
      createFiles({
        servers: fleet.servers,
        agents: fleet.fleet.agents,
        onError: (error) => expect.unreachable(String(error)),
        clock: fleet.clock,
        connections: access.liveConnections,
        unreadBytes: 4 * 1024 * 1024,
        maxMessage: MAX_MESSAGE,
      }),
    deps: { ownerOfServer: (id) => fleet.servers.get(id)?.settings.ownerId },
  });
  admin = await bench.admin();
});
afterEach(async () => {
  fleet.fleet.stop();
  await bench.close();
});

const connect = (id: string): WebSocket =>
  new WebSocket(`${bench.base.replace("http", "ws")}/api/v1/ws/file/${id}`, { headers: { authorization: `Bearer ${admin.token}` } });

test("a session is ordered from the agent and relays messages whole, up to 1 MiB", async () => {
  const agent = fleet.connect(1);
  const { data } = await admin.post("/file?id=1");
  const task = await agent.task();
  expect(task.type).toBe(TASK.fileManager);
  expect(data).toEqual({ session_id: streamIdOf(task) });
  const socket = connect(streamIdOf(task));
  await once(socket, "open");
  const io = fleet.openIo(1, streamIdOf(task));
  expect(MAX_MESSAGE).toBe(1_048_576);
  const piece = Buffer.alloc(MAX_MESSAGE, 7);
  socket.send(piece);
  expect((await io.next()).equals(piece)).toBe(true);
  io.write(Buffer.from("NERRno such file"));
  expect(String(((await once(socket, "message")) as [Buffer])[0])).toBe("NERRno such file");
  socket.send(Buffer.alloc(MAX_MESSAGE + 1));
  expect(((await once(socket, "close")) as [number])[0]).toBe(1009);
});

test.each([
  ["/file", 'strconv.ParseUint: parsing "": invalid syntax'],
  ["/file?id=x", 'strconv.ParseUint: parsing "x": invalid syntax'],
  ["/file?id=9", "server not found or not connected"],
  ["/file?id=2", "server not found or not connected"],
])("POST %s is refused", async (path, error) => {
  fleet.connect(1);
  expect((await admin.post(path)).error).toContain(error);
  expect(fleet.streams.size).toBe(0);
});

test("a token needs all three scopes, and somebody else's server stays closed to members", async () => {
  fleet.connect(1);
  const post = async (scopes: string[]): Promise<string> => {
    const { data } = await admin.post("/api-tokens", { name: "t", scopes });
    return (await bench.browser({ authorization: `Bearer ${(data as { token: string }).token}` }).post("/file?id=1")).error;
  };
  expect(await post(["nezha:server:read", "nezha:server:write"])).toContain("lacks scope nezha:server:delete");
  expect(await post(["nezha:server:read", "nezha:server:write", "nezha:server:delete"])).toBe("");
  await admin.post("/user", { username: "alice", password: "member-password", role: 1 });
  const alice = await bench.browser().signIn("alice", "member-password");
  expect((await alice.post("/file?id=1")).error).toBe("permission denied");
});

test("GHSA-q6xx-5vr8-p898: a terminal's stream is not attached as a file session", async () => {
  const stream = fleet.streams.create({ purpose: "terminal", creatorId: 1, serverId: 1 });
  if ("refused" in stream) throw new Error(stream.refused);
  const socket = connect(stream.id);
  socket.on("error", () => undefined);
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
  expect(response.statusCode).toBe(200);
  expect(fleet.streams.find(stream.id)).toBeDefined();
});
