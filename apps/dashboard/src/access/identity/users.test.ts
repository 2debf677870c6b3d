import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPasswords } from "#platform/password";
import type { Cascade } from "#platform/database";
import { openBench } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";

let bench: AccessBench;
let admin: Browser;
const ALICE = { username: "alice", password: "alice-password", role: 1 };
const cascades: Cascade[] = [];
beforeEach(async () => {
  cascades.length = 0;
  bench = await openBench({ deps: { cascades } });
  admin = await bench.admin();
});
afterEach(async () => bench.close());

const makeAlice = async (role = ALICE.role): Promise<Browser> => {
  await admin.post("/user", { ...ALICE, role });
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
    ["a short password of as many bytes", { new_password: "alice" }, "password length must be greater than 6"],
    ["no name", { new_username: "" }, "username can't be empty"],
    ["a name of 257 characters", { new_username: "x".repeat(257) }, "new_username: must have at most 256 characters"],
    ["no way in left", { reject_password: true }, "you don't have any oauth2 bindings"],
    ["a name that reads like another", { new_username: "ADMIN" }, "new_username: reads like that of another user"],
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
    expect(bench.access.tokens.authenticate(token, "")).toHaveProperty("caller");
    await expect(bench.browser().signIn("alice", "new-password")).rejects.toThrow("ApiErrorUnauthorized");
    await expect(bench.browser().signIn("alice-2", ALICE.password)).rejects.toThrow("ApiErrorUnauthorized");
    await bench.browser().signIn("alice-2", "new-password");
    expect(bench.access.users.nameOf(2)).toBe("alice-2");
  });

  test.each([
    ["a short password", { password: "abc" }],
    ["one byte", { password: "a" }],
    ["an empty password", { password: "" }],
    ["a name of 400 characters", { username: "x".repeat(400) }],
    ["an empty name", { username: "" }],
  ])("%s that is in use signs in and is taken back", async (_label, stored) => {
    await makeAlice();
    const { username, password } = { ...ALICE, ...stored };
    const hash = await createPasswords({ cost: 4 }).hash(password);
    const old = await openBench({
      prepare: async (database) => {
        const row = { role: 0, agent_secret: "kept", created_at: null, updated_at: null, user_id: 0, reject_password: 0 };
        await database.kysely
          .insertInto("users")
          .values({ ...row, username, password: hash })
          .execute();
      },
    });
    const browser = await old.browser().signIn(username, password);
    const form = { original_password: password, new_username: username, new_password: password };
    expect((await browser.post("/profile", form)).error).toBe("");
    const again = await old.browser().signIn(username, password);
    expect((await again.post("/profile", { ...form, new_username: "renamed" })).error).toBe("");
    await old.browser().signIn("renamed", password);
    await old.close();
  });

  test("guessing the password of a stolen session is paced, and its owner is not stopped by that", async () => {
    const thief = await makeAlice();
    const owner = await bench.browser().signIn(ALICE.username, ALICE.password);
    for (let i = 0; i < 20; i++)
      expect((await thief.post("/profile", { ...change, original_password: `guess ${i}` })).error).toBe("incorrect password");
    const late = await thief.post("/profile", change);
    expect([late.status, late.headers.get("retry-after")]).toEqual([429, "6"]);
    expect((await owner.post("/profile", change)).error).toBe("");
  });
});

describe("what comes too late", () => {
  /** Passwords whose next hash or comparison waits while something else happens. */
  const meanwhile = async (
    happens: (admin: Browser) => Promise<unknown>,
    run: (alice: Browser) => Promise<Answer>,
    role = ALICE.role,
  ): Promise<Answer> => {
    const real = createPasswords({ cost: 4 });
    let trap: (() => Promise<unknown>) | undefined;
    const spring = async (): Promise<void> => {
      const happening = trap;
      trap = undefined;
      await happening?.();
    };
    await bench.close();
    bench = await openBench({
      deps: {
        passwords: {
          hash: async (password) => {
            await spring();
            return real.hash(password);
          },
          verify: async (...args) => real.verify(...args),
          isCheap: () => false,
        },
      },
    });
    admin = await bench.admin();
    const alice = await makeAlice(role);
    trap = async () => happens(admin);
    const answer = await run(alice);
    expect(trap).toBeUndefined();
    return answer;
  };
  const change = { original_password: ALICE.password, new_username: "alice-2", new_password: "new-password" };
  const deleteAlice = async (by: Browser): Promise<unknown> => by.post("/batch-delete/user", [2]);
  const rows = async () => bench.database.kysely.selectFrom("users").select(["id", "username"]).orderBy("id").execute();

  test("a profile whose user is deleted during the hash does not come back", async () => {
    const answer = await meanwhile(deleteAlice, async (alice) => alice.post("/profile", change));
    expect(answer.error).toBe("unauthorized");
    expect(await rows()).toEqual([{ id: 1, username: "admin" }]);
    expect(bench.access.users.get(2)).toBeUndefined();
    expect(bench.access.users.list()).toHaveLength(1);
    await expect(bench.browser().signIn("alice-2", "new-password")).rejects.toThrow("ApiErrorUnauthorized");
    // Nor is the name taken.
    expect((await admin.post("/user", { ...ALICE, username: "alice-2" })).error).toBe("");
  });

  test("a password allowed by one that was changed during the hash does not win", async () => {
    const other = async (): Promise<unknown> => {
      const browser = await bench.browser().signIn(ALICE.username, ALICE.password);
      return browser.post("/profile", { ...change, new_username: "alice", new_password: "the owner's" });
    };
    const answer = await meanwhile(other, async (alice) => alice.post("/profile", change));
    expect(answer.error).toBe("unauthorized");
    await bench.browser().signIn("alice", "the owner's");
  });

  test("an administrator who is deleted during the hash makes no user", async () => {
    const create = async (alice: Browser): Promise<Answer> => alice.post("/user", { username: "late", password: "late-password", role: 0 });
    expect((await meanwhile(deleteAlice, create, 0)).error).toBe("unauthorized");
    expect(await rows()).toEqual([{ id: 1, username: "admin" }]);
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
    const found = bench.access.tokens.authenticate(token, "");
    if (!("caller" in found)) throw new Error(found.failure);
    await bench.database.kysely
      .insertInto("oauth2_binds")
      .values({ user_id: 2, provider: "stub", open_id: "1", created_at: null, updated_at: null })
      .execute();
    const secret = bench.access.users.get(2)?.agentSecret ?? "";
    const steps: string[] = [];
    bench.access.liveConnections.register({ caller: found.caller, ip: "", close: (reason) => steps.push(`closed: ${reason}`) });
    cascades.push(async (tx, ids, changes) => {
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
      changes.afterwards(() => steps.push("committed"));
    });
    bench.facts.subscribe("user.deleted", ({ userId }) => steps.push(`told of ${userId}`));

    expect((await admin.post("/batch-delete/user", [2, 2])).error).toBe("");

    expect(steps).toEqual(["rows of 2", "closed: deleted", "told of 2", "committed"]);
    for (const table of ["api_tokens", "oauth2_binds"] as const)
      expect(await bench.database.kysely.selectFrom(table).selectAll().execute()).toEqual([]);
    expect(await bench.database.kysely.selectFrom("jwt_sessions").select("user_id").execute()).toEqual([{ user_id: 1 }]);
    expect((await alice.get("/profile")).error).toBe("ApiErrorUnauthorized");
    expect(bench.access.tokens.authenticate(token, "")).toMatchObject({ failure: "invalid api token" });
    expect(bench.access.agents.userOfSecret(secret)).toBeUndefined();
    await expect(bench.browser().signIn(ALICE.username, ALICE.password)).rejects.toThrow("ApiErrorUnauthorized");
  });

  test.each([
    ["makes no user", async (by: Browser) => by.post("/user", { ...ALICE, username: "carol" })],
    ["deletes nobody", async (by: Browser) => by.post("/batch-delete/user", [3])],
  ])("whoever is no administrator any more in the table, and memory does not know yet, %s", async (_label, act) => {
    const second = await makeAlice(0);
    await admin.post("/user", { ...ALICE, username: "bob" });
    await bench.database.kysely.updateTable("users").set({ role: 1 }).where("id", "=", 2).execute();
    expect((await act(second)).error).toBe("unauthorized");
    expect(await bench.database.kysely.selectFrom("users").select("id").execute()).toHaveLength(3);
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
