import { afterEach, beforeEach, expect, test } from "vitest";
import { createFactBus } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createServerCommands } from "./commands.ts";
import { createServerDirectory } from "./directory.ts";
import type { HostState } from "./model.ts";
import { createServerStore } from "./store.ts";

let temporary: TemporaryDatabase;

beforeEach(async () => {
  temporary = await openTemporaryDatabase();
});
afterEach(() => temporary.remove());

function open(serversPerMember: number) {
  const { database } = temporary;
  const servers = createServerDirectory([]);
  const commands = createServerCommands({
    database,
    store: createServerStore(database),
    servers,
    facts: createFactBus({ onListenerError: () => undefined }),
    now: () => Date.UTC(2026, 0, 1),
    newName: () => "able-otter",
    serversPerMember,
    isMember: (id) => id !== 0,
    ddnsProfile: () => undefined,
    cascades: [],
  });
  return { commands, servers };
}

test("registrations of others under way do not use up a member's places; his own do", async () => {
  const { commands, servers } = open(2);
  const others = ["a", "b", "c"].map((uuid) => commands.register(uuid, 0));
  const mine = [commands.register("d", 7), commands.register("e", 7)];
  await expect(commands.register("f", 7)).rejects.toThrow("too many servers");
  await Promise.all([...others, ...mine]);
  expect(servers.list().filter((server) => server.settings.ownerId === 7)).toHaveLength(2);
});

test("calls that come together for one UUID share one row", async () => {
  const { commands, servers } = open(2);
  const [first, second] = await Promise.all([commands.register("a", 7), commands.register("a", 7)]);
  expect(first).toBe(second);
  expect(servers.size).toBe(1);
});

test("the traffic of a whole fleet is written, and once", async () => {
  const { commands, servers } = open(1_000);
  for (let serial = 0; serial < 250; serial++) await commands.register(`uuid ${serial}`, 0);
  for (const server of servers.list()) {
    const generation = server.openStream();
    server.applyState(generation, stateWith(100), 1);
    server.applyState(generation, stateWith(130), 2);
  }
  await commands.saveTraffic(servers.list(), Date.UTC(2026, 0, 1));
  await commands.saveTraffic(servers.list(), Date.UTC(2026, 0, 1, 1));
  const rows = await temporary.database.kysely.selectFrom("transfers").select(["server_id", "in", "out"]).execute();
  expect(new Set(rows.map((row) => row.server_id)).size).toBe(250);
  expect(rows.every((row) => row.in === 30 && row.out === 30)).toBe(true);
  expect(rows).toHaveLength(250);
});

function stateWith(bytes: number): HostState {
  return {
    cpu: 0,
    memUsed: 0,
    swapUsed: 0,
    diskUsed: 0,
    netInTransfer: bytes,
    netOutTransfer: bytes,
    netInSpeed: 0,
    netOutSpeed: 0,
    uptime: 0,
    load1: 0,
    load5: 0,
    load15: 0,
    tcpConnCount: 0,
    udpConnCount: 0,
    processCount: 0,
    temperatures: [],
    gpu: [],
    gpus: [],
  };
}
