import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { writeTime } from "#platform/database";
import { ADMIN_PASSWORD, openBench } from "#access/testing";
import type { AccessBench, BenchOptions } from "#access/testing";

let bench: AccessBench;
const open = async (options?: BenchOptions): Promise<AccessBench> => (bench = await openBench(options));
afterEach(async () => bench.close());

const LOGIN = { username: "admin", password: ADMIN_PASSWORD };
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;

describe("login", () => {
  test("gives the token in the body and both cookies in the published form", async () => {
    await open();
    const answer = await bench.browser().post("/login", LOGIN);
    const { token, expire } = answer.data as { token: string; expire: string };
    const claims = claimsOf(token);
    expect(Object.keys(claims).toSorted()).toEqual(["exp", "keyId", "orig_iat", "uid"]);
    expect(claims["keyId"]).toMatch(/^[0-9A-Za-z]{32}$/);
    expect(Date.parse(expire)).toBe(Number(claims["exp"]) * 1000);
    expect(Number(claims["exp"]) * 1000).toBe(bench.clock.now() + 3_600_000);
    expect(answer.setCookies).toEqual([
      `nz-jwt=${token}; Path=/; Max-Age=3600; SameSite=Lax`,
      expect.stringMatching(/^nz-csrf=[0-9a-f]{64}\.[0-9a-f]{64}; Path=\/; SameSite=Strict$/),
    ]);
  });

  test.each([
    ["a proxy that the settings name says TLS", "X-Real-IP", "https", true],
    ["a proxy that the settings name says none", "X-Real-IP", "http", false],
    ["somebody says TLS where no proxy is named", "", "https", false],
    ["somebody says TLS where peers are clients", "NZ::Use-Peer-IP", "https", false],
  ])("cookies are for TLS alone exactly when the request came over it: %s", async (_name, webRealIpHeader, proto, secure) => {
    await open({ config: { webRealIpHeader } });
    const browser = bench.browser({ "x-real-ip": "203.0.113.7", "x-forwarded-proto": proto });
    const answers = [await browser.post("/login", LOGIN), await browser.post("/refresh-token"), await browser.post("/logout")];
    const cookies = answers.flatMap(({ setCookies }) => setCookies);
    expect(cookies.length).toBeGreaterThanOrEqual(5);
    expect(cookies.filter((cookie) => cookie.includes("; Secure"))).toEqual(secure ? cookies : []);
  });

  test.each([
    ["a wrong password", JSON.stringify({ username: "admin", password: "wrong" })],
    ["an unknown user", JSON.stringify({ username: "nobody", password: ADMIN_PASSWORD })],
    ["another case", JSON.stringify({ username: "Admin", password: ADMIN_PASSWORD })],
    ["nothing", "{}"],
    ["broken JSON", '{"username":'],
    ["wrong types", '{"username":1,"password":2}'],
    ["an empty body", ""],
  ])("refuses %s with one and the same answer", async (_label, body) => {
    await open();
    const answer = await bench.browser().call("POST", "/login", { body });
    expect([answer.status, answer.error, answer.headers.get("www-authenticate"), answer.setCookies]).toEqual([
      200,
      "ApiErrorUnauthorized",
      "JWT realm=Ref",
      [],
    ]);
  });

  test.each([
    ["a form", `Username=admin&Password=${ADMIN_PASSWORD}`, "application/x-www-form-urlencoded"],
    [
      "a multipart form",
      [
        '--b\r\nContent-Disposition: form-data; name="Username"\r\n\r\nadmin',
        `--b\r\nContent-Disposition: form-data; name="Password"\r\n\r\n${ADMIN_PASSWORD}`,
        '--b\r\nContent-Disposition: form-data; name="Code"; filename="x"\r\n\r\nfile\r\n--b--\r\n',
      ].join("\r\n"),
      "multipart/form-data; boundary=b",
    ],
    ["JSON without its content type", JSON.stringify(LOGIN), "text/plain"],
    ["unknown keys", JSON.stringify({ ...LOGIN, extra: 1 }), "application/json"],
  ])("takes %s", async (_label, body, type) => {
    await open();
    expect((await bench.browser().call("POST", "/login", { body, headers: { "content-type": type } })).error).toBe("");
  });

  test.each([
    ["that is none", "multipart/form-data; boundary=b", "Username=admin"],
    ["without a boundary", "multipart/form-data", "--b--"],
    ["that ends too early", "multipart/form-data; boundary=b", '--b\r\nContent-Disposition: form-data; name="Username"\r\n\r\nadm'],
  ])("refuses a multipart form %s", async (_label, type, body) => {
    await open();
    expect((await bench.browser().call("POST", "/login", { body, headers: { "content-type": type } })).error).toBe("ApiErrorUnauthorized");
  });

  test("an unknown user costs a comparison too, so that names cannot be told by time", async () => {
    const compared: string[] = [];
    const passwords = {
      hash: async () => "hash",
      verify: async (_password: string, hash: string) => compared.push(hash) < 0,
      isCheap: () => false,
    };
    await open({ deps: { passwords } });
    await bench.browser().post("/login", { username: "admin", password: "x" });
    await bench.browser().post("/login", { username: "nobody", password: "x" });
    expect(compared).toEqual(["hash", ""]);
  });
});

describe("where the credential is taken from", () => {
  test("header, query, cookie", async () => {
    await open();
    const { token } = await bench.admin();
    expect((await bench.browser().get("/profile", bearer(token))).error).toBe("");
    expect((await bench.browser().get(`/profile?token=${token}`)).error).toBe("");
    expect((await bench.browser().get("/profile", { cookie: `nz-jwt=${token}` })).error).toBe("");
  });

  test.each([
    ["nothing", {}],
    ["garbage", { authorization: "Bearer garbage" }],
    ["another scheme", { authorization: "Basic eDp5" }],
  ])("%s is refused", async (_label, headers) => {
    await open();
    const answer = await bench.browser().get("/profile", headers);
    expect([answer.status, answer.error, answer.headers.get("www-authenticate")]).toEqual([200, "ApiErrorUnauthorized", "JWT realm=Ref"]);
  });

  test("a bad header does not fall through to the cookie; another scheme and another case do", async () => {
    await open();
    const browser = await bench.admin();
    expect((await browser.get("/profile", { authorization: "Bearer garbage" })).error).toBe("ApiErrorUnauthorized");
    expect((await browser.get("/profile", { authorization: "Basic eDp5" })).error).toBe("");
    expect((await browser.get("/profile", { authorization: `bearer ${browser.token}` })).error).toBe("");
  });

  test("a site name beyond ASCII does not break the refusal", async () => {
    await open({ config: { siteName: "哪吒" } });
    const answer = await bench.browser().get("/profile");
    expect(Buffer.from(answer.headers.get("www-authenticate") ?? "", "latin1").toString()).toBe("JWT realm=哪吒");
  });
});

describe("life of a session", () => {
  test("a token ends with its hour, and a refresh begins another in the same session", async () => {
    await open();
    const browser = await bench.admin();
    bench.clock.advance(3_000_000);
    const refreshed = await browser.post("/refresh-token");
    const { token } = refreshed.data as { token: string };
    expect(claimsOf(token)["keyId"]).toBe(claimsOf(browser.token)["keyId"]);
    expect(refreshed.setCookies).toHaveLength(2);
    expect((await bench.browser().get("/profile", bearer(browser.token))).error).toBe("");
    bench.clock.advance(1_000_000);
    expect((await bench.browser().get("/profile", bearer(browser.token))).error).toBe("ApiErrorUnauthorized");
    expect((await bench.browser().get("/profile", bearer(token))).error).toBe("");
  });

  test("a refresh keeps a valid CSRF value, so that another tab's next request passes; one that is none is replaced", async () => {
    await open();
    const browser = await bench.admin();
    const pair = browser.cookies.get("nz-csrf") ?? "";
    const answers = await Promise.all([browser.post("/refresh-token"), browser.post("/refresh-token")]);
    for (const { setCookies } of answers) expect(setCookies).toContain(`nz-csrf=${pair}; Path=/; SameSite=Strict`);
    const seeded = async (csrf: string): Promise<string | undefined> =>
      (await bench.browser().get("/refresh-token", { cookie: `nz-jwt=${browser.token}${csrf}` })).setCookies[1];
    expect(await seeded(`; nz-csrf=${pair}`)).toBe(`nz-csrf=${pair}; Path=/; SameSite=Strict`);
    const forged = `${"a".repeat(64)}.${"b".repeat(64)}`;
    for (const csrf of ["", "; nz-csrf=", `; nz-csrf=${forged}`]) {
      expect(await seeded(csrf)).toMatch(/^nz-csrf=[0-9a-f]{64}\.[0-9a-f]{64}; Path=/);
      expect(await seeded(csrf)).not.toContain(forged);
    }
  });

  test("a sign-in always begins with a value of its own", async () => {
    await open();
    const browser = await bench.admin();
    const before = browser.cookies.get("nz-csrf");
    await browser.signIn("admin", ADMIN_PASSWORD);
    expect(browser.cookies.get("nz-csrf")).not.toBe(before);
  });

  test("older pages refresh by GET with cookies alone", async () => {
    await open();
    const browser = await bench.admin();
    const answer = await bench.browser().get("/refresh-token", { cookie: `nz-jwt=${browser.token}` });
    expect(answer.data).toHaveProperty("token");
  });

  test("logout ends the session and expires both cookies", async () => {
    await open();
    const browser = await bench.admin();
    const other = await bench.admin();
    const answer = await browser.post("/logout");
    expect(answer.setCookies).toEqual(["nz-jwt=; Path=/; Max-Age=0; SameSite=Lax", "nz-csrf=; Path=/; Max-Age=0; SameSite=Strict"]);
    expect((await bench.browser().get("/profile", bearer(browser.token))).error).toBe("ApiErrorUnauthorized");
    expect((await other.get("/profile")).error).toBe("");
  });

  test("a session lives on when the program is started again, but not once revoked", async () => {
    await open();
    const browser = await bench.admin();
    const gone = await bench.admin();
    await gone.post("/logout");
    const { database, clock } = bench;
    const rows = await database.kysely.selectFrom("jwt_sessions").select("revoked_at").execute();
    expect(rows.filter((row) => row.revoked_at === null)).toHaveLength(1);
    const again = await openBench({ prepare: async (other) => copySessions(database, other) });
    again.clock.jump(clock.now() - again.clock.now());
    expect((await again.browser().get("/profile", bearer(browser.token))).error).toBe("");
    expect((await again.browser().get("/profile", bearer(gone.token))).error).toBe("ApiErrorUnauthorized");
    await again.close();
  });

  test("a clock that jumps back and forth ends no session before its time and brings none back", async () => {
    await open();
    const DAY = 86_400_000;
    const [kept, gone] = [await bench.admin(), await bench.admin()];
    await gone.post("/logout");
    const errors = async (): Promise<string[]> =>
      Promise.all([kept, gone].map(async ({ token }) => (await bench.browser().get("/profile", bearer(token))).error));
    for (const jump of [-30 * DAY, 30 * DAY, -1_000, 1_000]) {
      bench.clock.jump(jump);
      await bench.clock.advanceAsync(60_000);
      expect(await errors()).toEqual(["", "ApiErrorUnauthorized"]);
      expect((await (await bench.admin()).get("/profile")).error).toBe("");
    }
    bench.clock.jump(30 * DAY);
    expect(await errors()).toEqual(["ApiErrorUnauthorized", "ApiErrorUnauthorized"]);
    expect((await (await bench.admin()).get("/profile")).error).toBe("");
    // What the clean-up took while the clock was wrong has to sign in again; nothing of it comes back as somebody else's.
    await bench.clock.advanceAsync(2 * 3_600_000);
    bench.clock.jump(-30 * DAY);
    expect((await errors())[1]).toBe("ApiErrorUnauthorized");
    expect((await (await bench.admin()).get("/profile")).error).toBe("");
  });

  test.each<[string, (database: AccessBench["database"]) => Promise<unknown>]>([
    ["of an older password", async ({ kysely }) => kysely.updateTable("users").set({ token_version: 1 }).execute()],
    [
      "whose time is up before its token's",
      async ({ kysely }) =>
        kysely
          .updateTable("jwt_sessions")
          .set({ expires_at: writeTime(Date.UTC(2026, 0, 1) - 1_000) })
          .execute(),
    ],
    ["whose row is gone", async ({ kysely }) => kysely.deleteFrom("jwt_sessions").execute()],
  ])("a session %s is over although nobody revoked it", async (_label, change) => {
    await open();
    const browser = await bench.admin();
    const { database } = bench;
    const again = await openBench({
      prepare: async (other) => {
        await copySessions(database, other);
        await change(other);
      },
    });
    expect((await again.browser().get("/profile", bearer(browser.token))).error).toBe("ApiErrorUnauthorized");
    await again.close();
  });

  test("a request costs no SQL, and its time is written once a minute", async () => {
    await open();
    const browser = await bench.admin();
    const used = async (): Promise<unknown> =>
      (await bench.database.kysely.selectFrom("jwt_sessions").select("last_used_at").executeTakeFirst())?.last_used_at;
    const first = await used();
    const before = bench.queries();
    for (let i = 0; i < 10; i++) await browser.get("/user");
    bench.clock.advance(59_000);
    await browser.get("/user");
    expect(bench.queries()).toBe(before);
    bench.clock.advance(1_000);
    await browser.get("/user");
    await bench.access.stop();
    expect(bench.queries()).toBe(before + 1);
    expect(await used()).not.toBe(first);
  });

  test("what expired an hour ago or was revoked a day ago is cleaned away", async () => {
    await open();
    const keys = async (): Promise<number> => (await bench.database.kysely.selectFrom("jwt_sessions").select("key_id").execute()).length;
    await bench.admin();
    const gone = await bench.admin();
    await gone.post("/logout");
    await bench.clock.advanceAsync(60 * 60_000);
    await bench.admin();
    expect(await keys()).toBe(3);
    await bench.clock.advanceAsync(70 * 60_000);
    await bench.access.stop();
    expect(await keys()).toBe(1);
  });
});

async function copySessions(from: AccessBench["database"], to: AccessBench["database"]): Promise<void> {
  for (const table of ["users", "jwt_sessions"] as const) {
    for (const row of await from.kysely.selectFrom(table).selectAll().execute()) await to.kysely.insertInto(table).values(row).execute();
  }
}

test("a forged claim of another user is refused and counted", async () => {
  await open({ config: { webRealIpHeader: "NZ::Use-Peer-IP" } });
  const browser = await bench.admin();
  await browser.post("/user", { username: "alice", password: "alice-password", role: 1 });
  const alice = await bench.browser().signIn("alice", "alice-password");
  const [header = ""] = browser.token.split(".");
  const payload = Buffer.from(JSON.stringify({ ...claimsOf(alice.token), uid: claimsOf(browser.token)["uid"] })).toString("base64url");
  const signature = createHmac("sha256", bench.settings.jwtSecretKey).update(`${header}.${payload}`).digest("base64url");
  const answer = await bench.browser().get("/profile", bearer(`${header}.${payload}.${signature}`));
  expect(answer.error).toBe("ApiErrorUnauthorized");
  const { rows } = await bench.access.waf.list({ offset: 0, limit: 10 });
  expect(rows).toMatchObject([{ ip: "127.0.0.1", identifier: -126, reason: 2, count: 1 }]);
});
