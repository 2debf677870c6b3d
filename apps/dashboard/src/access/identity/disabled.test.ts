import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { createFactBus, publicScope, ROLE, scope } from "#kernel";
import { createAuditLog } from "#platform/audit";
import { route, socketRoute } from "#platform/http";
import { ADMIN_PASSWORD, createSoftKey, openBench, setUpGenerator } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";
import { z } from "zod";
import { requireAdministrator } from "./administrators.ts";
import { announceEnds } from "./ends.ts";
import { resetPassword } from "./reset-password.ts";

const ORIGIN = "https://dash.example.com:8443";
const DISABLED = "this user is disabled: ask an administrator";
const UNAUTHORIZED = "ApiErrorUnauthorized";
const ALICE = { username: "alice", password: "alice-password", role: 1 };
const ID = 2;

let bench: AccessBench;
let admin: Browser;
let alice: Browser;
beforeEach(async () => {
  bench = await openBench({
    config: { dashboardHost: "dash.example.com:8443", webRealIpHeader: "NZ::Use-Peer-IP" },
    prepare: async ({ kysely }) => void (await kysely.insertInto("wf_disabled_users").values({ user_id: 7, since: 1 }).execute()),
    routes: [
      route({
        method: "GET",
        path: "/script",
        access: scope("nezha:server:read"),
        summary: "s",
        tag: "t",
        data: z.string(),
        run: () => "in",
      }),
    ],
    sockets: ({ liveConnections }) => [
      socketRoute({
        path: "/ws/live",
        access: publicScope("nezha:inventory:read"),
        summary: "s",
        tag: "t",
        maxMessage: 16,
        prepare:
          ({ caller, ip }) =>
          (socket) => {
            const release = liveConnections.register({ caller, ip, close: (reason) => socket.close(1008, reason) });
            socket.once("close", release);
          },
      }),
    ],
  });
  admin = await bench.admin();
  await admin.post("/user", ALICE);
  alice = await bench.browser().signIn(ALICE.username, ALICE.password);
});
afterEach(async () => bench.close());

const edit = (body: object, id = ID, by = admin): Promise<Answer> => by.call("PATCH", `/user/${id}`, { body: JSON.stringify(body) });
const disable = (): Promise<Answer> => edit({ disabled: true });
const enable = (): Promise<Answer> => edit({ disabled: false });
const login = (fields: object = {}): Promise<Answer> => bench.browser().post("/login", { ...ALICE, ...fields });
const strikes = async (): Promise<number> => (await bench.access.waf.list({ offset: 0, limit: 10 })).total;
const told = async (): Promise<unknown> => ((await admin.get("/user")).data as { disabled?: boolean }[]).map(({ disabled }) => disabled);
const issue = async (...scopes: string[]): Promise<string> =>
  ((await alice.post("/api-tokens", { name: "script", scopes })).data as { token: string }).token;
const connect = async (headers: Record<string, string>): Promise<{ ended: Promise<string> }> => {
  const socket = new WebSocket(`${bench.base.replace("http", "ws")}/api/v1/ws/live`, { headers });
  const ended = once(socket, "close").then(([, reason]) => String(reason));
  await once(socket, "open");
  return { ended };
};

test("the list says who is disabled; the row of `users` says nothing of it", async () => {
  const row = async () => bench.database.kysely.selectFrom("users").selectAll().where("id", "=", ID).executeTakeFirstOrThrow();
  const before = await row();
  bench.clock.advance(60_000);
  expect(await told()).toEqual([undefined, undefined]);
  expect((await disable()).error).toBe("");
  expect(await told()).toEqual([undefined, true]);
  expect(await row()).toEqual(before);
  expect((await enable()).error).toBe("");
  expect(await told()).toEqual([undefined, undefined]);
});

describe("a disabled user", () => {
  test("is refused with the right password, and told why only with it; enabled again comes in", async () => {
    await disable();
    const answer = await login();
    expect([answer.error, answer.setCookies]).toEqual([DISABLED, []]);
    expect(await strikes()).toBe(0);
    expect((await login({ password: "wrong-password" })).error).toBe(UNAUTHORIZED);
    expect(await strikes()).toBe(1);
    await enable();
    expect((await login()).error).toBe("");
  });

  test("is told why after the second factor, not before, and the code is not used up", async () => {
    const generator = await setUpGenerator(alice, bench.clock.now());
    await disable();
    expect((await login()).error).toBe("second factor required");
    bench.clock.advance(60_000);
    const code = generator.at(bench.clock.now());
    expect((await login({ code })).error).toBe(DISABLED);
    await enable();
    expect((await login({ code })).error).toBe("");
  });

  test("is refused with a passkey", async () => {
    const key = createSoftKey();
    await alice.post("/passkey", { name: "laptop", response: key.create((await alice.post("/passkey/options")).data, ORIGIN) });
    await disable();
    const enter = async (): Promise<Answer> => {
      const options = (await bench.browser().post("/login/passkey/options")).data;
      return bench.browser().post("/login/passkey", key.get(options, ORIGIN));
    };
    expect((await enter()).error).toBe(DISABLED);
    expect(await strikes()).toBe(0);
    await enable();
    expect((await enter()).error).toBe("");
  });

  test("has no session any more, and none comes back", async () => {
    await disable();
    expect((await alice.get("/profile")).error).toBe(UNAUTHORIZED);
    await enable();
    expect((await alice.get("/profile")).error).toBe(UNAUTHORIZED);
  });

  test("gets nowhere by a session that was not ended", async () => {
    await bench.database.change(async (tx, changes) => {
      await tx.insertInto("wf_disabled_users").values({ user_id: ID, since: 1 }).execute();
      changes.put("user", ID);
    });
    expect((await alice.get("/profile")).error).toBe(UNAUTHORIZED);
  });

  test("is refused with an access token, which works again later", async () => {
    const script = bench.browser({ authorization: `Bearer ${await issue("nezha:server:read")}` });
    expect((await script.get("/script")).data).toBe("in");
    await disable();
    const answer = await script.get("/script");
    expect([answer.status, answer.error]).toEqual([401, "ApiErrorUnauthorized: owner of api token is disabled"]);
    expect(await strikes()).toBe(0);
    await enable();
    expect((await script.get("/script")).data).toBe("in");
  });

  test("loses what is open, by session and by token, and what is opened after being enabled stays", async () => {
    const authorization = `Bearer ${await issue("nezha:inventory:read")}`;
    const [bySession, byToken] = [await connect({ cookie: `nz-jwt=${alice.token}` }), await connect({ authorization })];
    await disable();
    expect([await bySession.ended, await byToken.ended]).toEqual(["disabled", "disabled"]);
    await enable();
    await connect({ authorization });
    await admin.get("/user");
    expect(bench.access.liveConnections.count).toBe(1);
  });

  test("keeps agents, rows and role", async () => {
    const { agent_secret: secret } = (await alice.get("/profile")).data as { agent_secret: string };
    await disable();
    expect(bench.access.agents.userOfSecret(secret)).toBe(ID);
    expect((await admin.get("/user")).data).toMatchObject([{}, { username: "alice", role: 1, agent_secret: secret }]);
  });

  test("who is deleted leaves nothing, and what another program left is removed at the start", async () => {
    const rows = async () => bench.database.kysely.selectFrom("wf_disabled_users").select("user_id").execute();
    expect(await rows()).toEqual([]);
    await disable();
    expect(await rows()).toEqual([{ user_id: ID }]);
    await admin.post("/batch-delete/user", [ID]);
    expect(await rows()).toEqual([]);
  });

  test("is enabled by a password that is reset from the command line", async () => {
    await disable();
    const { database } = bench;
    const audit = createAuditLog({ database, now: () => 0 });
    const reset = { database, audit, passwords: bench.deps.passwords, now: () => 0, username: "alice", password: "another-password" };
    expect(await resetPassword(reset)).toEqual({ wasDisabled: true });
    expect((await login({ password: "another-password" })).error).toBe("");
    expect(await resetPassword(reset)).toEqual({ wasDisabled: false });
  });
});

describe("disabling", () => {
  test("is for administrators, and not of the own account", async () => {
    expect((await edit({ disabled: true }, 1, alice)).error).toBe("permission denied");
    expect((await edit({ disabled: true }, 1)).error).toBe("the own account is changed on the profile page");
    expect((await edit({ disabled: "yes" })).error).toMatch(/disabled/);
    expect(await told()).toEqual([undefined, undefined]);
  });

  test("two administrators cannot disable each other at once: one is left who gets in", async () => {
    await edit({ role: 0 });
    const other = await bench.browser().signIn(ALICE.username, ALICE.password);
    const answers = await Promise.all([edit({ disabled: true }), edit({ disabled: true }, 1, other)]);
    expect(answers.filter(({ error }) => error === "")).toHaveLength(1);
    const left = await Promise.all([login(), login({ username: "admin", password: ADMIN_PASSWORD })]);
    expect(left.filter(({ error }) => error === "")).toHaveLength(1);
  });

  test("ends what an administrator asked for before, and was not done yet", async () => {
    await edit({ role: 0 });
    const caller = { kind: "session", user: { id: ID, username: "alice", role: ROLE.admin }, sessionKey: "k", via: "cookie" } as const;
    const act = async (): Promise<void> => bench.database.change((tx) => requireAdministrator(tx, caller));
    await act();
    await disable();
    await expect(act()).rejects.toThrow("unauthorized");
  });

  test("asks for a confirmation where that is set", async () => {
    bench.settings.stepUp = "all";
    bench.clock.advance(11 * 60_000);
    expect((await disable()).error).toBe("confirm it is you: sign in again");
  });

  test("is in the audit log", async () => {
    await disable();
    const [line] = await createAuditLog({ database: bench.database, now: () => 0 }).newest(1);
    expect(line).toMatchObject({ action: "user.update", key: ID, fields: [{ field: "disabled", from: false, to: true }] });
  });
});

test("after a gap in the log whoever is disabled by then has nothing open", () => {
  const facts = createFactBus({ onListenerError: () => undefined });
  const heard: number[] = [];
  facts.subscribe("user.disabled", ({ userId }) => heard.push(userId));
  const subscribers: { reloaded?: ((records: readonly never[]) => void) | undefined }[] = [];
  const kept = { subscribe: (subscriber: (typeof subscribers)[number]) => subscribers.push(subscriber) };
  announceEnds({ accounts: kept as never, tokens: kept as never, facts });
  const records = [1, 2].map((id) => ({ user: { id }, disabled: id === 2 }));
  for (const { reloaded } of subscribers) reloaded?.(records as never);
  expect(heard).toEqual([2]);
});
