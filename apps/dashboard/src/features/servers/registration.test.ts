import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAuditLog } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createAdmission } from "./admission.ts";
import { createServerDirectory, followServers } from "./directory.ts";
import { createRegistration } from "./registration.ts";
import { serverKind, serverStore } from "./store.ts";

const NOW = Date.UTC(2026, 0, 1);
let temporary: TemporaryDatabase;
let audit: AuditLog;

beforeEach(async () => {
  temporary = await openTemporaryDatabase();
  audit = createAuditLog({ database: temporary.database, now: () => NOW });
});
afterEach(() => temporary.remove());

/** A process on the file; users from 100 on are deleted. */
async function open(serversPerMember = 1000, audited: Pick<AuditLog, "write"> = audit, pause = async () => undefined as void) {
  const { database } = temporary;
  let transactions = 0;
  const records = await database.keep(serverKind);
  const servers = createServerDirectory(records.list());
  followServers(records, servers);
  const admit = createAdmission({
    audit: audited,
    now: () => NOW,
    newName: () => "able-otter",
    serversPerMember,
    isMember: (id) => id !== 0,
    isOwner: async (_tx, id) => id < 100,
  });
  const counted: typeof database.change = (verb) => {
    transactions++;
    return database.change(verb);
  };
  const register = createRegistration({ database: { change: counted }, servers, admit, pause });
  return { register, servers, transactions: () => transactions };
}
const rows = async () => (await serverKind.load(temporary.database.kysely)).map(({ uuid, ownerId }) => [uuid, ownerId]);

test("registrations of others under way do not use up a member's places; his own do", async () => {
  const { register, servers } = await open(2);
  const others = ["a", "b", "c"].map((uuid) => register(uuid, 0));
  const mine = [register("d", 7), register("e", 7)];
  await expect(register("f", 7)).rejects.toMatchObject({ message: expect.stringContaining("too many servers") as string, args: [2] });
  await Promise.all([...others, ...mine]);
  expect(servers.list().filter((server) => server.settings.ownerId === 7)).toHaveLength(2);
  await expect(register("g", 7)).rejects.toThrow("too many servers");
});

test("the first agent is let in at once, and those that come soon after it share a transaction", async () => {
  const pauses: (() => void)[] = [];
  const { register, servers, transactions } = await open(1000, audit, () => new Promise((resolve) => void pauses.push(resolve)));
  await register("a", 7);
  const others = Promise.all(["b", "c", "d"].map((uuid) => register(uuid, 7)));
  await new Promise(setImmediate);
  expect([servers.size, transactions(), pauses.length]).toEqual([1, 1, 1]);
  pauses[0]?.();
  await others;
  expect([servers.size, transactions()]).toEqual([4, 2]);
  await vi.waitFor(() => expect(pauses).toHaveLength(2));
  pauses[1]?.();
  await new Promise(setImmediate);
  await register("e", 7);
  expect(transactions()).toBe(3);
});

test("calls that come together for one UUID share one row, which is the first one's", async () => {
  const { register, servers } = await open(2);
  const [first, second] = await Promise.all([register("a", 7), register("a", 8)]);
  expect(first).toBe(second);
  expect(servers.size).toBe(1);
  expect(await rows()).toEqual([["a", 7]]);
});

test("one UUID at two processes on one file is one row", async () => {
  const [one, other] = [await open(), await open()];
  const made = await Promise.all([one.register("a", 7), other.register("a", 7), one.register("b", 7), other.register("b", 7)]);
  expect(made.map(({ id }) => id)).toEqual([1, 1, 2, 2]);
  expect(await rows()).toEqual([
    ["a", 7],
    ["b", 7],
  ]);
});

test("a refused agent keeps no other of the same transaction out; a user who is gone gets no servers", async () => {
  const { register } = await open(1);
  const outcomes = await Promise.allSettled([register("x", 0), register("a", 7), register("b", 7), register("c", 100), register("d", 8)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected", "fulfilled"]);
  expect(outcomes[3]).toMatchObject({ reason: { messageId: "user id %d does not exist", args: [100] } });
  expect(await rows()).toEqual([
    ["x", 0],
    ["a", 7],
    ["d", 8],
  ]);
});

test("what fails fails whole, and the next call begins anew", async () => {
  let isFull = true;
  const write: AuditLog["write"] = (tx, deed) => (isFull ? Promise.reject(new Error("disk full")) : audit.write(tx, deed));
  const { register, servers } = await open(1000, { write });
  await expect(register("a", 7)).rejects.toThrow("disk full");
  expect([await rows(), servers.size]).toEqual([[], 0]);
  isFull = false;
  expect((await register("a", 7)).settings.uuid).toBe("a");
});

test("the audit log says who got which server, by nobody's hand", async () => {
  const { register } = await open();
  await register("a", 7);
  const [line] = await audit.newest(1);
  expect(line).toMatchObject({ kind: "system", action: "server.register", targetKind: "server", key: 1 });
  expect(line?.fields).toContainEqual({ field: "ownerId", to: 7 });
});

test("a server that is known already is nobody's registration", async () => {
  await serverStore.insert(temporary.database.kysely, { uuid: "a", ownerId: 9, name: "n" }, NOW);
  const { register } = await open();
  expect((await register("a", 7)).settings.ownerId).toBe(9);
  expect(await audit.newest(9)).toEqual([]);
});
