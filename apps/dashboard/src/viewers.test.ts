import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "#platform/database";
import { openDashboardBench } from "./compose/testing/index.ts";
import type { CallAnswer, DashboardBench, Headers } from "./compose/testing/index.ts";

/** What viewers read, and what becomes of whoever is made one. The gate's part is the matrix of permissions.test.ts. */
const ALICE = 2;
const at = "2025-01-01 00:00:00+00:00";
const hours = (count: number): number => Date.now() - count * 3_600_000;

/** Three servers of alice's, hidden from guests, the first two with an incident. */
async function prepare(database: Database): Promise<void> {
  for (const id of [1, 2, 3]) {
    await database.kysely
      .insertInto("servers")
      .values({
        id,
        created_at: at,
        updated_at: at,
        user_id: ALICE,
        name: `server-${id}`,
        uuid: `uuid-${id}`,
        note: "n",
        hide_for_guest: 1,
      })
      .execute();
    if (id === 3) continue;
    await database.kysely
      .insertInto("wf_incidents")
      .values({ ...INCIDENT, id, server_id: id, server_name: `server-${id}`, opened_at: hours(2), ended_at: hours(1) })
      .execute();
  }
}
const UNTOLD = { text: "", outcome: "", held: "", acknowledged_at: 0, acknowledged_by: "", note: "", value_text: "", limit_text: "" };
const INCIDENT = {
  source: "alert",
  source_id: 1,
  owner_id: ALICE,
  group_id: 0,
  reminds: 0,
  severity: "warning",
  title: "cpu",
  ...UNTOLD,
} as const;

let bench: DashboardBench;
let admin: Headers;
let alice: Headers;
let vera: Headers;
let veraId: number;
const call = (headers: Headers, method: string, path: string, body?: unknown): Promise<CallAnswer> =>
  bench.call(method, `/api/v1${path}`, headers, body);
const names = (answer: CallAnswer): string[] => (answer.data as { name: string }[]).map(({ name }) => name);

beforeAll(async () => {
  bench = await openDashboardBench({ prepare });
  admin = await bench.signIn("admin", "admin-password");
  await call(admin, "POST", "/user", { username: "alice", password: "member-password", role: 1 });
  alice = await bench.signIn("alice", "member-password");
  const group = { name: "of alice", servers: [2, 3] };
  await call(alice, "POST", "/server-group", group);
  const form = { username: "vera", password: "member-password", role: 1, access: "viewer", servers: [1] };
  veraId = (await call(admin, "POST", "/user", form)).data as number;
  vera = await bench.signIn("vera", "member-password");
}, 30_000);
afterAll(() => bench.close());

const setAccess = async (form: object, id = veraId): Promise<string> => {
  const { error } = await call(admin, "POST", `/user/${id}/access`, form);
  if (id === veraId) vera = await bench.signIn("vera", "member-password");
  return error;
};

test("a viewer sees the servers that are named, and no other; in the lists of administrators as such", async () => {
  expect(names(await call(vera, "GET", "/server"))).toEqual(["server-1"]);
  expect((await call(vera, "GET", "/server-group")).data).toEqual([]);
  const users = (await call(admin, "GET", "/user")).data as Record<string, unknown>[];
  expect(users.find(({ id }) => id === veraId)).toMatchObject({ role: 1, access: "viewer", servers: [1], server_groups: [] });
  expect((await call(vera, "GET", "/profile")).data).toMatchObject({ role: 1, access: "viewer" });
  expect(users.find(({ id }) => id === ALICE)).not.toHaveProperty("access");
});

test("incidents of these servers are read, those of others are not there", async () => {
  const ids = ((await call(vera, "GET", "/incident")).data as { id: number }[]).map(({ id }) => id);
  expect(ids).toEqual([1]);
  expect((await call(vera, "GET", "/incident/1")).success).toBe(true);
  expect((await call(vera, "GET", "/incident/2")).error).toBe("incident id 2 does not exist");
  expect((await call(vera, "GET", "/server/1/traffic-correction")).success).toBe(true);
  expect((await call(vera, "GET", "/server/2/traffic-correction")).error).toBe("permission denied");
});

test("a hidden service is seen by viewers of every server that it is measured from", async () => {
  const service = (name: string, servers: number[]): object => {
    const skip_servers = Object.fromEntries(servers.map((id) => [id, true]));
    return { name, type: 2, target: "192.0.2.1", cover: 1, skip_servers, hide_for_guest: true, duration: 600 };
  };
  for (const servers of [[1], [1, 2], []])
    expect((await call(alice, "POST", "/service", service(`from ${servers.join()}`, servers))).error).toBe("");
  const { services } = (await call(vera, "GET", "/service")).data as { services: Record<string, { service_name: string }> };
  expect(Object.values(services).map(({ service_name }) => service_name)).toEqual(["from 1"]);
});

test("a group shows its servers, whichever they are at the time; what is deleted is forgotten", async () => {
  expect(await setAccess({ access: "viewer", server_groups: [1] })).toBe("");
  expect(names(await call(vera, "GET", "/server"))).toEqual(["server-2", "server-3"]);
  await call(alice, "PATCH", "/server-group/1", { name: "of alice", servers: [1, 3] });
  expect(names(await call(vera, "GET", "/server"))).toEqual(["server-1", "server-3"]);
  expect((await call(vera, "GET", "/server-group")).data).toMatchObject([{ group: { id: 1 }, servers: [1, 3] }]);
  await call(alice, "POST", "/batch-delete/server", [3]);
  expect(names(await call(vera, "GET", "/server"))).toEqual(["server-1"]);
  await call(alice, "POST", "/batch-delete/server-group", [1]);
  expect(names(await call(vera, "GET", "/server"))).toEqual([]);
  const users = (await call(admin, "GET", "/user")).data as Record<string, unknown>[];
  expect(users.find(({ id }) => id === veraId)).toMatchObject({ servers: [], server_groups: [] });
});

test("what is said anew ends what the viewer has open", async () => {
  const before = vera;
  expect(await setAccess({ access: "viewer", servers: [1] })).toBe("");
  expect((await call(before, "GET", "/server")).error).toBe("ApiErrorUnauthorized");
});

test("access tokens of viewers are for reading, whatever is written into their rows, and end with being a viewer", async () => {
  const make = (form: object): Promise<CallAnswer> => call(vera, "POST", "/api-tokens", { name: "t", ...form });
  expect((await make({ scopes: ["nezha:server:write"] })).error).toBe("viewers can only issue scopes for reading: nezha:server:write");
  expect((await make({ scopes: ["nezha:server:*"] })).error).toBe("viewers can only issue scopes for reading: nezha:server:*");
  expect((await make({ scopes: ["nezha:server:read"], server_ids: [2] })).error).toBe("permission denied on server");
  const { data } = await make({ scopes: ["nezha:inventory:read", "nezha:server:read"], server_ids: [1] });
  const token = { authorization: `Bearer ${(data as { token: string }).token}` };
  expect(names(await call(token, "GET", "/server"))).toEqual(["server-1"]);
  expect(await setAccess({ access: "member" })).toBe("");
  expect((await call(token, "GET", "/server")).error).toContain("invalid api token");
});

test("only a member who owns nothing becomes a viewer: no row is left to somebody who may not touch it", async () => {
  const viewer = { access: "viewer", servers: [1] };
  expect(await setAccess(viewer, ALICE)).toBe("access: viewers own nothing; hand over or delete first: 2 servers, 3 services");
  expect(await setAccess(viewer, 1)).toBe("access: not of the own account");
  await call(admin, "POST", "/user", { username: "root", password: "member-password", role: 0 });
  const users = (await call(admin, "GET", "/user")).data as { id: number; username: string }[];
  const root = users.find(({ username }) => username === "root")?.id;
  expect(await setAccess(viewer, root)).toBe("access: only members can become viewers");
  const form = { username: "x", password: "member-password", role: 0, access: "viewer" };
  expect((await call(admin, "POST", "/user", form)).error).toBe("access: the role of viewers is 1");
  expect(await setAccess({ access: "viewer", servers: [99] })).toBe("server id 99 does not exist");
  expect(await setAccess({ access: "viewer", server_groups: [99] })).toBe("group id 99 does not exist");
  expect(await setAccess({ access: "owner" })).toContain("must be member or viewer");
  expect(await setAccess(viewer)).toBe("");
});

test("nobody hands a server to a viewer", async () => {
  const { data } = await call(admin, "POST", "/batch-move/server", { ids: [2], to_user: veraId });
  expect(JSON.stringify(data)).not.toContain("pending");
  expect(names(await call(alice, "GET", "/server"))).toContain("server-2");
});
