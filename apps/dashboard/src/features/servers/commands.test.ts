import { afterEach, beforeEach, expect, test } from "vitest";
import { createFactBus } from "#kernel";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createServerCommands } from "./commands.ts";
import { createServerDirectory } from "./directory.ts";
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
    groupsHolding: async () => [],
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
