import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ADMIN_PASSWORD, codeAt, openBench, setUpGenerator } from "#access/testing";
import type { AccessBench, Answer, Browser, Generator } from "#access/testing";
import { createAuditLog } from "#platform/audit";
import { resetPassword } from "./reset-password.ts";
import { createPasswords } from "#platform/password";

const STEP_MS = 30_000;
const HOME = "203.0.113.5";
const UNAUTHORIZED = "ApiErrorUnauthorized";

let bench: AccessBench;
let admin: Browser;
let generator: Generator;
const CLOSE = "CREATE TRIGGER closed BEFORE INSERT ON";
beforeEach(async () => {
  bench = await openBench({ config: { webRealIpHeader: "X-Test-IP" } });
  admin = await bench.admin({ "x-test-ip": HOME });
  generator = await setUpGenerator(admin, bench.clock.now());
  nextStep();
});
afterEach(async () => bench.close());

const nextStep = (): void => bench.clock.advance(STEP_MS);
/** An address that nobody has had: strikes shut the others out for a while. */
let addresses = 0;
const elsewhere = (): string => `198.51.100.${++addresses}`;
beforeEach(() => (addresses = 0));
const shown = (): string => generator.at(bench.clock.now());
/** Six digits that are no code now. */
const wrong = (): string => {
  const codes = new Set([-2, -1, 0, 1, 2].map((apart) => generator.at(bench.clock.now() + apart * STEP_MS)));
  return ["000000", "000001", "000002", "000003", "000004", "000005"].find((code) => !codes.has(code)) ?? "";
};
const login = async (fields: object, ip = elsewhere()): Promise<Answer> =>
  bench.browser({ "x-test-ip": ip }).post("/login", { username: "admin", ...fields });
const strikes = async (): Promise<number> =>
  (await bench.database.kysely.selectFrom("nz_waf").selectAll().execute()).reduce((sum, { count }) => sum + Number(count), 0);
const lines = async (): Promise<readonly unknown[]> =>
  (await createAuditLog({ database: bench.database, now: () => 0 }).newest(50)).toReversed().map(({ action, fields }) => [action, fields]);

describe("signing in", () => {
  test("a right password alone is answered in words, without a strike and without a session", async () => {
    for (const fields of [{ password: ADMIN_PASSWORD }, { password: ADMIN_PASSWORD, code: "" }]) {
      const answer = await login(fields);
      expect([answer.status, answer.error, answer.setCookies]).toEqual([200, "second factor required", []]);
    }
    expect(await strikes()).toBe(0);
  });

  test.each([
    ["in the field", () => ({ password: ADMIN_PASSWORD, code: shown() })],
    ["behind the password", () => ({ password: ADMIN_PASSWORD + shown() })],
    ["of the step before", () => ({ password: ADMIN_PASSWORD, code: generator.at(bench.clock.now() + STEP_MS) })],
  ])("a right password and the code %s come in", async (_how, fields) => {
    expect((await login(fields())).error).toBe("");
  });

  test("only a right password tells that there is a second factor", async () => {
    for (const fields of [
      { password: "wrong" },
      { password: `wrong${shown()}` },
      { password: "wrong", code: shown() },
      { password: "wrong", code: "" },
    ])
      expect((await login(fields)).error).toBe(UNAUTHORIZED);
    expect(await strikes()).toBe(4);
  });

  test("a wrong code counts like a wrong password", async () => {
    expect((await login({ password: ADMIN_PASSWORD + wrong() })).error).toBe(UNAUTHORIZED);
    expect((await login({ password: ADMIN_PASSWORD, code: wrong() })).error).toBe(UNAUTHORIZED);
    expect(await strikes()).toBe(2);
    const ip = elsewhere();
    await login({ password: ADMIN_PASSWORD, code: wrong() }, ip);
    expect(await strikes()).toBe(3);
    bench.clock.advance(3_600_000);
    expect((await login({ password: ADMIN_PASSWORD, code: shown() }, ip)).error).toBe("");
    expect(await strikes()).toBe(2);
  });

  test("a code is good once, also when it comes twice at the same time or when the clock was set back", async () => {
    const code = shown();
    const both = await Promise.all([login({ password: ADMIN_PASSWORD, code }), login({ password: ADMIN_PASSWORD, code })]);
    expect(both.map(({ error }) => error).toSorted()).toEqual(["", UNAUTHORIZED]);
    expect((await login({ password: ADMIN_PASSWORD, code })).error).toBe(UNAUTHORIZED);
    bench.clock.jump(-5_000);
    expect((await login({ password: ADMIN_PASSWORD, code })).error).toBe(UNAUTHORIZED);
    bench.clock.advance(2 * STEP_MS);
    expect((await login({ password: ADMIN_PASSWORD, code: shown() })).error).toBe("");
  });

  test("the code that confirmed the generator is used up with it", async () => {
    bench.clock.jump(-STEP_MS);
    expect((await login({ password: ADMIN_PASSWORD, code: shown() })).error).toBe(UNAUTHORIZED);
  });

  test("a clock that was wrong for years locks nobody out", async () => {
    bench.clock.jump(10 * 365 * 86_400_000);
    expect((await login({ password: ADMIN_PASSWORD, code: shown() })).error).toBe("");
    bench.clock.jump(-10 * 365 * 86_400_000);
    expect((await login({ password: ADMIN_PASSWORD, code: shown() })).error).toBe("");
  });

  test("a recovery code comes in once, in the field alone, however it is typed", async () => {
    const [first = "", second = ""] = generator.recoveryCodes;
    expect((await login({ password: ADMIN_PASSWORD + first })).error).toBe(UNAUTHORIZED);
    expect((await login({ password: ADMIN_PASSWORD, code: first })).error).toBe("");
    expect((await login({ password: ADMIN_PASSWORD, code: first })).error).toBe(UNAUTHORIZED);
    expect((await login({ password: ADMIN_PASSWORD, code: ` ${second.toUpperCase().replaceAll("-", " ")}` })).error).toBe("");
    expect((await admin.get("/second-factor")).data).toMatchObject({ enabled: true, recovery_codes_left: 8 });
  });

  test("an account without a second factor is asked for none, whatever its password looks like", async () => {
    await admin.post("/user", { username: "alice", password: "alice123456", role: 1 });
    for (const code of [undefined, "", "123456"])
      expect((await bench.browser({ "x-test-ip": HOME }).post("/login", { username: "alice", password: "alice123456", code })).error).toBe(
        "",
      );
  });

  test("the audit log says by what, and holds no code", async () => {
    const code = shown();
    await login({ password: ADMIN_PASSWORD, code });
    const [, , ...rest] = await lines();
    expect(rest).toMatchObject([
      ["user.begin-second-factor", []],
      ["user.set-up-second-factor", []],
      ["user.sign-in", [{ field: "by", to: "password and code" }]],
    ]);
    expect(JSON.stringify(await lines())).not.toContain(generator.secret);
  });
});

describe("guesses at codes, by whoever knows the password", () => {
  const guess = async (ip: string): Promise<Answer> => login({ password: ADMIN_PASSWORD, code: wrong() }, ip);
  const manyAddresses = async (count: number): Promise<number> => {
    let waits = 0;
    for (let i = 0; i < count; i++) if ((await guess(`192.0.2.${i + 1}`)).status === 429) waits++;
    return waits;
  };

  test("are paced together, from however many addresses they come", async () => {
    expect(await manyAddresses(40)).toBe(30);
    const answer = await guess("192.0.2.200");
    expect([answer.status, answer.error]).toEqual([429, "too many failed attempts, try again in 60 s"]);
    bench.clock.advance(60_000);
    expect([await manyAddresses(5), bench.access.stats.attemptsRefused]).toEqual([4, 35]);
  });

  test("do not keep the owner out: not from where they signed in before, and nowhere with a recovery code", async () => {
    await manyAddresses(40);
    expect((await login({ password: ADMIN_PASSWORD, code: shown() }, HOME)).error).toBe("");
    expect((await login({ password: ADMIN_PASSWORD, code: generator.recoveryCodes[3] })).error).toBe("");
  });

  test("from the owner's own network are paced too", async () => {
    let waits = 0;
    for (let i = 0; i < 15; i++) {
      if ((await guess(HOME)).status === 429) waits++;
      await bench.access.unblock([HOME]);
    }
    expect(waits).toBe(5);
  });

  test("by a stolen session are paced, and count", async () => {
    const answers: Answer[] = [];
    for (let i = 0; i < 12; i++) {
      answers.push(await admin.post("/step-up", { code: wrong() }));
      await bench.access.unblock([HOME]);
    }
    expect(answers.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
    expect((await admin.post("/step-up", { code: wrong() })).status).toBe(429);
  });
});

describe("setting up", () => {
  test("is not asked for until a code was shown; another begin replaces the secret", async () => {
    await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
    const alice = await bench.browser({ "x-test-ip": HOME }).signIn("alice", "alice-password");
    const begin = async () => (await alice.post("/second-factor")).data as { secret: string; uri: string };
    const [first, second] = [await begin(), await begin()];
    expect(second.secret).not.toBe(first.secret);
    expect(second.uri).toMatch(/^otpauth:\/\/totp\/Ref:alice\?/);
    expect((await alice.get("/second-factor")).data).toEqual({ enabled: false, recovery_codes_left: 0 });
    expect((await bench.browser({ "x-test-ip": HOME }).post("/login", { username: "alice", password: "alice-password" })).error).toBe("");
    const confirm = (secret: string) => alice.post("/second-factor/confirm", { code: codeAt(secret, bench.clock.now()) });
    expect((await confirm(first.secret)).error).toBe("this code is not the one shown now, or it was used already");
    expect((await confirm(second.secret)).error).toBe("");
    expect((await confirm(second.secret)).error).toBe("a second factor is set up already: remove it first");
    expect((await alice.post("/second-factor")).error).toBe("a second factor is set up already: remove it first");
  });

  test("the secret is stored sealed, and the recovery codes as hashes", async () => {
    const [row] = await bench.database.kysely.selectFrom("wf_totp").selectAll().execute();
    const hashes = await bench.database.kysely.selectFrom("wf_recovery_codes").select("hash").execute();
    expect(row?.secret).not.toContain(generator.secret);
    expect(hashes).toHaveLength(10);
    for (const { hash } of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("needs a proof that is fresh, whatever the setting says", async () => {
    bench.settings.stepUp = "off";
    bench.clock.advance(10 * 60_000);
    for (const [method, path] of [
      ["POST", "/second-factor"],
      ["DELETE", "/second-factor"],
      ["POST", "/second-factor/confirm"],
      ["POST", "/second-factor/recovery-codes"],
    ] as const)
      expect([path, (await admin.call(method, path, method === "POST" ? { body: "{}" } : {})).error]).toEqual([
        path,
        "confirm it is you: sign in again",
      ]);
    expect((await admin.post("/step-up", { code: shown() })).error).toBe("");
    const renewed = await admin.post("/second-factor/recovery-codes");
    const { recovery_codes: codes } = renewed.data as { recovery_codes: string[] };
    expect((await login({ password: ADMIN_PASSWORD, code: generator.recoveryCodes[0] })).error).toBe(UNAUTHORIZED);
    expect((await login({ password: ADMIN_PASSWORD, code: codes[0] })).error).toBe("");
  });

  test("users and the own profile say that it is there", async () => {
    await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
    const users = (await admin.get("/user")).data as { username: string; second_factor?: boolean }[];
    expect(users.map(({ second_factor }) => second_factor)).toEqual([true, undefined]);
    expect((await admin.get("/profile")).data).toMatchObject({ second_factor: true });
  });
});

describe("it goes", () => {
  const isAsked = async (password = ADMIN_PASSWORD): Promise<boolean> => (await login({ password })).error === "second factor required";
  const rows = async (): Promise<number> => {
    const counts = await Promise.all(
      (["wf_totp", "wf_recovery_codes"] as const).map(
        async (table) => (await bench.database.kysely.selectFrom(table).selectAll().execute()).length,
      ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };

  test("when its owner removes it", async () => {
    expect((await admin.call("DELETE", "/second-factor")).error).toBe("");
    expect([await isAsked(), await rows()]).toEqual([false, 0]);
    expect((await admin.call("DELETE", "/second-factor")).error).toBe("there is no second factor");
  });

  test("when an administrator resets it, and only then", async () => {
    await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
    const alice = await bench.browser({ "x-test-ip": HOME }).signIn("alice", "alice-password");
    await setUpGenerator(alice, bench.clock.now());
    expect((await alice.post("/user/1/reset-second-factor")).error).toBe("permission denied");
    expect((await admin.post("/user/2/reset-second-factor")).error).toBe("");
    expect((await alice.get("/profile")).error).toBe("ApiErrorUnauthorized");
    await alice.signIn("alice", "alice-password");
    expect((await alice.get("/profile")).data).not.toHaveProperty("second_factor");
    expect((await admin.post("/user/2/reset-second-factor")).error).toBe("there is no second factor");
    expect((await admin.post("/user/99/reset-second-factor")).error).toBe("user id 99 does not exist");
    expect(await lines()).toContainEqual(["user.reset-second-factor", []]);
  });

  test("with its user", async () => {
    await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
    const alice = await bench.browser({ "x-test-ip": HOME }).signIn("alice", "alice-password");
    await setUpGenerator(alice, bench.clock.now());
    expect(await rows()).toBe(22);
    await admin.post("/batch-delete/user", [2]);
    expect(await rows()).toBe(11);
    expect(
      (await bench.database.kysely.selectFrom("wf_devices").select("user_id").distinct().execute()).map(({ user_id }) => user_id),
    ).toEqual([1]);
  });

  test("with a password that is reset from the command line", async () => {
    const audit = createAuditLog({ database: bench.database, now: () => bench.clock.now() });
    const passwords = createPasswords({ cost: 4 });
    await resetPassword({
      database: bench.database,
      audit,
      passwords,
      now: () => bench.clock.now(),
      username: "admin",
      password: "new-password",
    });
    expect([await isAsked("new-password"), await rows()]).toEqual([false, 0]);
    expect((await login({ password: "new-password" })).error).toBe("");
  });
});

test("what is left of users of an emptied table does not meet who comes after them", async () => {
  const { kysely } = bench.database;
  await kysely.deleteFrom("users").execute();
  await bench.close();
  bench = await openBench({
    prepare: async (database) => {
      const row = { user_id: 1, secret: "sealed", confirmed_at: 1, used_steps: "[]" };
      await database.kysely.insertInto("wf_totp").values(row).execute();
      await database.kysely.insertInto("wf_recovery_codes").values({ user_id: 1, hash: "h" }).execute();
    },
  });
  admin = await bench.admin();
  expect((await admin.get("/second-factor")).data).toEqual({ enabled: false, recovery_codes_left: 0 });
});

test("with another key nobody's codes are good, and recovery codes still are", async () => {
  await bench.database.kysely.updateTable("wf_totp").set({ secret: "1AAAA" }).execute();
  expect((await login({ password: ADMIN_PASSWORD, code: shown() })).error).toBe(UNAUTHORIZED);
  expect((await login({ password: ADMIN_PASSWORD, code: generator.recoveryCodes[0] })).error).toBe("");
});

test("a change that fails on the way leaves neither a used code nor a session", async () => {
  const { kysely } = bench.database;
  const before = await kysely.selectFrom("wf_totp").selectAll().execute();
  for (const table of ["jwt_sessions", "wf_sessions", "wf_audit", "wf_devices"]) {
    await sql.raw(`${CLOSE} ${table} BEGIN SELECT RAISE(ABORT, 'disk'); END`).execute(kysely);
    expect((await login({ password: ADMIN_PASSWORD, code: shown() })).error).toBe("database error");
    expect(await kysely.selectFrom("wf_totp").selectAll().execute()).toEqual(before);
    await sql.raw("DROP TRIGGER closed").execute(kysely);
  }
  expect((await login({ password: ADMIN_PASSWORD, code: shown() })).error).toBe("");
});
