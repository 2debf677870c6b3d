import { on, once } from "node:events";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { TASK } from "@windfire/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { openBench } from "#access/testing";
import type { AccessBench, BenchParts, Browser } from "#access/testing";
import { createFleetBench, streamIdOf, testServer } from "#features/fleet/testing";
import type { FleetBench, TestIo } from "#features/fleet/testing";
import { createTerminal } from "./index.ts";

/** Terminals over a real HTTP server and real WebSockets, with real sign-in; the agent is the test. */
let fleet: FleetBench;
let bench: AccessBench;
let admin: Browser;
let alice: Browser;
let bob: Browser;
/** Whoever attaches from now on has lost the session or token meanwhile. */
let comesTooLate: boolean;

async function open(): Promise<void> {
  fleet = createFleetBench([testServer({ id: 1, ownerId: 2, name: "tokyo" }), testServer({ id: 2, ownerId: 2, name: "" })]);
  comesTooLate = false;
  const room = ({ access }: BenchParts) =>
    createTerminal({
      servers: fleet.servers,
      agents: fleet.fleet.agents,
      onError: (error) => expect.unreachable(String(error)),
      clock: fleet.clock,
      connections: {
        register(connection) {
          if (!comesTooLate) return access.liveConnections.register(connection);
          connection.close("deleted");
          return () => undefined;
        },
      },
      unreadBytes: 4 * 1024 * 1024,
      goodbye: () => "open it again",
      maxMessage: 512 * 1024 + 64,
    });
  bench = await openBench({ room, deps: { ownerOfServer: (id) => fleet.servers.get(id)?.settings.ownerId } });
  admin = await bench.admin();
  for (const username of ["alice", "bob"]) await admin.post("/user", { username, password: "member-password", role: 1 });
  [alice, bob] = await Promise.all([bench.browser().signIn("alice", "member-password"), bench.browser().signIn("bob", "member-password")]);
}

beforeEach(() => open());
afterEach(async () => {
  fleet.fleet.stop();
  await bench.close();
});

const cookie = (browser: Browser): string => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
const session = async (browser: Browser, serverId = 1): Promise<string> =>
  ((await browser.post("/terminal", { server_id: serverId })).data as { session_id: string }).session_id;
const socketTo = (id: string, headers: Record<string, string>): WebSocket =>
  new WebSocket(`${bench.base.replace("http", "ws")}/api/v1/ws/terminal/${id}`, { headers });

/** Opens a browser's socket; the status and text of the answer when it is refused. */
async function attach(
  browser: Browser,
  id: string,
  headers: Record<string, string> = {},
): Promise<WebSocket | { status: number; text: string }> {
  const socket = socketTo(id, { cookie: cookie(browser), ...headers });
  return new Promise((resolve, reject) => {
    socket.once("open", () => resolve(socket));
    socket.once("error", reject);
    socket.once("unexpected-response", (_request, response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
}

async function attached(browser: Browser, id: string): Promise<WebSocket> {
  const socket = await attach(browser, id);
  if (!(socket instanceof WebSocket)) throw new Error(`refused: ${socket.text}`);
  return socket;
}

/** A terminal with both ends there. */
async function terminal(browser: Browser = alice): Promise<{ id: string; socket: WebSocket; agent: TestIo }> {
  const opening = fleet.connect(1).attach();
  const id = await session(browser);
  return { id, socket: await attached(browser, id), agent: await opening };
}

/** A handshake with a frame of text behind it in the same packet, from a client that answers nothing. Waits for what is answered. */
async function rawAttach(id: string, credential: string, says: string, answer: RegExp): Promise<Socket> {
  const socket = connect(Number(new URL(bench.base).port), "127.0.0.1");
  const head = [
    `GET /api/v1/ws/terminal/${id} HTTP/1.1`,
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    credential,
  ];
  const frame = Buffer.from([0x81, 0x80 | says.length, 0, 0, 0, 0, ...Buffer.from(says)]);
  socket.write(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), frame, frame]));
  let received = "";
  for await (const part of on(socket, "data")) {
    received += String(part);
    if (answer.test(received)) return socket;
  }
  throw new Error(received);
}

const closeOf = async (socket: WebSocket): Promise<number> => ((await once(socket, "close")) as [number])[0];
const message = async (socket: WebSocket): Promise<{ text: string; binary: boolean }> => {
  const [data, binary] = (await once(socket, "message")) as [Buffer, boolean];
  return { text: data.toString(), binary };
};

describe("a session", () => {
  test("is created before the agent hears of it, and named in the answer", async () => {
    const agent = fleet.connect(1);
    const { data } = await alice.post("/terminal", { server_id: 1, protocol: "ignored" });
    const task = await agent.task();
    expect(task.type).toBe(TASK.terminal);
    expect(data).toEqual({ session_id: streamIdOf(task), server_id: 1, server_name: "tokyo" });
    expect(fleet.streams.find(streamIdOf(task))).toMatchObject({ purpose: "terminal", creatorId: 2, serverId: 1 });
  });

  test.each([
    ["an unknown server", 99, "server not found or not connected"],
    ["no server", 0, "server not found or not connected"],
    ["a server whose agent is away", 2, "server not found or not connected"],
  ])("for %s is refused", async (_what, serverId, error) => {
    fleet.connect(1);
    expect((await alice.post("/terminal", { server_id: serverId })).error).toBe(error);
    expect(fleet.streams.size).toBe(0);
  });

  test("for somebody else's server is refused, administrators may; an unnamed server has no name in the answer", async () => {
    fleet.connect(2);
    expect((await bob.post("/terminal", { server_id: 2 })).error).toBe("permission denied");
    expect((await admin.post("/terminal", { server_id: 2 })).data).not.toHaveProperty("server_name");
  });

  test("whose order cannot be delivered is gone at once", async () => {
    fleet.connect(1).call.behave({ outcome: "full" });
    expect((await alice.post("/terminal", { server_id: 1 })).error).not.toBe("");
    expect(fleet.streams.size).toBe(0);
  });

  test("GHSA-jg62-j5h6-8mpq: a user has at most 20, each ends by itself when nobody comes", async () => {
    fleet.connect(1);
    for (let count = 0; count < 20; count++) await session(alice);
    expect((await alice.post("/terminal", { server_id: 1 })).error).toBe("too many concurrent streams for this user");
    expect((await admin.post("/terminal", { server_id: 1 })).error).toBe("");
    fleet.clock.advance(30_000);
    expect(fleet.streams.size).toBe(0);
    expect((await alice.post("/terminal", { server_id: 1 })).error).toBe("");
  });
});

/** GHSA-q6xx-5vr8-p898: purpose, creator and server of a stream are checked on both ends. */
describe("GHSA-q6xx-5vr8-p898: attaching", () => {
  const refusal = { status: 200, text: expect.stringContaining("permission denied") as string };

  test("is for the creator and administrators; strangers and unknown ids read the same and disturb nothing", async () => {
    fleet.connect(1);
    const id = await session(alice);
    expect(await attach(bob, id)).toEqual(refusal);
    expect(await attach(alice, "5f0c3f0a-8b1e-2c77-91d4-0a6f2f6f7a10")).toEqual(refusal);
    expect(await attach(bench.browser(), id)).toMatchObject({ text: expect.stringContaining("ApiErrorUnauthorized") as string });
    expect(await attach(admin, id)).toBeInstanceOf(WebSocket);
  });

  test("to a stream of another kind is refused, also for its creator", async () => {
    const files = fleet.streams.create({ purpose: "files", creatorId: 2, serverId: 1 });
    const internal = fleet.streams.create({ purpose: "nat", creatorId: 0, serverId: 1 });
    for (const stream of [files, internal]) {
      if ("refused" in stream) throw new Error(stream.refused);
      expect(await attach(alice, stream.id)).toEqual(refusal);
      expect(await attach(admin, stream.id)).toEqual(refusal);
    }
  });

  test("with a token needs the scope and the session's server in its list", async () => {
    fleet.connect(1);
    const id = await session(alice);
    const token = async (scopes: string[], serverIds: number[]): Promise<Record<string, string>> => {
      const { data } = await alice.post("/api-tokens", { name: "t", scopes, server_ids: serverIds });
      return { cookie: "", authorization: `Bearer ${(data as { token: string }).token}` };
    };
    expect(await attach(alice, id, await token(["nezha:server:read"], []))).toMatchObject({ status: 403 });
    expect(await attach(alice, id, await token(["nezha:server:exec"], [2]))).toEqual(refusal);
    expect(await attach(alice, id, await token(["nezha:server:exec"], [1]))).toBeInstanceOf(WebSocket);
  });

  test("a second time is refused and leaves the first alone", async () => {
    const { id, socket, agent } = await terminal();
    const second = await attached(admin, id);
    expect(await closeOf(second)).toBe(1008);
    agent.write("still here");
    expect(await message(socket)).toEqual({ text: "still here", binary: true });
  });

  describe("what a browser that is not let in says does not reach the agent", () => {
    const evil = "rm -rf /\r";
    test.each<[string, RegExp, () => Browser]>([
      ["the second one", /^HTTP\/1.1 101 [^]*permission denied$/, () => admin],
      ["somebody else's", /^HTTP\/1.1 200 [^]*permission denied/, () => bob],
      ["a guest's", /^HTTP\/1.1 200 [^]*ApiErrorUnauthorized/, () => bench.browser()],
    ])("%s, however early", async (_whose, answer, who) => {
      const { id, socket, agent } = await terminal();
      const raw = await rawAttach(id, `Cookie: ${cookie(who())}`, evil, answer);
      socket.send("ls\r");
      expect(await agent.next()).toEqual(Buffer.from("\0ls\r"));
      raw.destroy();
    });

    test("one that speaks on while it is closed", async () => {
      const { id, socket, agent } = await terminal();
      const second = await attached(admin, id);
      second.send(evil);
      await closeOf(second);
      socket.send("ls\r");
      expect(await agent.next()).toEqual(Buffer.from("\0ls\r"));
    });
  });

  test("whoever was let in and comes too late neither hears the agent nor ends the session", async () => {
    const agent = fleet.connect(1);
    const id = await session(alice);
    const io = await agent.attach();
    io.write("secret");
    comesTooLate = true;
    const late = await rawAttach(id, `Cookie: ${cookie(alice)}`, "evil", /^HTTP\/1.1 101 (?:(?!secret)[^])*permission denied$/);
    comesTooLate = false;
    const socket = await attached(alice, id);
    socket.send("ls\r");
    expect(await io.next()).toEqual(Buffer.from("\0ls\r"));
    late.destroy();
  });

  test("a token that is refused and then deleted does not end the owner's session", async () => {
    const { id, socket, agent } = await terminal();
    const { data } = await alice.post("/api-tokens", { name: "t", scopes: ["nezha:server:exec"] });
    const { token, id: tokenId } = data as { token: string; id: number };
    // It does not answer the close, so its socket is open still.
    const raw = await rawAttach(id, `Authorization: Bearer ${token}`, "", /^HTTP\/1.1 101 [^]*permission denied$/);
    expect((await alice.call("DELETE", `/api-tokens/${tokenId}`)).error).toBe("");
    agent.write("still here");
    expect(await message(socket)).toEqual({ text: "still here", binary: true });
    raw.destroy();
  });

  test("from a foreign page is refused: the Origin must be the host asked for", async () => {
    fleet.connect(1);
    const id = await session(alice);
    for (const origin of ["https://evil.example.com", "null", `${bench.base}1`])
      expect(await attach(alice, id, { origin })).toEqual({ status: 403, text: "Forbidden" });
    expect(await attach(alice, id, { origin: bench.base })).toBeInstanceOf(WebSocket);
  });
});

describe("the relay", () => {
  test("marks text as keyboard input, passes binary on, and answers in binary, message for message", async () => {
    const { socket, agent } = await terminal();
    socket.send("ls\r");
    expect(await agent.next()).toEqual(Buffer.from("\0ls\r"));
    const resize = Buffer.from('\u0001{"Rows":40,"Cols":120}');
    socket.send(resize);
    expect(await agent.next()).toEqual(resize);
    agent.write(Buffer.alloc(2_000_000, "x"));
    expect((await message(socket)).text).toHaveLength(2_000_000);
  });

  test("keeps what the browser says before the agent is there", async () => {
    const agent = fleet.connect(1);
    const id = await session(alice);
    const socket = await attached(alice, id);
    socket.send("early");
    const pong = once(socket, "pong");
    socket.ping();
    await pong;
    expect(await (await agent.attach()).next()).toEqual(Buffer.from("\0early"));
  });

  test("pings the browser every 10 s, for as long as it is open", async () => {
    const { socket, agent } = await terminal();
    let pings = 0;
    socket.on("ping", () => pings++);
    fleet.clock.advance(25_000);
    const pong = once(socket, "pong");
    socket.ping();
    await pong;
    expect(pings).toBe(2);
    socket.close();
    await agent.call.ended;
    expect(fleet.clock.pending).toBe(0);
  });

  test("a message over 512 KiB + 64 ends the session with 1009 and nothing else", async () => {
    const { socket, agent } = await terminal();
    socket.send(Buffer.alloc(512 * 1024 + 64));
    expect(await agent.next()).toHaveLength(512 * 1024 + 64);
    socket.send(Buffer.alloc(512 * 1024 + 65));
    expect(await closeOf(socket)).toBe(1009);
    expect(await agent.call.ended).toMatchObject({ code: 0 });
    expect((await alice.get("/profile")).status).toBe(200);
  });

  test("a browser that leaves ends the agent's stream, an agent that ends closes the browser", async () => {
    const first = await terminal();
    first.socket.terminate();
    expect(await first.agent.call.ended).toMatchObject({ code: 0 });
    const second = await terminal();
    second.agent.call.leave();
    expect(await closeOf(second.socket)).toBe(1000);
    expect(fleet.streams.size).toBe(0);
    expect(await attach(alice, second.id)).toMatchObject({ status: 200 });
  });

  test("a session whose agent does not come within 10 s of the attach is closed", async () => {
    fleet.connect(1);
    const socket = await attached(alice, await session(alice));
    fleet.clock.advance(10_000);
    expect(await closeOf(socket)).toBe(1011);
  });

  test.each([
    ["sign-out", async () => void (await alice.post("/logout"))],
    ["a move or deletion of the server", async () => fleet.streams.closeWhere(({ serverId }) => serverId === 1, "revoked")],
  ])("ends with %s", async (_what, end) => {
    const { socket, agent } = await terminal();
    const closed = closeOf(socket);
    await end();
    expect(await closed).toBe(1008);
    expect(await agent.call.ended).toMatchObject({ code: 0 });
  });

  test("ends with a line that says why when the dashboard stops", async () => {
    const { socket } = await terminal();
    const said = message(socket);
    const closed = closeOf(socket);
    fleet.streams.closeWhere(() => true, "shutdown");
    expect(await said).toEqual({ text: "\x1b[0m\r\nopen it again\r\n", binary: true });
    expect(await closed).toBe(1001);
  });

  test("ends with the token that opened it, not with the session of its owner", async () => {
    const { data } = await alice.post("/api-tokens", { name: "t", scopes: ["nezha:server:exec"], server_ids: [1] });
    const { token, id: tokenId } = data as { token: string; id: number };
    const opening = fleet.connect(1).attach();
    const id = await session(alice);
    const socket = await attach(alice, id, { cookie: "", authorization: `Bearer ${token}` });
    if (!(socket instanceof WebSocket)) throw new Error("refused");
    const agent = await opening;
    const closed = closeOf(socket);
    expect((await alice.call("DELETE", `/api-tokens/${tokenId}`)).error).toBe("");
    expect(await closed).toBe(1008);
    expect(await agent.call.ended).toMatchObject({ code: 0 });
  });
});

describe("a browser that loses its connection", () => {
  const kept = async (browser: Browser, id: string, again = ""): Promise<WebSocket> => attached(browser, `${id}?keep=true${again}`);
  const lost = async () => {
    const opening = fleet.connect(1).attach();
    const id = await session(alice);
    const socket = await kept(alice, id);
    const agent = await opening;
    socket.send("make\r");
    await agent.next();
    const held = vi.spyOn(fleet.streams, "holdUser");
    socket.terminate();
    await vi.waitFor(() => expect(held).toHaveBeenCalledOnce());
    held.mockRestore();
    return { id, agent };
  };

  test("finds its shell again, and what that said meanwhile", async () => {
    const { id, agent } = await lost();
    agent.write("built");
    const socket = socketTo(`${id}?keep=true&again=true`, { cookie: cookie(alice) });
    expect(await message(socket)).toEqual({ text: "built", binary: true });
    socket.send("ls\r");
    expect(await agent.next()).toEqual(Buffer.from("\0ls\r"));
  });

  test("takes the place of the connection that nobody knows to be dead", async () => {
    const { id, socket, agent } = await terminal();
    const closed = closeOf(socket);
    const second = await kept(alice, id, "&again=true");
    expect(await closed).toBe(1008);
    agent.write("here");
    expect((await message(second)).text).toBe("here");
  });

  test("leaves a shell that ends after a minute, and at once when it had ended its session", async () => {
    const first = await lost();
    fleet.clock.advance(60_000);
    await first.agent.call.ended;
    const second = await lost();
    expect((await alice.post("/logout")).error).toBe("");
    await second.agent.call.ended;
  });

  test("has a place that nobody else takes, an administrator neither", async () => {
    const { id } = await lost();
    const refusal = { status: 200, text: expect.stringContaining("permission denied") as string };
    expect(await attach(bob, `${id}?again=true`)).toEqual(refusal);
    expect(await attach(admin, `${id}?again=true`)).toEqual(refusal);
  });
});
