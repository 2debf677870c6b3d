import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPasswords } from "#platform/password";
import type { FirstPassword, UserCascade } from "./index.ts";
import { openBench } from "./testing/index.ts";
import type { AccessBench, Browser } from "./testing/index.ts";

let bench: AccessBench;
let admin: Browser;
const ALICE = { username: "alice", password: "alice-password", role: 1 };
const cascades: UserCascade[] = [];
beforeEach(async () => {
  cascades.length = 0;
  bench = await openBench({ deps: { cascades } });
  admin = await bench.admin();
});
afterEach(async () => bench.close());

const makeAlice = async (): Promise<Browser> => {
  await admin.post("/user", ALICE);
  return bench.browser().signIn(ALICE.username, ALICE.password);
};

describe("users", () => {
  test("are listed with their agents' secret and without anything of their password", async () => {
    await makeAlice();
    const answer = await admin.get("/user?id=1");
    expect(answer.data).toEqual([
      expect.objectContaining({ id: 1, username: "admin", role: 0, agent_secret: expect.stringMatching(/^[0-9A-Za-z]{32}$/) as string }),
      expect.objectContaining({ id: 2, username: "alice", role: 1 }),
    ]);
    expect(answer.text).not.toMatch(/password|token_version|\$2/);
  });

  test.each<[string, object, string]>([
    ["a short password", { password: "12345" }, "password length must be greater than 6"],
    ["no password", { password: undefined }, "password length must be greater than 6"],
    ["no name", { username: "" }, "username can't be empty"],
    ["role 2", { role: 2 }, "invalid role"],
    ["73 bytes of password", { password: "x".repeat(73) }, "bcrypt: password length exceeds 72 bytes"],
    ["a name that is taken", { username: "admin" }, "username already exists"],
  ])("are not made with %s", async (_label, fields, error) => {
    const answer = await admin.post("/user", { ...ALICE, ...fields });
    expect([answer.status, answer.error]).toEqual([200, error]);
  });

  test.each<[string, object, RegExp]>([
    ["role 256", { role: 256 }, /^role: /],
    ["a role in text", { role: "1" }, /^role: /],
    ["a name of 257 characters", { username: "x".repeat(257) }, /^username: /],
  ])("a refusal of %s names the field", async (_label, fields, error) => {
    expect((await admin.post("/user", { ...ALICE, ...fields })).error).toMatch(error);
  });

  test("lengths count bytes", async () => {
    expect((await admin.post("/user", { username: "umläut x", password: "äöü", role: 1 })).error).toBe("");
  });

  test("of two that ask for one name at the same time one gets it", async () => {
    const answers = await Promise.all([admin.post("/user", ALICE), admin.post("/user", ALICE)]);
    expect(answers.map(({ error }) => error).toSorted()).toEqual(["", "username already exists"]);
    expect(bench.access.users.count).toBe(2);
  });

  test("a new one's secret admits agents at once", async () => {
    await makeAlice();
    const account = bench.access.users.get(2);
    expect(bench.access.agents.userOfSecret(account?.agentSecret ?? "")).toBe(2);
    expect(bench.access.users.ownsEverything(1)).toBe(true);
    expect(bench.access.users.ownsEverything(2)).toBe(false);
    expect(bench.access.users.ownsEverything(0)).toBe(true);
  });

  test.each(["/user", "/waf", "/online-user"])("members do not see %s", async (path) => {
    const alice = await makeAlice();
    const answer = await alice.get(path);
    expect([answer.status, answer.error]).toEqual([200, "permission denied"]);
    expect((await bench.browser().get(path)).error).toBe("ApiErrorUnauthorized");
  });
});

describe("the own profile", () => {
  const change = { original_password: ALICE.password, new_username: "alice-2", new_password: "new-password" };

  test("shows the account and the address of this request when it is known", async () => {
    expect((await admin.get("/profile")).data).not.toHaveProperty("login_ip");
    bench.settings.webRealIpHeader = "NZ::Use-Peer-IP";
    const known = await bench.admin();
    expect((await known.get("/profile")).data).toMatchObject({ id: 1, username: "admin", role: 0, login_ip: "127.0.0.1" });
  });

  test.each<[string, object, string]>([
    ["a wrong password", { original_password: "wrong" }, "incorrect password"],
    ["73 bytes of password", { new_password: "x".repeat(73) }, "bcrypt: password length exceeds 72 bytes"],
    ["a short password", { new_password: "12345" }, "password length must be greater than 6"],
    ["no name", { new_username: "" }, "username can't be empty"],
    ["no way in left", { reject_password: true }, "you don't have any oauth2 bindings"],
    ["a name that is taken", { new_username: "admin" }, "username already exists"],
  ])("is not changed with %s", async (_label, fields, error) => {
    const alice = await makeAlice();
    expect((await alice.post("/profile", { ...change, ...fields })).error).toBe(error);
    expect((await alice.get("/profile")).data).toMatchObject({ username: "alice" });
    await bench.browser().signIn(ALICE.username, ALICE.password);
  });

  test("sessions do not survive a change of password, access tokens do", async () => {
    const alice = await makeAlice();
    const other = await bench.browser().signIn(ALICE.username, ALICE.password);
    const { token } = (await alice.post("/api-tokens", { name: "ci", scopes: ["nezha:cron:read"] })).data as { token: string };
    const ended: unknown[] = [];
    bench.facts.subscribe("session.ended", (fact) => ended.push([fact.sessionKeys.length, fact.reason]));
    expect((await alice.post("/profile", change)).error).toBe("");
    expect(ended).toEqual([[2, "password"]]);
    expect((await alice.get("/profile")).error).toBe("ApiErrorUnauthorized");
    expect((await other.get("/profile")).error).toBe("ApiErrorUnauthorized");
    expect(await bench.access.tokens.authenticate(token, "")).toHaveProperty("caller");
    await expect(bench.browser().signIn("alice", "new-password")).rejects.toThrow("ApiErrorUnauthorized");
    await expect(bench.browser().signIn("alice-2", ALICE.password)).rejects.toThrow("ApiErrorUnauthorized");
    await bench.browser().signIn("alice-2", "new-password");
    expect(bench.access.users.nameOf(2)).toBe("alice-2");
  });

  test("guessing the password of a stolen session is paced", async () => {
    const alice = await makeAlice();
    for (let i = 0; i < 20; i++)
      expect((await alice.post("/profile", { ...change, original_password: `guess ${i}` })).error).toBe("incorrect password");
    expect((await alice.post("/profile", change)).status).toBe(429);
  });
});

describe("deleting users", () => {
  test.each<[string, unknown, string]>([
    ["oneself", [1], "can't delete yourself"],
    ["nobody", [], "user id not specified"],
    ["null", null, "user id not specified"],
    ["the owner of the global secret", [0], "user id 0 does not exist"],
    ["somebody unknown", [2, 99], "user id 99 does not exist"],
  ])("is refused for %s, and nothing is gone", async (_label, ids, error) => {
    await makeAlice();
    expect((await admin.post("/batch-delete/user", ids)).error).toBe(error);
    expect(bench.access.users.count).toBe(2);
  });

  test("takes everything along: sessions, tokens, bindings, the secret, open streams and what other rooms keep", async () => {
    const alice = await makeAlice();
    const { token } = (await alice.post("/api-tokens", { name: "ci", scopes: ["nezha:cron:read"] })).data as { token: string };
    const found = await bench.access.tokens.authenticate(token, "");
    if (!("caller" in found)) throw new Error(found.failure);
    await bench.database.kysely
      .insertInto("oauth2_binds")
      .values({ user_id: 2, provider: "stub", open_id: "1", created_at: null, updated_at: null })
      .execute();
    const secret = bench.access.users.get(2)?.agentSecret ?? "";
    const steps: string[] = [];
    bench.access.liveConnections.register({ caller: found.caller, ip: "", close: (reason) => steps.push(`closed: ${reason}`) });
    cascades.push(async (tx, ids) => {
      steps.push(`rows of ${ids.join()}`);
      await tx
        .insertInto("notifications")
        .values({
          name: "trace",
          created_at: null,
          updated_at: null,
          user_id: 0,
          url: null,
          request_method: null,
          request_type: null,
          request_header: null,
          request_body: null,
          verify_tls: null,
          format_metric_units: null,
        })
        .execute();
      return () => steps.push("committed");
    });
    bench.facts.subscribe("user.deleted", ({ userId }) => steps.push(`told of ${userId}`));

    expect((await admin.post("/batch-delete/user", [2, 2])).error).toBe("");

    expect(steps).toEqual(["rows of 2", "committed", "closed: deleted", "told of 2"]);
    for (const table of ["api_tokens", "oauth2_binds"] as const)
      expect(await bench.database.kysely.selectFrom(table).selectAll().execute()).toEqual([]);
    expect(await bench.database.kysely.selectFrom("jwt_sessions").select("user_id").execute()).toEqual([{ user_id: 1 }]);
    expect((await alice.get("/profile")).error).toBe("ApiErrorUnauthorized");
    expect(await bench.access.tokens.authenticate(token, "")).toEqual({ failure: "invalid api token" });
    expect(bench.access.agents.userOfSecret(secret)).toBeUndefined();
    await expect(bench.browser().signIn(ALICE.username, ALICE.password)).rejects.toThrow("ApiErrorUnauthorized");
  });

  test("is undone as a whole when one part fails", async () => {
    const alice = await makeAlice();
    cascades.push(async () => {
      throw new Error("disk full");
    });
    expect((await admin.post("/batch-delete/user", [2])).status).toBe(500);
    expect((await alice.get("/profile")).error).toBe("");
    expect(await bench.database.kysely.selectFrom("users").select("id").execute()).toHaveLength(2);
  });
});

describe("first start", () => {
  const start = async (adminPassword: string | undefined): Promise<{ bench: AccessBench; shown: FirstPassword[] }> => {
    const shown: FirstPassword[] = [];
    return { shown, bench: await openBench({ deps: { adminPassword, showFirstPassword: (first) => shown.push(first) } }) };
  };

  test("an empty table gets an administrator with a random password, shown once; no default password", async () => {
    const first = await start(undefined);
    expect(first.shown).toEqual([{ username: "admin", password: expect.stringMatching(/^[0-9A-Za-z]{20}$/) as string }]);
    await expect(first.bench.browser().signIn("admin", "admin")).rejects.toThrow("ApiErrorUnauthorized");
    await first.bench.browser().signIn("admin", first.shown[0]?.password ?? "");
    await first.bench.close();
  });

  test("a given password is taken as it is and not shown, admin too", async () => {
    const first = await start("admin");
    expect(first.shown).toEqual([]);
    await first.bench.browser().signIn("admin", "admin");
    await first.bench.close();
  });

  test("73 bytes are refused before anything is written", async () => {
    await expect(start("x".repeat(73))).rejects.toThrow("NZ_ADMIN_PASSWORD must have at most 72 bytes");
  });

  test("a table with users is left alone but for missing secrets; older rows keep their rights", async () => {
    const shown: FirstPassword[] = [];
    const password = await createPasswords({ cost: 4 }).hash("old-password");
    const old = await openBench({
      deps: { adminPassword: undefined, showFirstPassword: (first) => shown.push(first), random: randomBytes },
      prepare: async (database) => {
        const row = { password, created_at: null, updated_at: null, user_id: 0, reject_password: null };
        await database.kysely
          .insertInto("users")
          .values([
            { ...row, username: "root", role: null, agent_secret: null },
            { ...row, username: "member", role: 1, agent_secret: "kept" },
          ])
          .execute();
      },
    });
    expect(shown).toEqual([]);
    const root = await old.browser().signIn("root", "old-password");
    expect((await root.get("/user")).data).toMatchObject([
      { username: "root", role: 0, agent_secret: expect.stringMatching(/^[0-9A-Za-z]{32}$/) as string },
      { username: "member", role: 1, agent_secret: "kept" },
    ]);
    await old.close();
  });
});
