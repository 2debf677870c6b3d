import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { ADMIN_PASSWORD, openBench } from "#access/testing";
import type { AccessBench, Browser } from "#access/testing";
import { createWaf } from "./waf.ts";
import type { Waf } from "./waf.ts";

const ALL = { offset: 0, limit: 100 };

describe("counting", () => {
  const clock = createFakeClock();
  let temporary: TemporaryDatabase;
  const errors: unknown[] = [];
  const blockedByHand: string[] = [];
  const create = (maxAddresses?: number): Promise<Waf> =>
    createWaf({
      clock,
      database: temporary.database,
      onError: (error) => errors.push(error),
      onBlocked: (ip) => blockedByHand.push(ip),
      ...(maxAddresses && { maxAddresses }),
    });
  const block = (waf: Waf, ips: string[]) => temporary.database.change((tx, changes) => waf.block(tx, changes, ips));
  const unblock = (waf: Waf, ips: string[]) => temporary.database.change((tx, changes) => waf.unblock(tx, changes, ips));
  beforeEach(async () => {
    temporary = await openTemporaryDatabase({ clock });
    errors.length = 0;
  });
  afterEach(async () => temporary.remove());

  test("strikes block, their time passes, and a new start knows them all", async () => {
    const waf = await create();
    await waf.strike("203.0.113.9", 1, -125);
    await waf.strike("203.0.113.9", 1, 7);
    expect(waf.blocked("203.0.113.9")).toBe(true);
    expect(waf.blocked("203.0.113.8")).toBe(false);
    const again = await create();
    clock.advance(15_000);
    expect(again.blocked("203.0.113.9")).toBe(true);
    clock.advance(1_000);
    expect(again.blocked("203.0.113.9")).toBe(false);
    await again.strike("203.0.113.9", 1, 7);
    expect((await again.list(ALL)).rows).toMatchObject([
      { ip: "203.0.113.9", identifier: 7, count: 2 },
      { ip: "203.0.113.9", identifier: -125, count: 1 },
    ]);
  });

  test("no address and no address at all are never counted or blocked", async () => {
    const waf = await create();
    await waf.strike("", 1, -125);
    await waf.strike("not-an-ip", 1, -125);
    expect(waf.blocked("")).toBe(false);
    expect((await waf.list(ALL)).total).toBe(0);
    expect(errors).toEqual([]);
  });

  test("a success forgives only what it stands for, and costs nothing when there is nothing to forgive", async () => {
    const waf = await create();
    await waf.strike("203.0.113.9", 2, -126);
    await waf.strike("203.0.113.9", 3, -127);
    expect(waf.forgive("203.0.113.8", -126)).toBeUndefined();
    await waf.forgive("203.0.113.9", -126);
    expect((await waf.list(ALL)).rows).toMatchObject([{ identifier: -127 }]);
  });

  describe("a /64 is one visitor", () => {
    const [first, second, neighbour] = ["2001:db8:0:7::1", "2001:db8:0:7:ffff::2", "2001:db8:0:8::1"];

    test("its failures add up under its first address, and the ban covers it alone", async () => {
      const waf = await create();
      for (const ip of [first, second, "2001:db8:0:7::3"]) await waf.strike(ip, 1, -125);
      expect((await waf.list(ALL)).rows).toMatchObject([{ ip: first, identifier: -125, count: 3 }]);
      const again = await create();
      clock.advance(80_000);
      expect([first, second, "2001:db8:0:7::"].map((ip) => again.blocked(ip))).toEqual([true, true, true]);
      expect(again.blocked(neighbour)).toBe(false);
      expect(again.addresses).toBe(1);
      await again.strike(second, 1, -125);
      expect((await again.list(ALL)).rows).toMatchObject([{ ip: first, count: 4 }]);
    });

    test("a success anywhere in it forgives", async () => {
      const waf = await create();
      await waf.strike(first, 2, -126);
      await waf.forgive(second, -126);
      expect((await waf.list(ALL)).total).toBe(0);
      expect(waf.blocked(first)).toBe(false);
    });

    test("a block by hand is for one address, and goes alone", async () => {
      const waf = await create();
      await block(waf, [first]);
      expect([waf.blocked(first), waf.blocked(second)]).toEqual([true, false]);
      await waf.strike(second, 1, -125);
      await waf.forgive(first, -125);
      expect([waf.blocked(first), waf.blocked(second)]).toEqual([true, false]);
      await unblock(waf, [second]);
      expect(waf.blocked(first)).toBe(true);
      await unblock(waf, [first]);
      expect((await waf.list(ALL)).total).toBe(0);
      expect(waf.blocked(first)).toBe(false);
    });

    test("an administrator frees any address of it", async () => {
      const waf = await create();
      await waf.strike(first, 1, -125);
      await unblock(waf, [second]);
      expect(waf.blocked(second)).toBe(false);
      expect((await waf.list(ALL)).total).toBe(0);
    });

    test("rows that the reference counted one by one count together", async () => {
      const now = Math.floor(clock.now() / 1000);
      for (let i = 1; i <= 3; i++) {
        const ip = Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, i);
        const row = { ip, block_identifier: -125, block_reason: 1, block_timestamp: now, count: 1 };
        await temporary.database.kysely.insertInto("nz_waf").values(row).execute();
      }
      const waf = await create();
      clock.advance(80_000);
      expect(waf.blocked(second)).toBe(true);
      await waf.forgive(second, -125);
      expect((await waf.list(ALL)).total).toBe(0);
    });
  });

  test("rows of the reference are understood: 16 bytes, 4 bytes, and both together", async () => {
    const now = Math.floor(clock.now() / 1000);
    const rows = [
      { ip: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 203, 0, 113, 9), count: 1 },
      { ip: Uint8Array.of(203, 0, 113, 9), count: 2 },
    ];
    for (const row of rows)
      await temporary.database.kysely
        .insertInto("nz_waf")
        .values({ ...row, block_identifier: -126, block_reason: 2, block_timestamp: now })
        .execute();
    const waf = await create();
    clock.advance(80_000);
    expect(waf.blocked("203.0.113.9")).toBe(true);
    expect((await waf.list(ALL)).rows.map((row) => row.ip)).toEqual(["203.0.113.9", "203.0.113.9"]);
    await waf.strike("203.0.113.9", 2, -126);
    expect((await waf.list(ALL)).rows).toMatchObject([{ ip: "203.0.113.9", count: 4 }]);
    await unblock(waf, ["203.0.113.9"]);
    expect(waf.blocked("203.0.113.9")).toBe(false);
    expect((await waf.list(ALL)).total).toBe(0);
  });

  test("after 30 idle days strikes are forgotten; manual blocks and running bans stay", async () => {
    const waf = await create();
    await waf.strike("203.0.113.1", 1, -125);
    for (let i = 0; i < 45; i++) await waf.strike("203.0.113.2", 1, -125);
    await block(waf, ["203.0.113.3"]);
    clock.advance(29 * 86_400_000);
    await waf.age();
    expect(waf.addresses).toBe(3);
    await waf.strike("203.0.113.4", 1, -125);
    clock.advance(2 * 86_400_000);
    await waf.age();
    expect((await waf.list(ALL)).rows.map((row) => row.ip).toSorted()).toEqual(["203.0.113.2", "203.0.113.3", "203.0.113.4"]);
    expect(waf.blocked("203.0.113.2")).toBe(true);
    expect(waf.blocked("203.0.113.3")).toBe(true);
  });

  test("only so many addresses are kept: the one struck longest ago goes, never one blocked by hand", async () => {
    const waf = await create(3);
    await block(waf, ["203.0.113.1"]);
    for (const last of [2, 3, 2, 4, 5]) await waf.strike(`203.0.113.${last}`, 1, -125);
    expect(waf.addresses).toBe(3);
    expect((await waf.list(ALL)).rows.map((row) => row.ip).toSorted()).toEqual(["203.0.113.1", "203.0.113.4", "203.0.113.5"]);
  });

  test("strikes of two processes on one table add up, and each hears of what the other blocked or freed", async () => {
    const [one, two] = [await create(), await create()];
    await one.strike("203.0.113.9", 1, -125);
    await two.strike("203.0.113.9", 1, -125);
    await one.strike("203.0.113.9", 1, -125);
    expect((await one.list(ALL)).rows).toMatchObject([{ count: 3 }]);
    clock.advance(80_000);
    expect([one.blocked("203.0.113.9"), two.blocked("203.0.113.9")]).toEqual([true, true]);
    await unblock(one, ["203.0.113.9"]);
    expect(two.blocked("203.0.113.9")).toBe(false);
    blockedByHand.length = 0;
    await block(one, ["203.0.113.7"]);
    expect(two.blocked("203.0.113.7")).toBe(true);
    expect(blockedByHand).toEqual(["203.0.113.7", "203.0.113.7"]);
  });

  test("a block that is undone blocks nobody", async () => {
    const waf = await create();
    const undone = temporary.database.change(async (tx, changes) => {
      await waf.block(tx, changes, ["203.0.113.7"]);
      throw new Error("undone");
    });
    await expect(undone).rejects.toThrow("undone");
    expect(waf.blocked("203.0.113.7")).toBe(false);
  });

  test("a database that fails changes no answer: the block holds in memory", async () => {
    const waf = await create();
    await temporary.database.close();
    await waf.strike("203.0.113.9", 1, -125);
    expect(waf.blocked("203.0.113.9")).toBe(true);
    expect(errors).toHaveLength(1);
  });
});

describe("at the gate", () => {
  let bench: AccessBench;
  let admin: Browser;
  const at = (ip: string, headers: Record<string, string> = {}): Browser => bench.browser({ "x-test-ip": ip, ...headers });
  beforeEach(async () => {
    bench = await openBench({ config: { webRealIpHeader: "X-Test-IP" } });
    admin = await bench.admin({ "x-test-ip": "203.0.113.250" });
  });
  afterEach(async () => bench.close());
  const rows = async (): Promise<unknown[]> => ((await admin.get("/waf")).data as { value?: unknown[] }).value ?? [];

  test("without the header nobody gets through", async () => {
    for (const path of ["/profile", "/nowhere"]) {
      const answer = await bench.browser().get(path);
      expect([answer.status, answer.error]).toEqual([200, "real ip header not found"]);
    }
    expect((await at("203.0.113.9:80").get("/profile")).error).not.toBe("");
  });

  test("the setting works at once, and another way to know addresses ends the old sessions", async () => {
    bench.settings.webRealIpHeader = "";
    expect((await admin.get("/profile")).error).toBe("ApiErrorUnauthorized");
    bench.settings.webRealIpHeader = "X-Test-IP";
    expect((await admin.get("/profile")).error).toBe("");
  });

  test("failures count by what was tried, and a blocked address gets the page for everything", async () => {
    await at("198.51.100.1").post("/login", { username: "admin", password: "wrong" });
    await at("198.51.100.2").post("/login", { username: "nobody", password: "wrong" });
    await at("198.51.100.3", { authorization: `Bearer nzp_${"x".repeat(32)}` }).get("/api-tokens");
    expect(await rows()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ip: "198.51.100.1", block_identifier: 1, block_reason: 1, count: 1 }),
        expect.objectContaining({ ip: "198.51.100.2", block_identifier: -125, block_reason: 1, count: 1 }),
        expect.objectContaining({ ip: "198.51.100.3", block_identifier: -126, block_reason: 2, count: 1 }),
      ]),
    );
    for (const path of ["/profile", "/nowhere"]) {
      const answer = await at("198.51.100.1").get(path);
      expect([answer.status, answer.headers.get("content-type")]).toEqual([403, "text/html; charset=utf-8"]);
      expect(answer.text).toContain("you were blocked by nezha WAF");
    }
    expect((await at("198.51.100.1").post("/login", { username: "admin", password: ADMIN_PASSWORD })).status).toBe(403);
    expect((await at("198.51.100.4").get("/profile")).error).toBe("ApiErrorUnauthorized");
  });

  test("a right password clears its address once the ban is over", async () => {
    await at("198.51.100.1").post("/login", { username: "admin", password: "wrong" });
    bench.clock.advance(3_000);
    expect((await at("198.51.100.1").post("/login", { username: "admin", password: ADMIN_PASSWORD })).error).toBe("");
    expect(await rows()).toEqual([]);
  });

  test("of thirty guesses at once only the first few are looked at", async () => {
    const attacker = at("198.51.100.1");
    await Promise.all(Array.from({ length: 30 }, async (_, i) => attacker.post("/login", { username: "admin", password: `guess ${i}` })));
    const [row] = (await rows()) as [{ count: number }];
    expect(row.count).toBeLessThanOrEqual(2);
  });

  test("a session is bound to its address; elsewhere it is nobody's, and that is no attack", async () => {
    const moved = at("198.51.100.1", { cookie: `nz-jwt=${admin.token}` });
    expect((await moved.get("/profile")).error).toBe("ApiErrorUnauthorized");
    expect(await rows()).toEqual([]);
  });

  test("allow_jwt_ip_change lets a session move, for as long as it is on, and nothing else", async () => {
    const moved = at("198.51.100.1", { cookie: `nz-jwt=${admin.token}` });
    bench.settings.allowJwtIpChange = true;
    expect((await moved.get("/profile")).data).toMatchObject({ username: "admin", login_ip: "198.51.100.1" });
    const bound = await bench.database.kysely.selectFrom("jwt_sessions").select("ip").execute();
    expect(bound).toEqual([{ ip: "203.0.113.250" }]);
    // What is tried from there counts there.
    await at("198.51.100.1").post("/login", { username: "admin", password: "wrong" });
    expect((await moved.get("/profile")).status).toBe(403);
    expect(await rows()).toMatchObject([{ ip: "198.51.100.1" }]);
    bench.clock.advance(3_000);
    bench.settings.allowJwtIpChange = false;
    expect((await moved.get("/profile")).error).toBe("ApiErrorUnauthorized");
    expect((await admin.get("/profile")).error).toBe("");
    bench.settings.allowJwtIpChange = true;
    await admin.post("/logout");
    expect((await moved.get("/profile")).error).toBe("ApiErrorUnauthorized");
  });

  test("another spelling of the own address is no move", async () => {
    const home = await at("2001:DB8:0:0::1").signIn("admin", ADMIN_PASSWORD);
    for (const ip of ["2001:db8::1", "2001:0db8:0000::0001", "2001:db8::1%eth0", "10.0.0.1, 2001:DB8::1"])
      expect((await at(ip).get("/profile", { cookie: `nz-jwt=${home.token}` })).data).toMatchObject({ login_ip: "2001:db8::1" });
    expect((await at("2001:db8::2").get("/profile", { cookie: `nz-jwt=${home.token}` })).error).toBe("ApiErrorUnauthorized");
  });

  test("the list has pages; wishes that make no sense get the usual one", async () => {
    for (const last of [1, 2, 3]) {
      bench.clock.advance(1_000);
      await bench.access.waf.strike(`198.51.100.${last}`, 1, -125);
    }
    const page = async (query: string): Promise<unknown> => (await admin.get(`/waf?${query}`)).data;
    expect(await page("limit=1&offset=1")).toMatchObject({
      value: [{ ip: "198.51.100.2" }],
      pagination: { offset: 1, limit: 1, total: 3 },
    });
    expect(await page("limit=0&offset=-1")).toMatchObject({ pagination: { limit: 25, total: 3 } });
    expect(await page("limit=100000")).toMatchObject({ pagination: { limit: 500 } });
  });

  test("administrators remove addresses in any spelling; what is no address is skipped", async () => {
    await bench.access.waf.strike("2001:db8::1", 1, -125);
    await bench.access.waf.strike("198.51.100.1", 1, -125);
    await admin.post("/batch-delete/waf", ["2001:db8:0::1", "::ffff:198.51.100.1", "nonsense"]);
    expect(await rows()).toEqual([]);
  });

  test("blocking by hand ends the sessions of the address for good", async () => {
    const visitor = await at("198.51.100.7").signIn("admin", ADMIN_PASSWORD);
    expect((await admin.post("/online-user/batch-block", ["198.51.100.7", "::ffff:198.51.100.7"])).error).toBe("");
    expect((await visitor.get("/profile")).status).toBe(403);
    expect(await rows()).toMatchObject([{ ip: "198.51.100.7", block_identifier: -124, block_reason: 4, count: 99_999 }]);
    await admin.post("/batch-delete/waf", ["198.51.100.7"]);
    expect((await visitor.get("/profile")).error).toBe("ApiErrorUnauthorized");
  });

  test("all addresses are checked before the first is blocked, and nobody blocks oneself", async () => {
    expect((await admin.post("/online-user/batch-block", ["198.51.100.7", "nonsense"])).error).toBe('not an IP address: "nonsense"');
    expect((await admin.post("/online-user/batch-block", ["198.51.100.7", "203.0.113.250"])).error).toBe("can't block your own address");
    expect((await admin.post("/online-user/batch-block", [])).error).toBe("");
    expect(await rows()).toEqual([]);
  });
});

test("agents are judged by their own header, and the same table", async () => {
  const bench = await openBench({ config: { agentRealIpHeader: "X-Agent-IP" } });
  const { agents } = bench.access;
  const call = (ip: string | undefined): unknown => agents.address("127.0.0.1", (name) => (name === "x-agent-ip" ? ip : undefined));
  expect(call(undefined)).toEqual({ refused: "real ip header not found" });
  expect(call("10.0.0.1, 203.0.113.9")).toEqual({ ip: "203.0.113.9" });
  agents.strike("203.0.113.9");
  expect(call("203.0.113.9")).toEqual({ refused: "you were blocked by nezha WAF" });
  bench.clock.advance(3_000);
  expect(call("203.0.113.9")).toEqual({ ip: "203.0.113.9" });
  agents.forgive("203.0.113.9");
  agents.strike("203.0.113.9");
  bench.clock.advance(3_000);
  expect(call("203.0.113.9")).toEqual({ ip: "203.0.113.9" });
  expect(agents.userOfSecret("global-agent-secret-of-32-letters")).toBe(0);
  expect(agents.userOfSecret("unknown")).toBeUndefined();
  await bench.close();
});
