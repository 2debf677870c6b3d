import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAuditLog } from "#platform/audit";
import { openBench, setUpGenerator } from "#access/testing";
import type { AccessBench, Answer, Browser } from "#access/testing";
import { openStub } from "./testing/stub-provider.ts";
import type { Stub } from "./testing/stub-provider.ts";

let stub: Stub;
let bench: AccessBench;
let admin: Browser;
let alice: Browser;
/** Hosts that sessions were issued on, and whose. */
let sessions: [string, number][];
const ALICE = { username: "alice", password: "alice-password", role: 1 };
beforeEach(async () => {
  stub = await openStub();
  sessions = [];
  bench = await openBench({
    deps: { onSession: (host, userId) => void sessions.push([host, userId]) },
    config: { oauth2: { Stub: stub.provider, Other: stub.provider }, webRealIpHeader: "NZ::Use-Peer-IP" },
  });
  admin = await bench.admin();
  await admin.post("/user", ALICE);
  alice = await bench.browser().signIn(ALICE.username, ALICE.password);
});
afterEach(async () => {
  await bench.close();
  stub.close();
});

const start = async (browser: Browser, type: 1 | 2, headers?: Record<string, string>): Promise<URL> =>
  new URL(((await browser.get(`/oauth2/Stub?type=${type}`, headers)).data as { redirect: string }).redirect);
/** Starts and comes back from the provider. */
const go = async (browser: Browser, type: 1 | 2): Promise<Answer> => {
  const state = (await start(browser, type)).searchParams.get("state") ?? "";
  return browser.get(`/oauth2/callback?state=${state}&code=c`);
};
const strikes = async (): Promise<readonly unknown[]> => (await bench.access.waf.list({ offset: 0, limit: 10 })).rows;

test("every way to a session tells the host it was issued on: password, refresh, provider; a refused one does not", async () => {
  const host = new URL(bench.base).host;
  expect(sessions).toEqual([
    [host, 1],
    [host, 2],
  ]);
  await go(alice, 2);
  await alice.post("/refresh-token");
  await bench.browser().post("/login", { username: "alice", password: "wrong-password" });
  expect(sessions.slice(2)).toEqual([
    [host, 2],
    [host, 2],
  ]);
});

describe("start", () => {
  test("sends the browser to the provider, parameters in order, and remembers it by a cookie", async () => {
    const answer = await bench.browser().get("/oauth2/Stub?type=1");
    const url = new URL((answer.data as { redirect: string }).redirect);
    expect([...url.searchParams.keys()]).toEqual(["access_type", "client_id", "redirect_uri", "response_type", "scope", "state"]);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      access_type: "online",
      client_id: "the client",
      redirect_uri: `${bench.base}/api/v1/oauth2/callback`,
      response_type: "code",
      scope: "read:user email",
      state: expect.stringMatching(/^[0-9A-Za-z]{16}$/) as string,
    });
    expect(answer.setCookies).toEqual([expect.stringMatching(/^nz-o2s=[0-9A-Za-z]{16}; Path=\/; Max-Age=300; HttpOnly$/)]);
  });

  test.each([{ "x-forwarded-proto": "https" }, { referer: "https://example.com/dashboard/login" }])(
    "behind TLS it comes back by TLS: %j",
    async (headers) => {
      expect((await start(bench.browser(), 1, headers as Record<string, string>)).searchParams.get("redirect_uri")).toMatch(/^https:/);
    },
  );

  test.each(["", "?type=", "?type=x", "?type=256"])("type %j is refused before the provider is looked for", async (query) => {
    expect((await bench.browser().get(`/oauth2/None${query}`)).error).toContain("strconv.ParseUint: parsing");
  });

  test.each(["stub", "None", "__proto__", "constructor"])("there is no provider %s", async (name) => {
    expect((await bench.browser().get(`/oauth2/${name}?type=1`)).error).toBe("provider not found");
  });
});

describe("GHSA-9rc6-8cjv-rcvx: the callback is never made from a host that is not ours", () => {
  interface Told {
    readonly status: number | undefined;
    readonly data?: { redirect: string };
    readonly error?: string;
    readonly cookies: readonly string[] | undefined;
  }
  /** `fetch` does not let a test name the host. */
  const ask = async (host: string, path: string, cookie = ""): Promise<Told> => {
    const asking = request(`${bench.base}/api/v1${path}`, { headers: { host, cookie } }).end();
    const [response] = (await once(asking, "response")) as [IncomingMessage];
    const body = await text(response);
    const json = body === "" ? {} : (JSON.parse(body) as Pick<Told, "data" | "error">);
    return { ...json, status: response.statusCode, cookies: response.headers["set-cookie"] };
  };
  const REFUSED = "redirect host is not allowed: set dashboard_host";

  test("an unknown host is refused while none is configured, and replaced by the configured one", async () => {
    expect(await ask("evil.example", "/oauth2/Stub?type=1")).toMatchObject({ status: 200, error: REFUSED, cookies: undefined });
    bench.settings.dashboardHost = "nz.example.com";
    const { data } = await ask("evil.example", "/oauth2/Stub?type=1");
    expect(new URL(data?.redirect ?? "").searchParams.get("redirect_uri")).toBe("http://nz.example.com/api/v1/oauth2/callback");
  });

  test("CVE-2026-101090: nor does a flow end on one; it is over then, and nobody is struck", async () => {
    await go(alice, 2);
    const visitor = bench.browser();
    const state = (await start(visitor, 1)).searchParams.get("state") ?? "";
    const path = `/oauth2/callback?state=${state}&code=c`;
    const cookie = `nz-o2s=${visitor.cookies.get("nz-o2s") ?? ""}`;
    expect(await ask("evil.example", path, cookie)).toMatchObject({ error: REFUSED, cookies: undefined });
    expect((await visitor.get(path)).error).toBe("invalid state key");
    expect(await strikes()).toEqual([]);
  });

  test.each([
    ["providers and no host", { dashboardHost: "" }, 1],
    ["providers and a host", { dashboardHost: "nz.example.com" }, 0],
    ["neither", { dashboardHost: "", oauth2: {} }, 0],
  ])("a start with %s says so", async (_what, config, times) => {
    const warnings: string[] = [];
    const deps = { warn: (warning: string) => void warnings.push(warning) };
    const other = await openBench({ config: { oauth2: bench.settings.oauth2, ...config }, deps });
    await other.close();
    expect(warnings).toHaveLength(times);
    for (const warning of warnings) expect(warning).toContain("set dashboard_host");
  });

  test("with a configured host a flow ends wherever the browser was sent back to", async () => {
    bench.settings.dashboardHost = "nz.example.com";
    await go(alice, 2);
    const visitor = bench.browser();
    const state = (await start(visitor, 1)).searchParams.get("state") ?? "";
    const cookie = `nz-o2s=${visitor.cookies.get("nz-o2s") ?? ""}`;
    expect(await ask("nz.example.com", `/oauth2/callback?state=${state}&code=c`, cookie)).toMatchObject({ status: 302 });
  });
});

describe("callback", () => {
  test("binds the signed-in user, then signs in by it; the client's secret travels as the standard says", async () => {
    const bound = await go(alice, 2);
    expect([bound.status, bound.headers.get("location")]).toEqual([302, "/dashboard/profile?oauth2=true"]);
    expect(stub.requests.map(({ path }) => path)).toEqual(["/token", "/user"]);
    const [token, user] = stub.requests;
    expect(Buffer.from(String(token?.headers["authorization"]).slice(6), "base64").toString()).toBe("the+client:se%3Acret");
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: `${bench.base}/api/v1/oauth2/callback`,
    });
    expect(user?.headers["authorization"]).toBe("Bearer access");
    expect((await alice.get("/profile")).data).toMatchObject({ oauth2_bind: { stub: "4242" } });

    const visitor = bench.browser();
    const entered = await go(visitor, 1);
    expect([entered.status, entered.headers.get("location")]).toEqual([302, "/dashboard/login?oauth2=true"]);
    expect((await visitor.get("/profile")).data).toMatchObject({ username: "alice" });
    expect(await strikes()).toEqual([]);
  });

  test("needs the cookie and the state of one start, once, within five minutes", async () => {
    await go(alice, 2);
    const error = async (browser: Browser, state: string): Promise<string> =>
      (await browser.get(`/oauth2/callback?state=${state}&code=c`)).error;
    const visitor = bench.browser();
    const stateOf = async (): Promise<string> => (await start(visitor, 1)).searchParams.get("state") ?? "";
    expect(await error(bench.browser(), await stateOf())).toBe("invalid state key");
    expect(await error(visitor, "wrong")).toBe("invalid state key");
    const state = await stateOf();
    const key = visitor.cookies.get("nz-o2s") ?? "";
    expect(await error(visitor, state)).toBe("");
    visitor.cookies.set("nz-o2s", key);
    expect(await error(visitor, state)).toBe("invalid state key");
    const late = await stateOf();
    bench.clock.advance(300_001);
    expect(await error(visitor, late)).toBe("invalid state key");
    expect(await strikes()).toEqual([]);
  });

  test("1 000 started flows wait; one more costs the oldest alone, whoever starts it", async () => {
    await go(alice, 2);
    const [first, second] = [bench.browser(), bench.browser()];
    const stateOf = async (browser: Browser): Promise<string> => (await start(browser, 1)).searchParams.get("state") ?? "";
    const states = [await stateOf(first), await stateOf(second)];
    const crowd = bench.browser();
    for (let begun = 2; begun < 1_001; begun += 37)
      await Promise.all(Array.from({ length: Math.min(37, 1_001 - begun) }, async () => stateOf(crowd)));
    const back = async (browser: Browser, state = ""): Promise<Answer> => browser.get(`/oauth2/callback?state=${state}&code=c`);
    expect((await back(first, states[0])).error).toBe("invalid state key");
    expect((await back(second, states[1])).status).toBe(302);
  });

  test("of two flows in one browser the newer one lives on when the older one comes back", async () => {
    await go(alice, 2);
    const visitor = bench.browser();
    const older = (await start(visitor, 1)).searchParams.get("state") ?? "";
    const newer = (await start(visitor, 1)).searchParams.get("state") ?? "";
    const back = async (state: string): Promise<Answer> => visitor.get(`/oauth2/callback?state=${state}&code=c`);
    expect((await back(older)).error).toBe("invalid state key");
    expect((await back(newer)).status).toBe(302);
    expect((await back(newer)).error).toBe("invalid state key");
  });

  test.each(['\uFEFF{"account":{"id":4242}}', 'callback( {"account":{"id":4242}} );'])(
    "user info as some providers write it: %j",
    async (body) => {
      stub.user.body = body;
      expect((await go(alice, 2)).status).toBe(302);
      expect((await alice.get("/profile")).data).toMatchObject({ oauth2_bind: { stub: "4242" } });
    },
  );

  test("whom an administrator has disabled stays out, and is told why", async () => {
    await go(alice, 2);
    const disable = (disabled: boolean) => admin.call("PATCH", "/user/2", { body: JSON.stringify({ disabled }) });
    await disable(true);
    const answer = await go(bench.browser(), 1);
    expect([answer.error, answer.setCookies.filter((cookie) => cookie.startsWith("nz-jwt="))]).toEqual([
      "this user is disabled: ask an administrator",
      [],
    ]);
    await disable(false);
    expect((await go(bench.browser(), 1)).status).toBe(302);
  });

  test("nobody bound: no way in", async () => {
    const answer = await go(bench.browser(), 1);
    expect([answer.status, answer.error, answer.setCookies.length]).toEqual([200, "oauth2 user not binded yet", 0]);
  });

  test("an empty id is nobody's, even if a row with one is there", async () => {
    await bench.database.kysely
      .insertInto("oauth2_binds")
      .values({ user_id: 1, provider: "stub", open_id: "", created_at: null, updated_at: null })
      .execute();
    for (const body of ["{}", '{"account":{"id":null}}', '{"account":{"id":""}}', '{"message":"Bad credentials"}']) {
      stub.user.body = body;
      expect((await go(bench.browser(), 1)).error).toBe("oauth2: the provider gave no user id");
      await bench.access.unblock(["127.0.0.1"]);
    }
  });

  test("only who began a binding finishes it", async () => {
    expect((await go(bench.browser(), 2)).error).toBe("unauthorized");
    const state = (await start(alice, 2)).searchParams.get("state") ?? "";
    const key = alice.cookies.get("nz-o2s") ?? "";
    admin.cookies.set("nz-o2s", key);
    expect((await admin.get(`/oauth2/callback?state=${state}&code=c`)).error).toBe("unauthorized");
  });

  test("a binding of somebody else is not taken over; one of a deleted user is", async () => {
    await go(alice, 2);
    expect((await go(admin, 2)).error).toBe("permission denied");
    expect((await go(bench.browser(), 1)).status).toBe(302);
    await bench.database.change(async (tx, changes) => {
      await tx.updateTable("oauth2_binds").set({ user_id: 99 }).execute();
      changes.put("oauth2-binding", 1);
    });
    expect((await go(bench.browser(), 1)).error).toBe("oauth2 user not binded yet");
    expect((await go(admin, 2)).status).toBe(302);
    expect((await admin.get("/profile")).data).toMatchObject({ oauth2_bind: { stub: "4242" } });
  });

  test.each([1, 2] as const)("a user who is deleted meanwhile neither comes in nor leaves a binding (type %i)", async (type) => {
    await go(alice, 2);
    if (type === 2) stub.user.body = '{"account":{"id":"another"}}';
    stub.meanwhile = async () => admin.post("/batch-delete/user", [2]);
    const answer = await go(alice, type);
    expect([answer.status, answer.error]).toEqual([200, type === 2 ? "unauthorized" : "oauth2 user not binded yet"]);
    for (const table of ["oauth2_binds", "jwt_sessions"] as const)
      expect(await bench.database.kysely.selectFrom(table).selectAll().where("user_id", "=", 2).execute()).toEqual([]);
  });

  test("of two who bind one account at the same time one gets it", async () => {
    const answers = await Promise.all([go(alice, 2), go(admin, 2)]);
    expect(answers.map(({ error }) => error).toSorted()).toEqual(["", "permission denied"]);
    expect(await bench.database.kysely.selectFrom("oauth2_binds").selectAll().execute()).toHaveLength(1);
  });

  test.each<[string, (stub: Stub) => void]>([
    ["the token is refused", (at) => (at.token = { ...at.token, status: 500 })],
    ["the answer holds an error", (at) => (at.token.body = '{"error":"bad_verification_code"}')],
    ["no token comes", (at) => (at.token.body = "{}")],
    ["the answer is too large", (at) => (at.token.body = `{"access_token":"${"x".repeat(1024 * 1024)}"}`)],
    ["user info is refused", (at) => (at.user.status = 401)],
    ["user info is no JSON", (at) => (at.user.body = "<html>")],
  ])("when %s, it fails without a session and counts", async (_label, damage) => {
    damage(stub);
    const answer = await go(bench.browser(), 1);
    expect([answer.status, answer.error === "", answer.text.includes("<html>")]).toEqual([200, false, false]);
    expect(answer.setCookies.some((cookie) => cookie.startsWith("nz-jwt=e"))).toBe(false);
    expect(await strikes()).toMatchObject([{ reason: 5, identifier: -126, count: 1 }]);
  });

  test("coming back without a code counts", async () => {
    const visitor = bench.browser();
    const state = (await start(visitor, 1)).searchParams.get("state") ?? "";
    expect((await visitor.get(`/oauth2/callback?state=${state}&error=access_denied`)).error).toBe("code is required");
    expect(await strikes()).toMatchObject([{ reason: 5 }]);
  });

  test("a provider that wants the secret in the body gets it there, from then on at once", async () => {
    stub.acceptsHeader = false;
    expect((await go(alice, 2)).status).toBe(302);
    expect((await go(bench.browser(), 1)).status).toBe(302);
    const tokens = stub.requests.filter(({ path }) => path === "/token");
    expect(
      tokens.map(({ headers, body }) => headers["authorization"] !== undefined || new URLSearchParams(body).get("client_secret")),
    ).toEqual([true, "se:cret", "se:cret"]);
  });

  test("form answers are understood", async () => {
    stub.token = { status: 200, type: "application/x-www-form-urlencoded; charset=utf-8", body: "access_token=access&token_type=bearer" };
    expect((await go(alice, 2)).status).toBe(302);
  });
});

test("binding, signing in by it and unbinding leave their lines, with what they are about", async () => {
  const audit = createAuditLog({ database: bench.database, now: () => 0 });
  const [last] = await audit.newest(1);
  await go(alice, 2);
  await go(bench.browser(), 1);
  await alice.post("/oauth2/Stub/unbind");
  const lines = (await audit.newest(20)).toReversed().filter(({ id }) => id > (last?.id ?? 0));
  const account = [expect.objectContaining({ field: "provider" }), expect.objectContaining({ field: "openId" })] as unknown[];
  expect(lines.map(({ action, key, userId, fields }) => [action, key, userId, fields])).toEqual([
    ["oauth2.bind", 2, 2, account],
    ["user.sign-in", 2, 2, [{ field: "by", to: "Stub" }]],
    ["user.sign-in", 2, 2, [{ field: "by", to: "Stub" }]],
    ["oauth2.unbind", 2, 2, account],
  ]);
});

describe("unbind", () => {
  const unbind = async (browser: Browser, name: string): Promise<string> => (await browser.post(`/oauth2/${name}/unbind`)).error;
  const rejectPassword = async (): Promise<void> => {
    await alice.post("/profile", {
      original_password: ALICE.password,
      new_username: ALICE.username,
      new_password: ALICE.password,
      reject_password: true,
    });
    await go(alice, 1);
  };

  test("removes the bindings; of a provider never bound it is no error", async () => {
    await go(alice, 2);
    expect(await unbind(alice, "Stub")).toBe("");
    expect((await alice.get("/profile")).data).not.toHaveProperty("oauth2_bind");
    expect(await unbind(alice, "Stub")).toBe("");
    expect(await unbind(alice, "stub")).toBe("provider not found");
    expect(await unbind(bench.browser(), "Stub")).toBe("ApiErrorUnauthorized");
  });

  test("keeps the last way in of a user without password", async () => {
    await go(alice, 2);
    await rejectPassword();
    await expect(bench.browser().signIn(ALICE.username, ALICE.password)).rejects.toThrow("ApiErrorUnauthorized");
    bench.clock.advance(4_000);
    expect((await alice.get("/profile")).data).toMatchObject({ reject_password: true });
    expect(await unbind(alice, "Stub")).toBe("operation not permitted");
    await bench.database.kysely
      .insertInto("oauth2_binds")
      .values({ user_id: 2, provider: "gone", open_id: "9", created_at: null, updated_at: null })
      .execute();
    expect(await unbind(alice, "Stub")).toBe("operation not permitted");
    await bench.database.kysely
      .insertInto("oauth2_binds")
      .values({ user_id: 2, provider: "other", open_id: "9", created_at: null, updated_at: null })
      .execute();
    // Of the last two at the same time one stays.
    const errors = await Promise.all([unbind(alice, "Stub"), unbind(alice, "Other")]);
    expect(errors.toSorted()).toEqual(["", "operation not permitted"]);
  });
});

describe("proving again who one is", () => {
  const makeToken = async (browser: Browser): Promise<string> =>
    (await browser.post("/api-tokens", { name: "ci", scopes: ["nezha:server:read"] })).error;

  test("a sign-in through a provider is a proof where there is no second factor, and none where there is one", async () => {
    bench.settings.stepUp = "all";
    await go(alice, 2);
    const signedIn = bench.browser();
    await go(signedIn, 1);
    expect(await makeToken(signedIn)).toBe("");
    await setUpGenerator(signedIn, bench.clock.now());
    await go(signedIn, 1);
    expect((await signedIn.get("/profile")).error).toBe("");
    expect(await makeToken(signedIn)).toBe("confirm it is you: sign in again");
  });

  test("is asked for before another account is bound", async () => {
    bench.settings.stepUp = "all";
    bench.clock.advance(10 * 60_000);
    expect((await alice.get("/oauth2/Stub?type=2")).error).toBe("confirm it is you: sign in again");
    expect((await bench.browser().get("/oauth2/Stub?type=1")).error).toBe("");
  });
});
