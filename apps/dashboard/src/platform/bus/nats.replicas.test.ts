import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "@windfire/kit";
import { startNatsServer } from "@windfire/testkit";
import type { NatsServer } from "@windfire/testkit";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createBus, createNatsWire, parseBusAddress } from "./index.ts";
import type { Bus } from "./index.ts";

const KEY = randomBytes(32);
const within = { timeout: 15_000, interval: 20 };
let server: NatsServer;
const open: Bus[] = [];
const lines: string[] = [];

beforeAll(async () => {
  server = await startNatsServer("windfire:hunter2");
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((bus) => bus.stop()));
});
afterAll(() => server.stop());

function joined(prefix = "windfire.one", credentials = "windfire:hunter2"): Bus {
  const address = parseBusAddress(`nats://${credentials}@127.0.0.1:${server.port}`);
  if (typeof address === "string") throw new Error(address);
  const log = { info: (text: string) => void lines.push(text), warn: (...said: unknown[]) => void lines.push(JSON.stringify(said)) };
  const onError = (error: unknown): void => {
    throw error;
  };
  const wire = createNatsWire({ address, clock: systemClock, random: Math.random, log, onError });
  const bus = createBus({ wire, clock: systemClock, key: KEY, prefix, replica: randomBytes(6).toString("hex"), onError });
  open.push(bus);
  bus.start();
  return bus;
}

const connected = (...buses: readonly Bus[]): Promise<void> =>
  vi.waitFor(() => expect(buses.map(({ state }) => state)).toEqual(buses.map(() => "connected")), within);

test("messages of any length arrive in their order, and not at another installation", async () => {
  const [a, b, stranger] = [joined(), joined(), joined("windfire.two")];
  const [heard, elsewhere]: [string[], string[]] = [[], []];
  b.take("news", (_, body) => heard.push(`${body.length}`));
  stranger.take("news", () => elsewhere.push("news"));
  b.answer("echo", (_, body) => body);
  await connected(a, b, stranger);
  for (const length of [1, 3_000_000, 2]) expect(a.publish("news", Buffer.alloc(length))).toBe("sent");
  const long = randomBytes(2_500_000);
  const answer = await a.request(b.replica, "echo", long, 5_000);
  expect(Buffer.compare(Buffer.from(answer), long)).toBe(0);
  expect([heard, elsewhere]).toEqual([["1", "3000000", "2"], []]);
});

test("a server that is killed and started again is joined again", async () => {
  const [a, b] = [joined(), joined()];
  b.answer("echo", (_, body) => body);
  await connected(a, b);
  const told: string[] = [];
  a.onState((state) => told.push(state));
  await server.stop("SIGKILL");
  await vi.waitFor(() => expect([a.state, b.state]).toEqual(["lost", "lost"]), within);
  expect(a.publish("news", Buffer.alloc(1))).toBe("lost");
  expect(await a.request(b.replica, "echo", Buffer.alloc(1), 5_000)).toBe("no-answer");
  await server.start();
  await connected(a, b);
  expect(await a.request(b.replica, "echo", Buffer.from("again"), 5_000)).toEqual(Buffer.from("again"));
  expect(told).toEqual(["lost", "connected"]);
});

test("a server that says nothing any more is lost", async () => {
  const a = joined();
  await connected(a);
  server.signal("SIGSTOP");
  try {
    await vi.waitFor(() => expect(a.state).toBe("lost"), within);
  } finally {
    server.signal("SIGCONT");
  }
  await connected(a);
});

test("what waits is bounded while the server takes nothing", async () => {
  const a = joined();
  await connected(a);
  server.signal("SIGSTOP");
  try {
    const sent = Array.from({ length: 100 }, () => a.publish("news", Buffer.alloc(900_000)));
    expect(sent.filter((outcome) => outcome === "full").length).toBeGreaterThan(20);
  } finally {
    server.signal("SIGCONT");
  }
});

test("wrong credentials are said once, without them", async () => {
  lines.length = 0;
  const a = joined("windfire.one", "windfire:swordfish");
  await vi.waitFor(() => expect(lines).toHaveLength(1), within);
  await pause(500);
  expect([a.state, lines.length]).toEqual(["lost", 1]);
  expect(lines[0]).toContain("Authorization");
  expect(lines[0]).not.toContain("swordfish");
});
