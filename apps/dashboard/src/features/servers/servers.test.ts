import { createFakeClock } from "@windfire/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTraffic } from "#features/traffic";
import { createAuditLog } from "#platform/audit";
import type { AuditLog } from "#platform/audit";
import type { Caller } from "#kernel";
import { runCascades } from "#platform/database";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import { createServers } from "./index.ts";
import type { Servers, ServersDeps } from "./index.ts";

/** Servers and groups by their routes, over a real database (spec 11 sections 1 and 2). */
const session = (id: number, role: 0 | 1): Caller => ({
  kind: "session",
  user: { id, username: `user ${id}`, role },
  sessionKey: "k",
  via: "header",
});
const GUEST: Caller = { kind: "guest" };
const admin = session(1, 0);
const alice = session(2, 1);
const bob = session(3, 1);
const token = (user: { id: number; role: 0 | 1 }, ...serverIds: number[]): Caller => ({
  kind: "token",
  user: { id: user.id, username: "t", role: user.role },
  tokenId: 1,
  scopes: ["nezha:*"],
  serverIds: new Set(serverIds),
});

let temporary: TemporaryDatabase;
let servers: Servers;
let audit: AuditLog;
let published: string[];
let unsubscribe = (): void => undefined;
let call: RouteCaller;
const clock = createFakeClock();

async function open(deps: Partial<ServersDeps> = {}): Promise<void> {
  servers = await createServers({
    audit,
    database: temporary.database,
    now: () => clock.now(),
    random: () => 0,
    usernameOf: (id) => ({ 1: "admin", 2: "alice", 3: "bob" })[id],
    monotonic: () => clock.monotonic(),
    pause: async () => undefined,
    lastSeen: (id) => (id === 3 ? Date.UTC(2025, 11, 31) : undefined),
    rowsPerMember: 1000,
    serversPerMember: 500,
    isMember: (id) => id > 1,
    ddnsProfile: (id) => ({ 7: { ownerId: 2 }, 8: { ownerId: 3 } })[id],
    isOwner: async () => true,
    trafficRecords: createTraffic(temporary.database).records,
    onSave: async (_tx, _changes, { id }) => void published.push(`saved ${id}`),
    requirePath: async () => undefined,
    onError: (error) => published.push(String(error)),
    groupCascades: [],
    cascades: [],
    movedCascades: [],
    ...deps,
  });
  unsubscribe();
  unsubscribe = servers.directory.subscribe(({ id, before, after }) => {
    published.push(`${!before ? "registered" : after ? "updated" : "deleted"} ${id}`);
  });
  call = createRouteCaller(servers.routes);
}

/** Alice has 1 and 2 (hidden), Bob 3, the global secret 4. */
beforeEach(async () => {
  temporary = await openTemporaryDatabase({ clock });
  published = [];
  audit = createAuditLog({ database: temporary.database, now: () => 1 });
  await open();
  for (const [uuid, owner] of [
    ["a", 2],
    ["b", 2],
    ["c", 3],
    ["d", 0],
  ] as const)
    await servers.register(uuid, owner);
  await call(alice, "PATCH /server/2", { ...form, hide_for_guest: true });
  published.length = 0;
});
afterEach(() => temporary.remove());

const form = {
  name: "tokyo",
  note: "private",
  public_note: "public",
  display_index: 0,
  hide_for_guest: false,
  enable_ddns: false,
  ddns_profiles: [],
  override_ddns_domains: {},
};
const dataOf = (answer: Awaited<ReturnType<RouteCaller>>): unknown => ("data" in answer ? answer.data : answer);
const idsOf = async (caller: Caller, query = ""): Promise<number[]> =>
  (dataOf(await call(caller, `GET /server${query}`)) as { id: number }[]).map(({ id }) => id);

describe("tags", () => {
  const tagsOf = async (id: number) =>
    (dataOf(await call(admin, "GET /server")) as { id: number; tags?: string[] }[]).find((server) => server.id === id)?.tags;

  test("are kept by a save that does not name them, and by a new owner", async () => {
    await call(alice, "PATCH /server/1", { ...form, tags: ["web", "eu", "web"] });
    expect(await tagsOf(1)).toEqual(["web", "eu"]);
    await call(alice, "PATCH /server/1", { ...form, reached_through: null });
    expect(await tagsOf(1)).toEqual(["web", "eu"]);
    await temporary.database.change(async (tx, changes) => void (await servers.commands.setOwner(tx, changes, 1, 3)));
    expect(await tagsOf(1)).toEqual(["web", "eu"]);
    await call(bob, "PATCH /server/1", { ...form, tags: [] });
    expect(await tagsOf(1)).toBeUndefined();
  });

  test.each([
    [["two words"], "tags.0: must have 1 to 32 characters without spaces and commas"],
    [["x".repeat(33)], "tags.0: must have 1 to 32 characters without spaces and commas"],
    [Array.from({ length: 21 }, (_, i) => `t${i}`), "tags: must have at most 20 entries"],
  ])("%j is refused", async (tags, error) => {
    expect(await call(alice, "PATCH /server/1", { ...form, tags })).toMatchObject({ error });
  });
});

describe("several servers at once", () => {
  const update = (caller: Caller, body: object) => call(caller, "POST /batch-update/server", body);

  test("are hidden and tagged in one transaction, and the answer says which were changed", async () => {
    expect(dataOf(await update(alice, { ids: [1, 2, 99], hide_for_guest: true, add_tags: ["web"] }))).toEqual({ changed: [1, 2] });
    expect(dataOf(await update(alice, { ids: [1, 2], hide_for_guest: true }))).toEqual({ changed: [] });
    expect(dataOf(await update(alice, { ids: [1, 2], remove_tags: ["web"] }))).toEqual({ changed: [1, 2] });
  });

  test("are none when one of them is somebody else's", async () => {
    expect(await update(alice, { ids: [1, 3], add_tags: ["web"] })).toMatchObject({ error: "permission denied" });
    expect(dataOf(await update(alice, { ids: [1], remove_tags: ["web"] }))).toEqual({ changed: [] });
  });
});

describe("the list", () => {
  test("holds what the caller may manage, by index, then id", async () => {
    await call(bob, "PATCH /server/3", { ...form, display_index: 5 });
    expect([await idsOf(admin), await idsOf(alice), await idsOf(bob), await idsOf(token({ id: 1, role: 0 }, 2, 3))]).toEqual([
      [3, 1, 2, 4],
      [1, 2],
      [3],
      [3, 2],
    ]);
  });

  test("finds ids exactly, whatever the order, and gives all when none is found", async () => {
    await call(bob, "PATCH /server/3", { ...form, display_index: -5 });
    expect([await idsOf(admin, "?id=4,3,x"), await idsOf(alice, "?id=3"), await idsOf(admin, "?id=")]).toEqual([
      [4, 3],
      [1, 2],
      [1, 2, 4, 3],
    ]);
  });

  test("renders what is always there, and leaves the rest out when empty", async () => {
    expect(dataOf(await call(admin, "GET /server?id=4"))).toEqual([
      {
        id: 4,
        created_at: expect.any(String) as string,
        updated_at: expect.any(String) as string,
        name: expect.stringMatching(/^\w+-\w+$/) as string,
        uuid: "d",
        display_index: 0,
        host: {},
        state: {},
        geoip: { ip: {} },
        last_active: "0001-01-01T00:00:00Z",
        condition: "waiting",
        owner: { id: 0 },
      },
    ]);
    const full = {
      ...form,
      hide_for_guest: true,
      enable_ddns: true,
      ddns_profiles: [7],
      override_ddns_domains: { "7": ["a.example.com"] },
    };
    await call(alice, "PATCH /server/1", full);
    expect(dataOf(await call(admin, "GET /server?id=3"))).toMatchObject([{ condition: "waiting", last_seen: "2025-12-31T00:00:00Z" }]);
    clock.advance(60_000);
    expect(dataOf(await call(admin, "GET /server?id=3"))).toMatchObject([{ condition: "offline", last_seen: "2025-12-31T00:00:00Z" }]);
    expect(dataOf(await call(alice, "GET /server?id=1"))).toMatchObject([{ ...full, owner: { id: 2, username: "alice" } }]);
  });
});

describe("a change", () => {
  test("replaces everything, survives a restart, keeps the connection and is published", async () => {
    servers.directory.get(1)?.applyAddress({ ipv4: "203.0.113.9", ipv6: "", countryCode: "jp" });
    expect(await call(alice, "PATCH /server/1", form)).toEqual({ data: null });
    expect(servers.directory.get(1)?.address.countryCode).toBe("jp");
    expect(published).toEqual(["saved 1", "updated 1"]);
    await open();
    expect(servers.directory.get(1)?.settings).toMatchObject({ name: "tokyo", note: "private", ownerId: 2 });
  });

  test.each([
    ["a server that is not there", alice, 99, {}, "server id 99 does not exist"],
    ["somebody else's", bob, 1, {}, "permission denied"],
    ["one outside the token's list", token({ id: 2, role: 1 }, 2), 1, {}, "permission denied"],
    ["GHSA-39g2-8x68-pmx8: a profile that is not there yet", alice, 1, { ddns_profiles: [9] }, "profile id 9 does not exist"],
    ["somebody else's profile", alice, 1, { ddns_profiles: [7, 8] }, "permission denied"],
  ])("of or with %s is refused and changes nothing", async (_what, caller, id, change, error) => {
    expect(await call(caller, `PATCH /server/${id}`, { ...form, name: "stolen", ...change })).toEqual({ error });
    expect(published).toEqual([]);
    expect(JSON.stringify(dataOf(await call(admin, "GET /server")))).not.toContain("stolen");
  });

  test("domains are kept for any profile: they are used only with profiles that the server names", async () => {
    const override = { "8": ["x"], "9": ["y"] };
    expect(await call(alice, "PATCH /server/1", { ...form, override_ddns_domains: override })).toEqual({ data: null });
    expect(servers.directory.get(1)?.settings).toMatchObject({ overrideDdnsDomains: override, ddnsProfiles: [] });
  });

  test("does not write back an owner that changes at the same moment", async () => {
    const moved = temporary.database.change((tx, changes) => servers.commands.setOwner(tx, changes, 1, 3));
    await Promise.all([moved, call(alice, "PATCH /server/1", form)]);
    const row = await temporary.database.kysely.selectFrom("servers").select("user_id").where("id", "=", 1).executeTakeFirstOrThrow();
    expect([row.user_id, servers.directory.get(1)?.settings.ownerId]).toEqual([3, 3]);
  });

  test("is judged by the row as it is then, not by what memory holds: a server that was just given away is a stranger's", async () => {
    const given = temporary.database.change((tx, changes) => servers.commands.setOwner(tx, changes, 1, 3));
    const answers = [call(alice, "PATCH /server/1", { ...form, name: "stolen" }), call(alice, "POST /batch-delete/server", [1])];
    await given;
    expect(await Promise.all(answers)).toEqual([{ error: "permission denied" }, { error: "permission denied" }]);
    expect(servers.directory.get(1)?.settings).toMatchObject({ ownerId: 3, name: expect.not.stringContaining("stolen") as string });
  });

  test("that cannot be followed up is no change", async () => {
    await open({ onSave: () => Promise.reject(new Error("disk full")) });
    await expect(call(alice, "PATCH /server/1", form)).rejects.toThrow("disk full");
    expect(servers.directory.get(1)?.settings.name).not.toBe("tokyo");
    expect((await audit.newest(1))[0]?.action).toBe("server.update");
    expect(await audit.newest(99)).toHaveLength(5);
  });

  test("is written down: who, what, from what to what; so is a deletion", async () => {
    await call(alice, "PATCH /server/1", form);
    await call(alice, "POST /batch-delete/server", [1]);
    const [deleted, updated] = await audit.newest(2);
    expect(updated).toMatchObject({ kind: "user", userId: 2, action: "server.update", key: 1 });
    expect(updated?.fields).toContainEqual({ field: "note", from: "", to: "private" });
    expect(deleted).toMatchObject({ kind: "user", userId: 2, action: "server.delete", key: 1 });
    expect(deleted?.fields).toContainEqual({ field: "name", from: "tokyo" });
  });
});

describe("deleting", () => {
  test("takes memberships and traffic along, in one transaction with what others clean up", async () => {
    const after: string[] = [];
    await open({
      cascades: [
        async (_tx, ids, changes) =>
          changes.afterwards(() => after.push(`cascade ${ids.join(",")}, there: ${servers.directory.get(1) !== undefined}`)),
      ],
    });
    await call(alice, "POST /server-group", { name: "g", servers: [1, 2] });
    await temporary.database.kysely.insertInto("transfers").values({ user_id: 0, server_id: 1, in: 5, out: 5 }).execute();
    expect(await call(alice, "POST /batch-delete/server", [1, 1, 99])).toEqual({ data: null });
    expect(after).toEqual(["cascade 1, there: false"]);
    expect(published).toEqual(["deleted 1"]);
    expect(await temporary.database.kysely.selectFrom("transfers").selectAll().execute()).toEqual([]);
    expect(dataOf(await call(alice, "GET /server-group"))).toMatchObject([{ servers: [2] }]);
    await open();
    expect(await idsOf(alice)).toEqual([2]);
  });

  test("is all or nothing on permission, and nothing at all when something fails", async () => {
    expect(await call(alice, "POST /batch-delete/server", [1, 3])).toEqual({ error: "permission denied" });
    expect(await call(token({ id: 1, role: 0 }, 1), "POST /batch-delete/server", [1, 3])).toEqual({ error: "permission denied" });
    expect(await call(alice, "POST /batch-delete/server", [])).toEqual({ data: null });
    await open({ cascades: [() => Promise.reject(new Error("disk full"))] });
    await expect(call(alice, "POST /batch-delete/server", [1])).rejects.toThrow("disk full");
    expect(await idsOf(alice)).toEqual([1, 2]);
    await open();
    expect([await idsOf(alice), published]).toEqual([[1, 2], []]);
  });

  test("a user takes servers and groups along", async () => {
    await call(alice, "POST /server-group", { name: "g", servers: [1] });
    await temporary.database.change((tx, changes) => runCascades(tx, [servers.cascades.users], [2], changes));
    expect(await idsOf(admin)).toEqual([3, 4]);
    expect(dataOf(await call(admin, "GET /server-group"))).toEqual([]);
    expect(published).toEqual(["deleted 1", "deleted 2"]);
  });

  test("a user takes servers along that came to it a moment before", async () => {
    const moved = temporary.database.change((tx, changes) => servers.commands.setOwner(tx, changes, 3, 2));
    const gone = temporary.database.change((tx, changes) => runCascades(tx, [servers.cascades.users], [2], changes));
    await Promise.all([moved, gone]);
    expect(await idsOf(admin)).toEqual([4]);
  });

  test("a DDNS profile leaves the servers that named it", async () => {
    await call(alice, "PATCH /server/1", { ...form, ddns_profiles: [7], override_ddns_domains: { "7": ["a"] } });
    await temporary.database.change((tx, changes) => runCascades(tx, [servers.cascades.ddnsProfiles], [7], changes));
    const bare = { ddnsProfiles: [], overrideDdnsDomains: {} };
    expect(servers.directory.get(1)?.settings).toMatchObject(bare);
    await open();
    expect(servers.directory.get(1)?.settings).toMatchObject(bare);
  });
});

describe("registering", () => {
  test("calls that come together for one agent share one server", async () => {
    const made = await Promise.all([1, 2, 3].map(() => servers.register("new", 2)));
    expect(new Set(made).size).toBe(1);
    expect(published).toEqual([`registered ${made[0]?.id}`]);
  });

  test("a member has only so many, administrators and the global secret as many as they like", async () => {
    await open({ serversPerMember: 2 });
    await expect(servers.register("new", 2)).rejects.toThrow("too many servers");
    await expect(Promise.all([servers.register("x", 3), servers.register("y", 3)])).rejects.toThrow("too many servers");
    expect((await servers.register("z", 0)).settings.ownerId).toBe(0);
    expect(servers.directory.list().filter(({ settings }) => settings.ownerId === 3)).toHaveLength(2);
  });
});

describe("groups", () => {
  test("guests see what is public of them, members their own, administrators all, tokens their servers'", async () => {
    await call(alice, "POST /server-group", { name: "alice's", servers: [1, 2] });
    await call(alice, "POST /server-group", { name: "hidden", servers: [2] });
    await call(bob, "POST /server-group", { name: "empty", servers: null });
    const seen = async (caller: Caller): Promise<unknown[]> =>
      (dataOf(await call(caller, "GET /server-group")) as { group: { name: string }; servers: number[] | null }[]).map(
        ({ group, servers: ids }) => [group.name, ids],
      );
    expect(await seen(GUEST)).toEqual([["alice's", [1]]]);
    expect(await seen(alice)).toEqual([
      ["alice's", [1, 2]],
      ["hidden", [2]],
    ]);
    expect(await seen(bob)).toEqual([["empty", []]]);
    expect(await seen(admin)).toEqual([
      ["alice's", [1, 2]],
      ["hidden", [2]],
      ["empty", []],
    ]);
    expect(await seen(token({ id: 1, role: 0 }, 1))).toEqual([["alice's", [1]]]);
  });

  test.each([
    ["GHSA-39g2-8x68-pmx8: a server that is not there yet", [1, 99], "have invalid server id"],
    ["a server twice", [1, 2, 1], "have invalid server id"],
    ["somebody else's server", [1, 3], "permission denied"],
  ])("%s is refused, on creation and on a change", async (_what, ids, error) => {
    const id = dataOf(await call(alice, "POST /server-group", { name: "g", servers: [1, 1] })) as number;
    expect(await call(alice, "POST /server-group", { name: "h", servers: ids })).toEqual({ error });
    expect(await call(alice, `PATCH /server-group/${id}`, { name: "h", servers: ids })).toEqual({ error });
    expect(dataOf(await call(alice, "GET /server-group"))).toMatchObject([{ group: { name: "g" }, servers: [1] }]);
  });

  test("what names them goes with them, when they are deleted and with their owner", async () => {
    const gone: number[] = [];
    await open({ groupCascades: [async (_tx, ids) => void gone.push(...ids)] });
    const make = async (): Promise<number> => dataOf(await call(alice, "POST /server-group", { name: "g", servers: [1] })) as number;
    const [first, second] = [await make(), await make()];
    await call(alice, "POST /batch-delete/server-group", [first]);
    expect(gone).toEqual([first]);
    await temporary.database.change((tx, changes) => servers.cascades.users(tx, [2], changes));
    expect(gone).toEqual([first, second]);
  });

  test("only their owner and administrators change and delete them; a token must cover all their servers", async () => {
    const id = dataOf(await call(alice, "POST /server-group", { name: "g", servers: [1, 2] })) as number;
    expect(await call(bob, `PATCH /server-group/${id}`, { name: "h", servers: [3] })).toEqual({ error: "unauthorized" });
    expect(await call(bob, "POST /batch-delete/server-group", [id])).toEqual({ error: "permission denied" });
    expect(await call(token({ id: 2, role: 1 }, 1), `PATCH /server-group/${id}`, { name: "h", servers: [1] })).toEqual({
      error: "permission denied",
    });
    expect(await call(token({ id: 2, role: 1 }, 1), "POST /batch-delete/server-group", [id])).toEqual({ error: "permission denied" });
    expect(await call(alice, "PATCH /server-group/99", { name: "h", servers: [] })).toEqual({ error: "group id 99 does not exist" });
    expect(await call(admin, `PATCH /server-group/${id}`, { name: "h", servers: [4] })).toEqual({ data: null });
    expect(await call(alice, "POST /batch-delete/server-group", [id, 99])).toEqual({ data: null });
  });

  test("a member has only so many", async () => {
    await open({ rowsPerMember: 1 });
    await call(alice, "POST /server-group", { name: "g", servers: [] });
    expect(await call(alice, "POST /server-group", { name: "h", servers: [] })).toHaveProperty("error");
    for (const name of ["a", "b"]) expect(await call(admin, "POST /server-group", { name, servers: [] })).toHaveProperty("data");
  });
});
