import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KINDS, openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench, Headers } from "./compose/testing/index.ts";

/** Everything that somebody owns goes to somebody else, through the whole program. */
let bench: DashboardBench;
let admin: Headers;
let alice: Headers;
let bob: Headers;
const at = "2025-01-01 00:00:00+00:00";
const ALICE = 2;
const BOB = 3;
/** Nothing that people hand over. */
const OWN = new Set(["api-tokens", "server"]);

beforeAll(async () => {
  bench = await openDashboardBench({
    config: "dashboard_host: status.example.org\nstep_up: off\n",
    async prepare({ kysely }) {
      for (const id of [1, 2]) {
        const row = {
          id,
          created_at: at,
          updated_at: at,
          user_id: ALICE,
          uuid: `00000000-0000-4000-8000-00000000000${id}`,
          name: `server-${id}`,
        };
        await kysely.insertInto("servers").values(row).execute();
      }
    },
  });
  admin = await bench.signIn("admin", "admin-password");
  for (const username of ["alice", "bob"])
    await bench.call("POST", "/api/v1/user", admin, { username, password: "member-password", role: 1 });
  [alice, bob] = [await bench.signIn("alice", "member-password"), await bench.signIn("bob", "member-password")];
  for (const [kind, { form }] of Object.entries(KINDS)) {
    if (!form || OWN.has(kind)) continue;
    const { error } = await bench.call("POST", `/api/v1/${kind}`, alice, form(1, `of-alice-${kind}`));
    if (error !== "") throw new Error(`${kind}: ${error}`);
  }
}, 30_000);
afterAll(() => bench.close());

const owned = async (id: number): Promise<Record<string, number>> => {
  const { data } = await bench.call("GET", `/api/v1/user/${id}/rows`, admin);
  return Object.fromEntries((data as { words: string; count: number }[]).map(({ words, count }) => [words, count]));
};
/** Every row that any table says is somebody's. */
function rowsOf(userId: number): string[] {
  const file = new DatabaseSync(bench.databasePath, { readOnly: true });
  const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
  const found = tables.flatMap(({ name }) => {
    const info = file.prepare(`PRAGMA table_info("${name}")`).all() as { name: string }[];
    const columns = new Set(info.map((column) => column.name));
    const owner = ["owner_id", "user_id"].find((column) => columns.has(column));
    if (owner === undefined) return [];
    return file.prepare(`SELECT 1 FROM "${name}" WHERE "${owner}" = ?`).all(userId).length > 0 ? [name] : [];
  });
  file.close();
  return found.toSorted();
}
const listed = async (kind: string, who: Headers): Promise<boolean> =>
  (await bench.call("GET", `/api/v1/${kind === "service" ? "service/list" : kind}`, who)).text.includes(`of-alice-${kind}`);

test("only administrators see and hand over what somebody owns, to whoever may own it", async () => {
  expect((await bench.call("GET", `/api/v1/user/${ALICE}/rows`, alice)).error).toBe("permission denied");
  expect((await bench.call("POST", `/api/v1/user/${ALICE}/hand-over`, bob, { to_user: BOB })).error).toBe("permission denied");
  await bench.call("POST", "/api/v1/user", admin, { username: "vera", password: "member-password", role: 1, access: "viewer" });
  for (const [from, to, refusal] of [
    [ALICE, ALICE, "to_user: is who owns the rows"],
    [ALICE, 77, "user id 77 does not exist"],
    [77, BOB, "user id 77 does not exist"],
    [ALICE, 4, "to_user: viewers own nothing"],
  ] as const)
    expect((await bench.call("POST", `/api/v1/user/${from}/hand-over`, admin, { to_user: to })).error).toBe(refusal);
  expect(Object.keys(await owned(ALICE)).length).toBeGreaterThan(10);
});

test("every kind of row goes, memory follows at once, and the giver may become a viewer", async () => {
  const before = await owned(ALICE);
  const refused = await bench.call("POST", `/api/v1/user/${ALICE}/access`, admin, { access: "viewer" });
  expect(refused.error).toContain("viewers own nothing; hand over or delete first: 2 servers");
  const { data } = await bench.call("POST", `/api/v1/user/${ALICE}/hand-over`, admin, { to_user: BOB });
  expect((data as { servers: object[] }).servers).toMatchObject([
    { server_id: 1, status: "pending" },
    { server_id: 2, status: "pending" },
  ]);
  const { "servers on their way to them": moving, ...after } = await owned(BOB);
  expect([after, moving]).toEqual([before, 2]);
  for (const kind of Object.keys(KINDS).filter((each) => !OWN.has(each) && each !== "notification-channel"))
    expect([kind, await listed(kind, bob), await listed(kind, alice)]).toEqual([kind, true, false]);
  // Two servers wait for their agents; what is left is the account's own.
  expect(Object.keys(await owned(ALICE))).toEqual(["servers on their way to somebody"]);
  expect(rowsOf(ALICE)).toEqual(["jwt_sessions", "wf_audit", "wf_devices", "wf_sessions"]);
  const { data: transfers } = await bench.call("GET", "/api/v1/transfer", admin);
  for (const { id } of transfers as { id: number }[]) await bench.call("POST", `/api/v1/transfer/${id}/cancel`, admin);
});
