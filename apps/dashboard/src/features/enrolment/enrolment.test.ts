import { afterEach, beforeEach, expect, test } from "vitest";
import { createFakeClock } from "@windfire/testkit";
import type { FakeClock } from "@windfire/testkit";
import { createTraffic } from "#features/traffic";
import { createServers } from "#features/servers";
import { GUEST } from "#kernel";
import type { Caller } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { runCascades } from "#platform/database";
import { openTemporaryDatabase, statement } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import { createEnrolment } from "./index.ts";
import type { Enrolment } from "./index.ts";

const UUID = "11111111-2222-4333-8444-555555555555";
const OTHER = "aaaaaaaa-2222-4333-8444-555555555555";
const session = (id: number, role: 0 | 1): Caller => ({
  kind: "session",
  user: { id, username: `user ${id}`, role },
  sessionKey: "k",
  via: "header",
});
const [admin, alice, bob] = [session(1, 0), session(2, 1), session(3, 1)];

let temporary: TemporaryDatabase;
let clock: FakeClock;
beforeEach(async () => {
  clock = createFakeClock();
  temporary = await openTemporaryDatabase({ clock });
});
afterEach(() => temporary.remove());

/** A process over the file; users from 100 on are deleted. */
async function open(options: { serversPerMember?: number } = {}) {
  const { database } = temporary;
  const now = (): number => clock.now();
  const audit = createAuditLog({ database, now });
  const later: { enrolment?: Enrolment } = {};
  const isOwner = async (_tx: unknown, id: number): Promise<boolean> => id < 100;
  const servers = await createServers({
    database,
    audit,
    now,
    random: Math.random,
    monotonic: now,
    pause: async () => undefined,
    trafficRecords: createTraffic(database).records,
    lastSeen: () => undefined,
    usernameOf: () => undefined,
    isMember: (id) => id > 1,
    isOwner,
    serversPerMember: options.serversPerMember ?? 10,
    rowsPerMember: 10,
    ddnsProfile: () => undefined,
    onSave: async () => undefined,
    requirePath: async () => undefined,
    movedCascades: [],
    groupCascades: [],
    cascades: [async (tx, ids, changes) => later.enrolment?.cascades.servers(tx, ids, changes)],
    onError: (error) => expect.unreachable(String(error)),
  });
  const cut: number[] = [];
  const ended: number[] = [];
  let serial = 0;
  const enrolment = await createEnrolment({
    clock,
    now,
    random: (size) => new Uint8Array(size).map(() => (serial = (Math.imul(serial, 1_664_525) + 1_013_904_223) >>> 0) >>> 24),
    database,
    audit,
    isOwner,
    admit: servers.admit,
    findGroup: servers.findGroup,
    findServer: async (tx, id) => {
      const row = await tx.selectFrom("servers").select(["id", "user_id"]).where("id", "=", id).executeTakeFirst();
      return row && { id: row.id, ownerId: row.user_id ?? 0 };
    },
    server: (id) => servers.directory.get(id)?.settings,
    endOtherCredentials: async (_tx, ids) => void ended.push(...ids),
    cut: (ids) => cut.push(...ids),
  });
  later.enrolment = enrolment;
  const call = createRouteCaller([...enrolment.routes, ...servers.routes]);
  const data = async (caller: Caller, request: string, body?: unknown): Promise<unknown> => {
    const answer = await call(caller, request, body);
    if ("error" in answer) throw new Error(answer.error);
    return answer.data;
  };
  const code = async (caller: Caller = alice, form: object = {}): Promise<string> =>
    ((await data(caller, "POST /enrolment-code", form)) as { code: string }).code;
  const enrol = async (text: string, uuid = UUID) =>
    (await data(GUEST, "POST /enrol", { code: text, uuid })) as { client_secret: string; server_id: number };
  return { servers, enrolment, cut, ended, call, data, code, enrol, audit };
}

const codes = () => temporary.database.kysely.selectFrom("wf_enrolment_codes").selectAll().execute();
const enrolments = () => temporary.database.kysely.selectFrom("wf_enrolments").selectAll().execute();

test("a code becomes a server of its owner's with name and group, and a credential that is good for it alone", async () => {
  const { data, code, enrol, enrolment, servers } = await open();
  const group = (await data(alice, "POST /server-group", { name: "g", servers: [] })) as number;
  const { client_secret, server_id } = await enrol(await code(alice, { name: "web-3", server_group_id: group }));
  expect(servers.directory.get(server_id)?.settings).toMatchObject({ name: "web-3", ownerId: 2, uuid: UUID });
  expect(await data(alice, "GET /server-group")).toMatchObject([{ servers: [server_id] }]);
  expect(enrolment.credential(client_secret)).toMatchObject({ serverId: server_id, uuid: UUID, ownerId: 2, isGood: true });
  expect([enrolment.credential(`${client_secret}x`), enrolment.credential("wfa_"), enrolment.credential("")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(client_secret).toMatch(/^wfa_[0-9A-Za-z]{43}$/);
});

test("neither code nor credential is kept, written to the audit log, or shown again", async () => {
  const { data, code, enrol } = await open();
  const kept = await code();
  const used = await code();
  const { client_secret } = await enrol(used);
  const all = JSON.stringify([
    await codes(),
    await enrolments(),
    await temporary.database.kysely.selectFrom("wf_audit").selectAll().execute(),
    await temporary.database.kysely.selectFrom("wf_changes").selectAll().execute(),
    await data(admin, "GET /enrolment-code"),
    await data(admin, "GET /enrolment"),
  ]);
  for (const secret of [kept, used, client_secret, client_secret.slice(4)]) expect(all).not.toContain(secret);
});

test("a code is good once, also for hosts that come together", async () => {
  const { code, enrol } = await open();
  const text = await code();
  const outcomes = await Promise.allSettled([enrol(text), enrol(text, OTHER), enrol(text)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  await expect(enrol(text)).rejects.toThrow("not known, used up, or older than 10 minutes");
  expect(await enrolments()).toHaveLength(1);
});

test("a code is good for ten minutes, also after a restart, and then gone", async () => {
  const before = await open();
  const [first, second] = [await before.code(), await before.code()];
  const after = await open();
  clock.advance(10 * 60_000 - 1);
  await after.enrol(first);
  clock.advance(1);
  await expect(after.enrol(second)).rejects.toThrow("not known, used up, or older than 10 minutes");
  expect(await after.data(alice, "GET /enrolment-code")).toEqual([]);
  await after.code();
  expect(await codes()).toHaveLength(1);
});

test("codes withdrawn, and those of deleted users, are good no more", async () => {
  const { data, code, enrol, enrolment, call } = await open();
  const withdrawn = await code(alice);
  const [row] = (await data(alice, "GET /enrolment-code")) as { id: number }[];
  expect(await call(bob, "POST /batch-delete/enrolment-code", [row?.id])).toEqual({ error: "permission denied" });
  expect(await data(bob, "GET /enrolment-code")).toEqual([]);
  await data(alice, "POST /batch-delete/enrolment-code", [row?.id, 999]);
  await expect(enrol(withdrawn)).rejects.toThrow("not known");
  const orphaned = [await code(alice), await code(admin, { owner_id: 2 })];
  await temporary.database.change((tx, changes) => runCascades(tx, [enrolment.cascades.users], [2], changes));
  for (const text of orphaned) await expect(enrol(text)).rejects.toThrow("not known");
});

test("a hundred codes are open for one user at once", async () => {
  const { code } = await open();
  for (let made = 0; made < 100; made++) await code();
  await expect(code()).rejects.toThrow("too many rows: at most 100");
  await code(bob);
  clock.advance(10 * 60_000);
  await code();
});

test("guesses are paced by address, and a right code is let in when its turn comes", async () => {
  const { code, enrol } = await open();
  const text = await code();
  for (let guess = 0; guess < 20; guess++) await expect(enrol(`guess ${guess}`)).rejects.toThrow("not known");
  await expect(enrol(text)).rejects.toThrow("too many failed attempts, try again in 6 s");
  expect(await codes()).toHaveLength(1);
  clock.advance(6000);
  await enrol(text);
});

test.each<[string, Caller, object, string]>([
  ["a member for somebody else", alice, { owner_id: 3 }, "permission denied"],
  ["a member for the global owner's group", alice, { server_group_id: 1 }, "permission denied"],
  ["a group that is not there", alice, { server_group_id: 77 }, "group id 77 does not exist"],
  ["a user who is not there", admin, { owner_id: 100 }, "user id 100 does not exist"],
  [
    "a token for some servers",
    { kind: "token", user: { id: 2, username: "alice", role: 1 }, tokenId: 5, scopes: ["nezha:*"], serverIds: new Set([1]) },
    {},
    "permission denied",
  ],
])("no code for %s", async (_name, caller, form, error) => {
  const { data, call } = await open();
  await data(admin, "POST /server-group", { name: "admin's", servers: [] });
  expect(await call(caller, "POST /enrolment-code", form)).toEqual({ error });
  expect(await codes()).toEqual([]);
});

test("the host of somebody else's server cannot be taken over, and the code stays good", async () => {
  const { code, enrol } = await open();
  await enrol(await code(alice));
  const text = await code(bob);
  await expect(enrol(text, UUID)).rejects.toThrow("a server with this UUID belongs to somebody else");
  expect(await enrolments()).toMatchObject([{ owner_id: 2, revoked_at: 0 }]);
  await enrol(text, OTHER);
});

test("whoever has too many servers gets none by codes either, and the code stays good", async () => {
  const { code, enrol, servers, data } = await open({ serversPerMember: 1 });
  const { server_id } = await enrol(await code());
  const text = await code();
  await expect(enrol(text, OTHER)).rejects.toThrow("too many servers: at most 1");
  expect([servers.directory.size, (await codes()).length]).toEqual([1, 1]);
  await data(alice, "POST /batch-delete/server", [server_id]);
  await enrol(text, OTHER);
});

test("a host that enrols again has a new credential and the same server; the old one ends with its streams", async () => {
  const { code, enrol, enrolment, cut } = await open();
  const first = await enrol(await code());
  expect(cut).toEqual([]);
  const second = await enrol(await code(alice, { name: "not renamed" }));
  expect(second.server_id).toBe(first.server_id);
  expect([enrolment.credential(first.client_secret)?.isGood, enrolment.credential(second.client_secret)?.isGood]).toEqual([false, true]);
  expect(cut).toEqual([first.server_id]);
});

test("a credential is revoked by whoever may manage the server: it ends, its streams end, and a second time there is nothing", async () => {
  const { data, call, code, enrol, enrolment, cut } = await open();
  const { client_secret, server_id } = await enrol(await code());
  const [row] = (await data(alice, "GET /enrolment")) as { id: number }[];
  expect(await data(bob, "GET /enrolment")).toEqual([]);
  expect(await call(bob, `POST /enrolment/${row?.id}/revoke`)).toEqual({ error: "permission denied" });
  expect([enrolment.credential(client_secret)?.isGood, cut]).toEqual([true, []]);
  await data(alice, `POST /enrolment/${row?.id}/revoke`);
  expect([enrolment.credential(client_secret)?.isGood, cut]).toEqual([false, [server_id]]);
  expect(await call(alice, `POST /enrolment/${row?.id}/revoke`)).toEqual({ error: "permission denied" });
  const restarted = await open();
  expect(restarted.enrolment.credential(client_secret)?.isGood).toBe(false);
});

test("revocation at another process on the same file counts here", async () => {
  const [one, other] = [await open(), await open()];
  const { client_secret, server_id } = await one.enrol(await one.code());
  const [row] = (await one.data(alice, "GET /enrolment")) as { id: number }[];
  await other.data(alice, `POST /enrolment/${row?.id}/revoke`);
  await temporary.database.change(async (_tx, changes) => changes.put("enrolment", row?.id ?? 0));
  expect([one.enrolment.credential(client_secret)?.isGood, one.cut]).toEqual([false, [server_id]]);
});

test("the credential ends in the transaction that deletes the server", async () => {
  const { data, code, enrol, enrolment } = await open();
  const { client_secret, server_id } = await enrol(await code());
  await data(alice, "POST /batch-delete/server", [server_id]);
  expect(enrolment.credential(client_secret)).toMatchObject({ isGood: false });
  expect(await data(alice, "GET /enrolment")).toEqual([]);
});

test("with a credential that is given or revoked, whatever else the host was given to sign in with ends", async () => {
  const { call, code, data, enrol, ended } = await open();
  const another = await code();
  await enrol(await code());
  expect(ended).toEqual([1]);
  expect(await call(GUEST, "POST /enrol", { code: "unknown", uuid: UUID })).toMatchObject({ error: expect.any(String) as string });
  expect(ended).toEqual([1]);
  await enrol(another);
  const [row] = (await data(alice, "GET /enrolment")) as { id: number }[];
  await data(alice, `POST /enrolment/${row?.id}/revoke`);
  expect(ended).toEqual([1, 1, 1]);
});

test("of revoked credentials the newest thousand are remembered", async () => {
  const { enrol, code, data, enrolment } = await open();
  const insert = temporary.database.kysely.insertInto("wf_enrolments");
  const old = { uuid: OTHER, owner_id: 2, address: "", created_at: 1 };
  await insert
    .values(Array.from({ length: 1000 }, (_, i) => ({ ...old, server_id: 5000 + i, hash: `h${i}`, revoked_at: i + 1 })))
    .execute();
  const { client_secret, server_id } = await enrol(await code());
  await data(alice, "POST /batch-delete/server", [server_id]);
  const hashes = (await enrolments()).map(({ hash }) => hash);
  expect([hashes.length, hashes.includes("h0"), hashes.includes("h1")]).toEqual([1000, false, true]);
  expect(enrolment.credential(client_secret)).toMatchObject({ isGood: false });
});

test("an exchange that fails at any step leaves code, servers, groups and credentials as they were", async () => {
  const { database } = temporary;
  const before = await open();
  const text = await before.code();
  const rows = async () => [await codes(), await enrolments(), await database.kysely.selectFrom("servers").selectAll().execute()];
  const untouched = await rows();
  for (const table of ["servers", "wf_enrolments", "wf_audit", "wf_changes"]) {
    const name = `fail_${table}`;
    await statement(database, `CREATE TRIGGER ${name} BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'disk'); END`).run();
    await expect(before.enrol(text)).rejects.toThrow("disk");
    await statement(database, `DROP TRIGGER ${name}`).run();
    expect(await rows()).toEqual(untouched);
  }
  await before.enrol(text);
});

test("who made, used and ended what is written down", async () => {
  const { audit, data, code, enrol } = await open();
  await enrol(await code());
  const [row] = (await data(alice, "GET /enrolment")) as { id: number }[];
  await data(alice, `POST /enrolment/${row?.id}/revoke`);
  const lines = (await audit.newest(10)).map(({ action, kind, userId, address }) => [action, kind, userId, address]);
  expect(lines.toReversed()).toEqual([
    ["enrolment-code.create", "user", 2, ""],
    ["server.register", "system", 0, ""],
    ["enrolment.create", "guest", 0, "127.0.0.1"],
    ["enrolment.revoke", "user", 2, ""],
  ]);
});
