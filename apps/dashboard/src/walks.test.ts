import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { SCOPES } from "@windfire/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Database } from "#platform/database";
import { KINDS, openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench, Headers } from "./compose/testing/index.ts";

/**
 * Random walks over the route table: whatever guests, members, viewers and holders of share links send, in whatever order, nobody is told of a row that is not in
 * their set, and no row of others is changed. Rows say whose they are in their names. `WINDFIRE_WALK_SEED` walks another way.
 */
const SEED = Number(process.env["WINDFIRE_WALK_SEED"] ?? 20_261_130);
const STEPS = 1_500;
const MOST_MS = 20_000;
const at = "2025-01-01 00:00:00+00:00";
const [ALICE, BOB, CAROL] = [2, 3, 4];
/** Two servers of alice's, two of bob's; all hidden from guests. */
const OWNERS = new Map([
  [1, ALICE],
  [2, ALICE],
  [3, BOB],
  [4, BOB],
]);
const ownerName = (id: number): string => (id === ALICE ? "alice" : "bob");
const MARK = /of-(?:alice|bob)-[\w-]+/g;

/** What of the marked rows each walker may be told of. */
const MAY_SEE: Readonly<Record<string, RegExp>> = {
  guest: /^never$/,
  carol: /^never$/,
  // Server 1, the group and the service that are made of it alone.
  vera: /^of-alice-(?:server-1|server-group|service)$/,
  "vera's token": /^of-alice-(?:server-1|server-group|service)$/,
  // By a link of alice's that shows these two; groups of a shown server are shown to guests too.
  "a share link": /^of-alice-(?:server-1|server-group|service)$/,
  alice: /^of-alice-/,
  "alice's token for server 2": /^of-alice-/,
};
const WALKERS = Object.keys(MAY_SEE);
/** Sign the walker out, or say too little to be worth a step. */
const LEFT_OUT = new Set(["/logout", "/session/end-others", "/session/:id", "/refresh-token", "/login", "/login/passkey", "/profile"]);

let bench: DashboardBench;
let file: DatabaseSync;
const credentials = new Map<string, Headers>();
const ids = new Map<string, number>();

/** Numbers from 0 to 1 by seed. */
function randomBy(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function prepare({ kysely }: Database): Promise<void> {
  for (const [id, owner] of OWNERS) {
    const row = { id, created_at: at, updated_at: at, user_id: owner, uuid: `00000000-0000-4000-8000-00000000000${id}`, hide_for_guest: 1 };
    const name = `of-${ownerName(owner)}-server-${id}`;
    await kysely
      .insertInto("servers")
      .values({ ...row, name, note: name, public_note: name })
      .execute();
  }
}

async function makeRows(owner: number, server: number): Promise<void> {
  const headers = credentials.get(ownerName(owner)) ?? {};
  for (const [kind, { form, made }] of Object.entries(KINDS)) {
    if (made || !form) continue;
    const { data, error } = await bench.call("POST", `/api/v1/${kind}`, headers, form(server, `of-${ownerName(owner)}-${kind}`));
    if (error !== "") throw new Error(`${kind}: ${error}`);
    ids.set(`${kind} ${owner}`, typeof data === "number" ? data : (data as { id: number }).id);
  }
}

beforeAll(async () => {
  bench = await openDashboardBench({ config: "dashboard_host: status.example.org\nstep_up: off\n", prepare });
  file = new DatabaseSync(bench.databasePath, { readOnly: true });
  const admin = await bench.signIn("admin", "admin-password");
  const signUp = async (username: string, more: object): Promise<void> => {
    await bench.call("POST", "/api/v1/user", admin, { username, password: "member-password", role: 1, ...more });
    credentials.set(username, await bench.signIn(username, "member-password"));
  };
  for (const username of ["alice", "bob", "carol"]) await signUp(username, {});
  await makeRows(ALICE, 1);
  await makeRows(BOB, 3);
  await signUp("vera", { access: "viewer", servers: [1] });
  const token = async (owner: string, form: object): Promise<Headers> => {
    const { data, error } = await bench.call("POST", "/api/v1/api-tokens", credentials.get(owner) ?? {}, { name: "walk", ...form });
    if (error !== "") throw new Error(error);
    return { authorization: `Bearer ${(data as { token: string }).token}` };
  };
  const rows = [
    { kind: "server", id: 1 },
    { kind: "service", id: ids.get(`service ${ALICE}`) },
  ];
  const link = await bench.call("POST", "/api/v1/share-link", credentials.get("alice") ?? {}, {
    name: "of-alice-link",
    rows,
    expires_in_days: 1,
  });
  const { id, secret } = link.data as { id: number; secret: string };
  const opened = await fetch(`${bench.base}/api/v1/share-link/open`, { method: "POST", body: JSON.stringify({ secret }) });
  const cookie = opened.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  credentials.set("a share link", { cookie, "x-share-link": String(id) });
  credentials.set("vera's token", await token("vera", { scopes: SCOPES.filter((scope) => scope.endsWith(":read")) }));
  credentials.set("alice's token for server 2", await token("alice", { scopes: SCOPES.filter(isOfMembers), server_ids: [2] }));
}, 60_000);
afterAll(async () => {
  file.close();
  await bench.close();
});

const isOfMembers = (scope: string): boolean => scope.endsWith(":*") && scope !== "nezha:*" && scope !== "nezha:admin:*";

/** Every row of bob's. */
function othersRows(): Record<string, unknown[]> {
  const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all() as { name: string }[];
  const rows: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    const info = file.prepare(`PRAGMA table_info("${name}")`).all() as { name: string }[];
    const columns = new Set(info.map((column) => column.name));
    const owner = ["owner_id", "user_id"].find((column) => columns.has(column));
    if (owner === undefined || LIVING.has(name)) continue;
    rows[name] = file.prepare(`SELECT * FROM "${name}" WHERE "${owner}" = ?`).all(BOB);
  }
  return rows;
}
/** Who signs in, and what was done, is written by the way. */
const LIVING = new Set(["jwt_sessions", "wf_sessions", "wf_devices", "wf_audit", "wf_outbox"]);

function walk(random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const kinds = Object.keys(KINDS);
  const anyId = (kind: string): number => {
    const known = [ids.get(`${kind} ${ALICE}`), ids.get(`${kind} ${BOB}`)].filter((id) => id !== undefined);
    return random() < 0.7 && known.length > 0 ? pick(known) : 1 + Math.floor(random() * 6);
  };
  const kindOf = (path: string): string => path.replace(/^\/batch-delete/, "").split("/")[1] ?? "";
  const pathOf = (path: string): string => {
    const full = path.replace(/:id\b/, () => String(anyId(kindOf(path)))).replace(/:\w+/g, () => pick(["1", "none", "3"]));
    return random() < 0.3 ? `${full}?id=${anyId(kindOf(path))}&server=${anyId("server")}&period=1d&path=/etc/passwd` : full;
  };
  const bodyOf = (path: string): unknown => {
    if (path.startsWith("/batch-") || random() < 0.2) return [anyId(kindOf(path)), anyId(kindOf(path))];
    const kind = random() < 0.8 ? kindOf(path) : pick(kinds);
    const form = KINDS[kind]?.form?.(anyId("server"), `walk-${Math.floor(random() * 1e6)}`) ?? {};
    return { ...form, ids: [anyId("server")], to_user: pick([ALICE, BOB, CAROL]), server_id: anyId("server"), servers: [anyId("server")] };
  };
  return { pick, pathOf, bodyOf };
}

const strangers = (walker: string, text: string): string[] => (text.match(MARK) ?? []).filter((mark) => !MAY_SEE[walker]?.test(mark));

test.each([SEED])("no sequence of calls reaches a row outside the caller's set (seed %d)", { timeout: MOST_MS + 20_000 }, async (seed) => {
  const { pick, pathOf, bodyOf } = walk(randomBy(seed));
  const routes = bench.dashboard.routes.filter(({ path }) => !LEFT_OUT.has(path));
  const before = othersRows();
  expect(JSON.stringify(before)).toContain("of-bob-server-3");
  const [found, through, until]: [string[], Set<string>, number] = [[], new Set(), Date.now() + MOST_MS];
  let steps = 0;
  for (; steps < STEPS && Date.now() < until; steps++) {
    const [walker, { method, path }] = [pick(WALKERS), pick(routes)];
    const [url, body] = [pathOf(path), method === "GET" ? undefined : bodyOf(path)];
    const answer = await bench.call(method, `/api/v1${url}`, credentials.get(walker) ?? {}, body);
    if (answer.success) through.add(`${walker} ${method}`);
    const told = strangers(walker, answer.text);
    if (told.length > 0) found.push(`seed ${SEED}, step ${steps}: ${walker} ${method} ${url} ${JSON.stringify(body)} told ${told.join()}`);
    if (walker !== "alice" && walker !== "carol" && method !== "GET" && answer.success && !isOfOwnAccount(path, walker))
      found.push(`seed ${SEED}, step ${steps}: ${walker} ${method} ${url} came through`);
  }
  expect(found).toEqual([]);
  expect(othersRows()).toEqual(before);
  // The walk went somewhere.
  expect(steps).toBeGreaterThan(300);
  expect([...through]).toEqual(expect.arrayContaining(["alice POST", "carol POST", "vera GET", "guest GET", "a share link GET"]));
});

/** What changes something for viewers, guests and tokens of one server, and nobody else's. */
function isOfOwnAccount(path: string, walker: string): boolean {
  if (["guest", "vera's token", "a share link"].includes(walker)) return path.startsWith("/login");
  if (walker === "vera") return /^\/(?:login|passkey|second-factor|step-up|api-tokens|sign-in-notice)/.test(path);
  return true;
}

test.each(WALKERS)("streams show %s no row of others", async (walker) => {
  // The stream of transfers says nothing while nothing is on its way.
  for (const { path } of bench.dashboard.sockets.filter((socket) => socket.path !== "/ws/transfer")) {
    const url = `${bench.base.replace("http", "ws")}/api/v1${path.replace(/:\w+/, "none")}`;
    const socket = new WebSocket(url, { headers: credentials.get(walker) ?? {} });
    const first = Promise.race([once(socket, "message"), once(socket, "unexpected-response"), once(socket, "close")]);
    const [data] = (await first) as unknown[];
    const text = data instanceof Uint8Array ? Buffer.from(data).toString() : "";
    expect([path, strangers(walker, text)]).toEqual([path, []]);
    socket.terminate();
  }
});
