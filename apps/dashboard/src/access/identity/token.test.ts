import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { GUEST, publicScope, scope, sessionOptional, userOf } from "#kernel";
import { route } from "#platform/http";
import { openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";

const whoAmI = (path: string, access: Parameters<typeof route>[0]["access"]) =>
  route({
    method: "GET",
    path,
    access,
    summary: "s",
    tag: "t",
    data: z.string(),
    run: ({ caller }) => userOf(caller)?.username ?? GUEST.kind,
  });
const routes = [
  whoAmI("/strict", scope("nezha:cron:read")),
  whoAmI("/three", scope("nezha:server:read", "nezha:server:write")),
  whoAmI("/optional", publicScope("nezha:service:read")),
  whoAmI("/fallback", sessionOptional()),
];
const owners = new Map([
  [7, 2],
  [8, 1],
]);

let bench: AccessBench;
let admin: Browser;
let alice: Browser;
beforeEach(async () => {
  bench = await openBench({ routes, config: { webRealIpHeader: "NZ::Use-Peer-IP" }, deps: { ownerOfServer: (id) => owners.get(id) } });
  admin = await bench.admin();
  await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
  alice = await bench.browser().signIn("alice", "alice-password");
});
afterEach(async () => bench.close());

interface Created {
  readonly id: number;
  readonly token: string;
}
const create = async (browser: Browser, fields: object): Promise<Created> =>
  (await browser.post("/api-tokens", { name: "ci", scopes: ["nezha:cron:read"], ...fields })).data as Created;
const withToken = (token: string): Browser => bench.browser({ authorization: `Bearer ${token}` });
const strikes = async (): Promise<number> =>
  (await bench.access.waf.list({ offset: 0, limit: 10 })).rows.reduce((sum, row) => sum + row.count, 0);
/** The ban is over and its strikes are forgotten. */
const forgive = async (): Promise<void> => bench.access.unblock(["127.0.0.1"]);

test("a token is shown once, in the published form, and never kept in clear", async () => {
  const answer = await alice.post("/api-tokens", {
    name: " ci ",
    scopes: ["nezha:inventory:read", "mcp:server:exec", " nezha:inventory:read ", ""],
    server_ids: [7, 7],
    expires_in_days: 90,
  });
  expect(answer.data).toMatchObject({
    name: "ci",
    token: expect.stringMatching(/^nzp_[0-9A-Za-z]{32}$/) as string,
    scopes: ["nezha:inventory:read", "nezha:server:exec"],
    server_ids: [7],
  });
  const { token } = answer.data as Created;
  const list = await alice.get("/api-tokens");
  expect(list.text).not.toContain(token);
  expect(list.data).toMatchObject([{ name: "ci", server_ids: [7] }]);
  expect((await admin.get("/api-tokens")).data).toEqual([]);
  const row = await bench.database.kysely.selectFrom("api_tokens").selectAll().executeTakeFirstOrThrow();
  expect(JSON.stringify(row)).not.toContain(token);
  expect(row).toMatchObject({
    token_hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    scopes_csv: "nezha:inventory:read,nezha:server:exec",
    servers_csv: "7",
  });
});

test.each<[string, object, string]>([
  ["no name", { name: undefined }, "Key: 'APITokenCreateRequest.Name' Error:Field validation for 'Name' failed on the 'required' tag"],
  [
    "a name of 129",
    { name: "x".repeat(129) },
    "Key: 'APITokenCreateRequest.Name' Error:Field validation for 'Name' failed on the 'max' tag",
  ],
  ["no scopes", { scopes: [] }, "Key: 'APITokenCreateRequest.Scopes' Error:Field validation for 'Scopes' failed on the 'min' tag"],
  [
    "a long scope",
    { scopes: ["x".repeat(65)] },
    "Key: 'APITokenCreateRequest.Scopes[0]' Error:Field validation for 'Scopes[0]' failed on the 'max' tag",
  ],
  ["a blank name", { name: "  " }, "name required"],
  ["a name of 130 bytes", { name: "ä".repeat(65) }, "name too long (max 128 chars)"],
  ["days below zero", { expires_in_days: -1 }, "expires_in_days must be >= 0"],
  ["too many days", { expires_in_days: 3651 }, "expires_in_days too large (max 3650, i.e. 10 years)"],
  ["33 scopes", { scopes: Array.from({ length: 33 }, () => "nezha:cron:read") }, "too many scopes (max 32)"],
  ["1001 servers", { server_ids: Array.from({ length: 1001 }, (_, i) => i + 1) }, "too many server_ids (max 1000)"],
  ["an unknown scope", { scopes: ["nezha:nothing:read"] }, "unknown scope: nezha:nothing:read"],
  ["blank scopes", { scopes: [" "] }, "at least one scope required"],
  ["an administrator's scope", { scopes: ["nezha:cron:read", "nezha:admin:*"] }, "only admin can issue scope: nezha:admin:*"],
  ["everything", { scopes: ["nezha:*"] }, "only admin can issue scope: nezha:*"],
  ["server 0", { server_ids: [0] }, "server_id 0 is invalid"],
  ["an unknown server", { server_ids: [99] }, "server not found"],
  ["somebody else's server", { server_ids: [8] }, "permission denied on server"],
])("a member cannot create one with %s", async (_label, fields, error) => {
  const answer = await alice.post("/api-tokens", { name: "ci", scopes: ["nezha:cron:read"], ...fields });
  expect([answer.status, answer.error]).toEqual([200, error]);
});

test("a member has only so many tokens, an administrator as many as wanted", async () => {
  await bench.close();
  bench = await openBench({ deps: { rowsPerMember: 1 } });
  admin = await bench.admin();
  await admin.post("/user", { username: "alice", password: "alice-password", role: 1 });
  alice = await bench.browser().signIn("alice", "alice-password");
  const ask = { name: "ci", scopes: ["nezha:cron:read"] };
  const answers = await Promise.all(Array.from({ length: 5 }, async () => alice.post("/api-tokens", ask)));
  expect(answers.filter(({ error }) => error === "")).toHaveLength(1);
  expect(answers.filter(({ error }) => error === "too many access tokens (max 1)")).toHaveLength(4);
  await admin.post("/api-tokens", ask);
  expect((await admin.post("/api-tokens", ask)).error).toBe("");
});

test("nobody who is deleted while it is made has a token", async () => {
  // The row goes as it does in a deletion that has committed, before memory hears of it.
  await bench.database.kysely.deleteFrom("users").where("id", "=", 2).execute();
  const answer = await alice.post("/api-tokens", { name: "ci", scopes: ["nezha:cron:read"] });
  expect([answer.status, answer.error]).toEqual([200, "unauthorized"]);
  expect(await bench.database.kysely.selectFrom("api_tokens").selectAll().execute()).toEqual([]);
});

describe("what a token opens", () => {
  test("routes of its scopes, as its owner; nothing of people's", async () => {
    const browser = withToken((await create(alice, { scopes: ["nezha:cron:*", "nezha:server:read"] })).token);
    expect((await browser.get("/strict")).data).toBe("alice");
    const lacking = await browser.get("/three");
    expect([lacking.status, lacking.error]).toEqual([403, "ApiErrorForbidden: api token lacks scope nezha:server:write"]);
    expect((await browser.get("/optional")).error).toBe("ApiErrorForbidden: api token lacks scope nezha:service:read");
    expect((await browser.get("/fallback")).data).toBe("guest");
    for (const path of ["/profile", "/api-tokens"]) {
      const answer = await browser.get(path);
      expect([answer.status, answer.error]).toEqual([403, "ApiErrorForbidden: this endpoint is not accessible by api token"]);
    }
    expect((await browser.post("/api-tokens", {})).status).toBe(403);
    expect((await browser.post("/logout")).status).toBe(403);
  });

  test("scopes add no rights: a member's token is refused on administrators' routes", async () => {
    const { token, id } = await create(alice, {});
    await bench.database.kysely.updateTable("api_tokens").set({ scopes_csv: "nezha:*" }).where("id", "=", id).execute();
    await reopen();
    const answer = await withToken(token).get("/user");
    expect([answer.status, answer.error]).toEqual([200, "permission denied"]);
  });

  test("an administrator's token needs the administrators' scope as well", async () => {
    expect((await withToken((await create(admin, { scopes: ["nezha:admin:*"] })).token).get("/user")).error).toBe("");
    expect((await withToken((await create(admin, {})).token).get("/user")).error).toBe(
      "ApiErrorForbidden: api token lacks scope nezha:admin:*",
    );
  });

  test("only the header carries one", async () => {
    const { token } = await create(alice, {});
    expect((await bench.browser().get(`/strict?token=${token}`)).error).toBe("ApiErrorUnauthorized");
    expect((await bench.browser().get("/strict", { cookie: `nz-jwt=${token}` })).error).toBe("ApiErrorUnauthorized");
    expect((await bench.browser().get("/strict", { authorization: `bearer ${token}` })).error).toBe("ApiErrorUnauthorized");
  });

  test("a damaged server list stays a restriction", async () => {
    const { token } = await create(alice, { server_ids: [7] });
    await bench.database.kysely.updateTable("api_tokens").set({ servers_csv: "seven" }).execute();
    await reopen();
    const found = bench.access.tokens.authenticate(token, "");
    expect(found).toMatchObject({ caller: { serverIds: new Set([0]) } });
  });

  test("a row without scopes opens nothing", async () => {
    const { token } = await create(alice, {});
    await bench.database.kysely.updateTable("api_tokens").set({ scopes_csv: null }).execute();
    await reopen();
    expect((await withToken(token).get("/strict")).status).toBe(403);
  });
});

/** A second program on the same rows: nothing of the first one's memory. */
async function reopen(): Promise<void> {
  const { database } = bench;
  const fresh = await openBench({
    routes,
    prepare: async (other) => {
      for (const table of ["users", "api_tokens"] as const) {
        for (const row of await database.kysely.selectFrom(table).selectAll().execute())
          await other.kysely.insertInto(table).values(row).execute();
      }
    },
  });
  await bench.close();
  bench = fresh;
}

describe("a token that is no use", () => {
  const refusal = async (browser: Browser): Promise<[number, string]> => {
    const { status, error } = await browser.get("/strict");
    return [status, error];
  };

  test.each(["nzp_", `nzp_${"a".repeat(32)}`])("unknown: %s", async (text) => {
    expect(await refusal(withToken(text))).toEqual([401, "ApiErrorUnauthorized: invalid api token"]);
    expect(await strikes()).toBe(1);
  });

  test("expired", async () => {
    const { token } = await create(alice, { expires_in_days: 1 });
    bench.clock.advance(86_400_000);
    expect(await refusal(withToken(token))).toEqual([200, ""]);
    bench.clock.advance(1);
    expect(await refusal(withToken(token))).toEqual([401, "ApiErrorUnauthorized: api token expired"]);
    expect(await strikes()).toBe(1);
  });

  test("deleted by its owner, or by an administrator; nobody else", async () => {
    const one = await create(alice, {});
    const two = await create(alice, {});
    const mine = await create(admin, {});
    expect((await alice.call("DELETE", `/api-tokens/${mine.id}`)).error).toBe("not found");
    expect((await alice.call("DELETE", "/api-tokens/999")).error).toBe("not found");
    expect((await alice.call("DELETE", `/api-tokens/${one.id}`)).error).toBe("");
    expect((await admin.call("DELETE", `/api-tokens/${two.id}`)).error).toBe("");
    for (const { token } of [one, two]) {
      expect(await refusal(withToken(token))).toEqual([401, "ApiErrorUnauthorized: invalid api token"]);
      await forgive();
    }
  });

  test("its owner is gone", async () => {
    const { token } = await create(alice, {});
    await bench.database.kysely.updateTable("api_tokens").set({ user_id: 77 }).execute();
    await reopen();
    expect(await refusal(withToken(token))).toEqual([401, "ApiErrorUnauthorized: owner of api token not found"]);
  });

  test("a bad token is not saved by a good cookie", async () => {
    expect(await refusal(bench.browser({ authorization: "Bearer nzp_x", cookie: `nz-jwt=${admin.token}` }))).toEqual([
      401,
      "ApiErrorUnauthorized: invalid api token",
    ]);
  });
});

test("use is noted: the first at once, a new address at once, else once a minute", async () => {
  const { token } = await create(alice, {});
  const uses = async (): Promise<unknown> => {
    const [row] = (await alice.get("/api-tokens")).data as [{ last_used_at?: string; last_used_ip?: string }];
    return row.last_used_at;
  };
  expect(await uses()).toBeUndefined();
  await withToken(token).get("/strict");
  const first = await uses();
  expect(first).toBeDefined();
  bench.clock.advance(59_000);
  await withToken(token).get("/strict");
  expect(await uses()).toBe(first);
  bench.clock.advance(1_000);
  await withToken(token).get("/strict");
  expect(await uses()).not.toBe(first);
});

test("a request with a token seen before costs no SQL, and forgives strikes of its address", async () => {
  const { token } = await create(alice, {});
  await withToken(token).get("/strict");
  const before = bench.queries();
  for (let i = 0; i < 5; i++) await withToken(token).get("/strict");
  expect(bench.queries()).toBe(before);
  await bench.access.waf.strike("127.0.0.1", 2, -126);
  bench.clock.advance(4_000);
  await withToken(token).get("/strict");
  expect(await strikes()).toBe(0);
});
