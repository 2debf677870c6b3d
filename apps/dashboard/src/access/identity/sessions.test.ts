import { randomBytes } from "node:crypto";
import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFactBus } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { createPasswords } from "#platform/password";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createLateWrites } from "@windfire/kit";
import { resetPassword } from "./reset-password.ts";
import { createSessions } from "./sessions.ts";
import type { Session } from "./session-store.ts";
import type { NewSession, Sessions, SessionsDeps } from "./sessions.ts";

const clock = createFakeClock();
const passwords = createPasswords({ cost: 4 });
let temporary: TemporaryDatabase;
let ended: string[];
beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
  ended = [];
  for (const id of [1, 2]) await addUser(id);
});
afterEach(async () => temporary.remove());

async function create(deps: Partial<SessionsDeps> = {}): Promise<Sessions> {
  const fail = (error: unknown): never => {
    throw error;
  };
  const facts = createFactBus({ onListenerError: (_name, error) => fail(error) });
  facts.subscribe("session.ended", ({ sessionKeys, reason }) => ended.push(...sessionKeys.map((key) => `${key} ${reason}`)));
  const lateWrites = createLateWrites({ onError: fail });
  return createSessions({
    clock,
    random: randomBytes,
    database: temporary.database,
    facts,
    lateWrites,
    lifeSeconds: 3_600,
    ...deps,
  });
}
const USER = { password: "", role: 0, agent_secret: "", reject_password: 0, created_at: null, updated_at: null, user_id: 0 };
const addUser = async (id: number): Promise<void> => {
  const { kysely } = temporary.database;
  await kysely
    .insertInto("users")
    .values({ ...USER, id, username: `user ${id}`, token_version: 0 })
    .execute();
};
const make = (sessions: Sessions, session: NewSession) => temporary.database.change((tx, changes) => sessions.create(tx, changes, session));
const begin = async (sessions: Sessions, userId = 1): Promise<Session> => {
  const session = await make(sessions, { userId, tokenVersion: 0, ip: "203.0.113.1", userAgent: "test", proven: true });
  if (!session) throw new Error("no session");
  return session;
};
test("nobody who is gone, or has another password by now, gets a session", async () => {
  const sessions = await create();
  const fresh = { tokenVersion: 0, ip: "", userAgent: "", proven: true };
  expect(await make(sessions, { ...fresh, userId: 99 })).toBeUndefined();
  expect(await make(sessions, { ...fresh, userId: 1, tokenVersion: 1 })).toBeUndefined();
  expect(await temporary.database.kysely.selectFrom("jwt_sessions").selectAll().execute()).toEqual([]);
});

test("a session that ended elsewhere is over here too, and what it has open is closed", async () => {
  const [here, elsewhere] = [await create(), await create()];
  const { key } = await begin(here);
  expect(await here.find(key)).toMatchObject({ revoked: false });
  await temporary.database.change((tx, changes) => elsewhere.endByUser(tx, changes, 1));
  expect(await here.find(key)).toMatchObject({ revoked: true });
  // Why it ended is known where it was ended.
  expect(ended.toSorted()).toEqual([`${key} logout`, `${key} password`]);
});

test("what is undone has ended nothing", async () => {
  const sessions = await create();
  const { key } = await begin(sessions);
  const undone = temporary.database.change(async (tx, changes) => {
    await sessions.deleteByUser(tx, changes, [1]);
    throw new Error("undone");
  });
  await expect(undone).rejects.toThrow("undone");
  expect(await sessions.find(key)).toMatchObject({ revoked: false });
  expect(ended).toEqual([]);
});

test("a session seen lately costs no SQL until it changes; a refresh gives it another life", async () => {
  const sessions = await create();
  const { key, expiresAt } = await begin(sessions);
  await sessions.find(key);
  const seen = sessions.find(key);
  if (seen === undefined || seen instanceof Promise) throw new Error("not in memory");
  clock.advance(1_000);
  await sessions.refresh(seen);
  expect(await sessions.find(key)).toMatchObject({ expiresAt: expiresAt + 1_000 });
});

test.each(["2001:DB8:0::1", "2001:db8::1%eth0", "2001:0db8:0000:0000:0000:0000:0000:0001"])(
  "a session that an older table binds to %s is bound to that address",
  async (ip) => {
    const { key } = await begin(await create());
    await temporary.database.kysely.updateTable("jwt_sessions").set({ ip }).where("key_id", "=", key).execute();
    expect(await (await create()).find(key)).toMatchObject({ ip: "2001:db8::1" });
  },
);

test("past the limit the session of the user unused for longest ends, nobody else's", async () => {
  const sessions = await create({ maxPerUser: 2 });
  const other = await begin(sessions, 2);
  const first = await begin(sessions);
  clock.advance(1_000);
  const second = await begin(sessions);
  clock.advance(120_000);
  sessions.touch(first);
  clock.advance(1_000);
  await begin(sessions);
  expect(ended).toEqual([`${second.key} expired`]);
  expect(await sessions.find(second.key)).toMatchObject({ revoked: true });
  expect(await sessions.find(other.key)).toMatchObject({ revoked: false });
});

test("garbage of many rows goes, in any zone the rows were written in", async () => {
  const sessions = await create();
  const alive = await begin(sessions);
  const row = { user_id: 1, ip: "", ua_hash: "", token_version: 0, created_at: null, last_used_at: null };
  const past = (zone: string): string => `2025-12-31 12:00:00${zone}`;
  for (let i = 0; i < 1_200; i++) {
    const old =
      i % 2 === 0
        ? { expires_at: past("+00:00"), revoked_at: null }
        : { expires_at: "2099-01-01 00:00:00+00:00", revoked_at: "2025-12-01 00:00:00+08:00" };
    await temporary.database.kysely
      .insertInto("jwt_sessions")
      .values({ ...row, ...old, key_id: `old ${i}` })
      .execute();
  }
  // As text it looks long past, but it was written far to the west and has just begun.
  const west = { key_id: "west", expires_at: "2025-12-31 22:30:00-12:00", revoked_at: null };
  await temporary.database.kysely
    .insertInto("jwt_sessions")
    .values({ ...row, ...west })
    .execute();
  await sessions.collectGarbage();
  const left = await temporary.database.kysely.selectFrom("jwt_sessions").select("key_id").execute();
  expect(left.map((each) => each.key_id).toSorted((a, b) => a.localeCompare(b))).toEqual(
    [alive.key, "west"].toSorted((a, b) => a.localeCompare(b)),
  );
});

test("a password is reset while no dashboard runs: sign-in by password again, sessions over", async () => {
  const { database } = temporary;
  const { key } = await begin(await create());
  const changed = { username: "admin", reject_password: 1, token_version: 3 };
  await database.kysely.updateTable("users").set(changed).where("id", "=", 1).execute();
  const reset = async (username: string, password: string): Promise<unknown> =>
    resetPassword({
      database,
      audit: createAuditLog({ database, now: () => clock.now() }),
      passwords,
      now: () => clock.now(),
      username,
      password,
    });
  await expect(reset("nobody", "new")).rejects.toThrow('there is no user "nobody"');
  await expect(reset("admin", "")).rejects.toThrow("the new password is empty");
  await expect(reset("admin", "x".repeat(73))).rejects.toThrow("72 bytes");
  await reset("admin", "new");
  const row = await database.kysely.selectFrom("users").selectAll().where("id", "=", 1).executeTakeFirstOrThrow();
  expect(row).toMatchObject({ reject_password: 0, token_version: 4 });
  expect(await passwords.verify("new", row.password ?? "")).toBe(true);
  expect(await (await create()).find(key)).toMatchObject({ revoked: true });
});
