import { ADMIN_SCOPES, SCOPES } from "@windfire/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "#platform/database";
import type { AnyRoute } from "#platform/http";
import { KINDS, openDashboardBench } from "./compose/testing/index.ts";
import type { CallAnswer, DashboardBench, Headers } from "./compose/testing/index.ts";
import { statement } from "#platform/database/testing";

/**
 * Real rows of every kind and owner against every caller (spec 60 section 3). Which routes are tried comes from the route table; what is
 * expected of each cell is said by one rule, `mayTouch`. Whoever adds a kind says here how a row of it is made.
 */
const OWNERS = { admin: 1, alice: 2 } as const;
type Owner = keyof typeof OWNERS;
/** Ids of servers, made before the start: two of alice's, one of an administrator's, one of bob's. */
const SERVERS: readonly (readonly [id: number, ownerId: number])[] = [
  [1, 2],
  [2, 2],
  [3, 1],
  [4, 3],
];
const SERVER_OF: Readonly<Record<Owner, number>> = { admin: 3, alice: 1 };

/** Kinds without rows here, and which test has them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  delivery: "messages that could not be sent: features/notifications/delivery",
  transfer: "needs an agent: features/transfers",
  user: "administrators' alone: the matrix of permissions.test.ts",
  session: "of their owners alone: access/identity/own-sessions",
  passkey: "of their owners alone: access/identity/passkeys",
  "traffic-correction": "features/traffic/corrections",
  "cron-run": "made by running: features/cron/runs",
  "cron-trigger": "made by rules and services: features/cron/triggers",
  "page-incident": "on a page: features/status-pages",
  "page-maintenance": "on a page: features/status-pages",
  "page-subscriber": "come by themselves: features/status-pages",
  incident: "made by the engine: features/alerts/incidents",
  enrolment: "needs a host that enrolled: features/enrolment",
  waf: "administrators' alone, no ids",
  "seen-host": "administrators' alone, no ids",
  download: "a session of the file manager, used once: features/files/download",
  oauth2: "names, no ids",
  "sign-in-provider": "administrators' alone, names, no ids",
};

/** What else is sent to a row. */
const FORMS: Readonly<Record<string, object>> = { "POST /server/:id/traffic-correction": { in: 1 } };

/** Answers that tell an unknown row from a foreign one, as the page of the resource has it (spec 11); both are refused. */
const TOLD_APART = new Set(
  ["server", "server-group", "notification", "notification-group", "cron", "service", "alert-rule", "ddns", "nat"].map(
    (kind) => `PATCH /${kind}/:id`,
  ),
).union(new Set(["POST /cron/:id/manual", "GET /cron/:id/manual"]));

const CALLERS = [
  "guest",
  "alice",
  "bob",
  "admin",
  "token of alice",
  "token of alice for server 1",
  "token of alice for server 2",
  "token of admin for server 1",
] as const;
type CallerName = (typeof CALLERS)[number];
const UNKNOWN = 900_001;

let bench: DashboardBench;
const credentials = new Map<CallerName, Headers>();
const as = (caller: CallerName): Headers => credentials.get(caller) ?? {};
const ids = new Map<string, number>();

async function makeServers(database: Database): Promise<void> {
  for (const [id, ownerId] of SERVERS)
    await statement(
      database,
      "INSERT INTO servers (id, created_at, updated_at, user_id, name, uuid, hide_for_guest) VALUES (?, '2025-01-01 00:00:00+00:00', '2025-01-01 00:00:00+00:00', ?, 's', ?, 1)",
    ).run(id, ownerId, `00000000-0000-4000-8000-00000000000${id}`);
}

beforeAll(async () => {
  bench = await openDashboardBench({ config: "dashboard_host: status.example.org\n", prepare: makeServers });
  const admin = await bench.signIn("admin", "admin-password");
  for (const username of ["alice", "bob"])
    await bench.call("POST", "/api/v1/user", admin, { username, password: "member-password", role: 1 });
  credentials.set("admin", admin);
  for (const username of ["alice", "bob"] as const) credentials.set(username, await bench.signIn(username, "member-password"));
  const scopes = SCOPES.filter((scope) => scope.endsWith(":*") && !ADMIN_SCOPES.includes(scope));
  const token = async (owner: Owner, server_ids: number[]): Promise<Headers> => {
    const { data, error } = await bench.call("POST", "/api/v1/api-tokens", as(owner), { name: "t", scopes, server_ids });
    if (error !== "") throw new Error(error);
    return { authorization: `Bearer ${(data as { token: string }).token}` };
  };
  credentials.set("token of alice", await token("alice", []));
  credentials.set("token of alice for server 1", await token("alice", [1]));
  credentials.set("token of alice for server 2", await token("alice", [2]));
  credentials.set("token of admin for server 1", await token("admin", [1]));
}, 30_000);
afterAll(() => bench.close());

/** A row of this kind and owner, made anew when the last one was deleted. */
async function rowOf(kind: string, owner: Owner): Promise<number> {
  const key = `${kind} of ${owner}`;
  const known = ids.get(key);
  if (known !== undefined) return known;
  const { form, made } = KINDS[kind] ?? {};
  const server = SERVER_OF[owner];
  let id = made?.(server);
  if (id === undefined) {
    const { data, error } = await bench.call("POST", `/api/v1/${kind}`, as(owner), form?.(server, `${owner}-row`));
    if (error !== "") throw new Error(`${key} cannot be made: ${error}`);
    id = typeof data === "number" ? data : (data as { id: number }).id;
  }
  ids.set(key, id);
  return id;
}

/** The rule (spec 10 sections 12.6 and 13): a row is its owner's and administrators'; a token's server list has to cover its servers. */
function mayTouch(caller: CallerName, kind: string, owner: Owner): boolean {
  const user = caller.includes("admin") ? "admin" : caller.includes("alice") ? "alice" : caller;
  if (user !== "admin" && user !== owner) return false;
  const listed = /server (\d)$/.exec(caller)?.[1];
  if (listed !== undefined && KINDS[kind]?.brings === "servers") return false;
  return listed === undefined || KINDS[kind]?.bindsServers !== true || Number(listed) === SERVER_OF[owner];
}

const REFUSALS = new Set([
  "permission denied",
  "unauthorized",
  "not found",
  "service not found",
  "server not found",
  "ApiErrorUnauthorized",
]);
const isRefused = ({ status, error }: CallAnswer): boolean => status === 403 || REFUSALS.has(error) || error.endsWith("does not exist");

/** What kind of row a route names; that of the services of a server is a server's. */
const kindOf = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  method === "GET" && path === "/service/:id" ? "server" : (path.replace("/batch-delete", "").split("/")[1] ?? "");
const idRoutes = (kind: string): readonly AnyRoute[] =>
  bench.dashboard.routes.filter(
    (route) => route.path.includes("/:id") && !route.path.includes("/config/") && !isAdministrators(route) && kindOf(route) === kind,
  );
/** The matrix of permissions.test.ts has them. */
const isAdministrators = ({ access }: AnyRoute): boolean => access.auth === "strict" && access.admin;

async function tryRoute(
  route: { method: string; path: string },
  kind: string,
  owner: Owner,
  caller: CallerName,
  id: number,
): Promise<CallAnswer> {
  const form = FORMS[`${route.method} ${route.path}`];
  const body = form ?? (route.method === "PATCH" ? KINDS[kind]?.form?.(SERVER_OF[owner], `${owner}-row`) : undefined);
  return bench.call(route.method, `/api/v1${route.path.replace(":id", String(id))}`, as(caller), body);
}

test("every kind with rows of its own has a way to make one", () => {
  const kinds = new Set(
    bench.dashboard.routes.filter(({ path }) => path.includes("/:id") || path.startsWith("/batch-delete/")).map(kindOf),
  );
  const without = [...kinds].filter((kind) => KINDS[kind] === undefined && ELSEWHERE[kind] === undefined);
  expect(without, "say in KINDS how a row of this kind is made, or in ELSEWHERE which test has it").toEqual([]);
});

describe.each(Object.keys(KINDS))("rows of %s", (kind) => {
  test.each(CALLERS)("are touched by id as the rule says: %s", async (caller) => {
    const surprises: string[] = [];
    for (const owner of ["alice", "admin"] as const) {
      for (const route of idRoutes(kind)) {
        const answer = await tryRoute(route, kind, owner, caller, await rowOf(kind, owner));
        const tokens = route.access.auth === "strict" && route.access.scopes === "forbidden" && caller.startsWith("token");
        const wanted = !tokens && mayTouch(caller, kind, owner);
        if (isRefused(answer) === wanted)
          surprises.push(
            `${route.method} ${route.path} of ${owner}: ${answer.status} ${answer.error}, expected ${wanted ? "through" : "refused"}`,
          );
        if (route.method === "DELETE" && answer.success === true) ids.delete(`${kind} of ${owner}`);
      }
    }
    expect(surprises).toEqual([]);
  });

  test.each(CALLERS)("do not tell %s whether they are there", async (caller) => {
    const surprises: string[] = [];
    for (const route of idRoutes(kind)) {
      for (const owner of ["alice", "admin"] as const) {
        if (mayTouch(caller, kind, owner)) continue;
        const id = await rowOf(kind, owner);
        const foreign = await tryRoute(route, kind, owner, caller, id);
        const unknown = await tryRoute(route, kind, owner, caller, UNKNOWN);
        const alike = foreign.status === unknown.status && foreign.error.replace(`id ${id} `, `id ${UNKNOWN} `) === unknown.error;
        const told =
          TOLD_APART.has(`${route.method} ${route.path}`) && isRefused(foreign) && unknown.error.endsWith(`id ${UNKNOWN} does not exist`);
        if (!alike && !told) surprises.push(`${route.method} ${route.path} of ${owner}: "${foreign.error}", unknown "${unknown.error}"`);
      }
    }
    expect(surprises).toEqual([]);
  });

  const batch = `/batch-delete/${kind}`;
  test.each(CALLERS)("are deleted as the rule says: %s", async (caller) => {
    const access = bench.dashboard.routes.find(({ path }) => path === batch)?.access;
    if (!access) return;
    const closed = access.auth === "strict" && access.scopes === "forbidden" && caller.startsWith("token");
    for (const owner of ["alice", "admin"] as const) {
      const id = await rowOf(kind, owner);
      const wanted = !closed && mayTouch(caller, kind, owner);
      if (wanted && KINDS[kind]?.made) continue;
      const answer = await bench.call("POST", `/api/v1${batch}`, as(caller), [id]);
      expect([owner, answer.success === true]).toEqual([owner, wanted]);
      if (wanted) ids.delete(`${kind} of ${owner}`);
    }
  });
});

/** Fields of forms that name rows; `undefined`: it names none, or what it names is looked at when it is used. */
const NAMED: Readonly<Record<string, Readonly<Record<string, ((id: number) => unknown) | undefined>>>> = {
  server: { ddns_profiles: (id) => [id], override_ddns_domains: undefined },
  "server-group": { servers: (id) => [id] },
  "notification-group": { notifications: (id) => [id] },
  cron: { servers: (id) => [id], notification_group_id: (id) => id },
  service: {
    skip_servers: (id) => ({ [id]: true }),
    notification_group_id: (id) => id,
    fail_trigger_tasks: (id) => [id],
    recover_trigger_tasks: (id) => [id],
  },
  "alert-rule": {
    rules: (id) => [{ type: "cpu", max: 90, duration: 10, cover: 1, ignore: { [id]: true } }],
    notification_group_id: (id) => id,
    fail_trigger_tasks: (id) => [id],
    recover_trigger_tasks: (id) => [id],
  },
  nat: { server_id: (id) => id },
  snooze: { scope_id: (id) => id },
  "maintenance-window": { servers: (id) => [id], groups: (id) => [id], services: (id) => [id] },
  "api-tokens": { server_ids: (id) => [id] },
  "enrolment-code": { server_group_id: (id) => id, owner_id: (id) => id },
};
/** What a field names. */
const NAMES: Readonly<Record<string, string>> = {
  ddns_profiles: "ddns",
  notifications: "notification",
  notification_group_id: "notification-group",
  server_group_id: "server-group",
  groups: "server-group",
  services: "service",
  fail_trigger_tasks: "cron",
  recover_trigger_tasks: "cron",
};
const LOOKS_LIKE_IDS = /(_ids?|_tasks|_profiles|_domains|^servers|_servers|^notifications|^rules)$/;

const isForm = ({ method, path, body }: AnyRoute): boolean =>
  (method === "POST" || method === "PATCH") && body !== undefined && /^\/[a-z-]+(\/:id)?$/.test(path);

test("every field of a form that may name rows is tried", () => {
  const untried = bench.dashboard.routes
    .filter((route) => isForm(route) && KINDS[kindOf(route)] !== undefined)
    .flatMap((route) => {
      const { properties = {} } = z.toJSONSchema(route.body ?? z.never(), { io: "input", unrepresentable: "any" });
      const fields = Object.keys(properties).filter((field) => LOOKS_LIKE_IDS.test(field));
      return fields.filter((field) => !Object.hasOwn(NAMED[kindOf(route)] ?? {}, field)).map((field) => `${kindOf(route)}: ${field}`);
    });
  expect(untried, "say in NAMED how the field names a row").toEqual([]);
});

const FIELDS = Object.entries(NAMED).flatMap(([kind, fields]) =>
  Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [[kind, field, value] as const])),
);

test.each(FIELDS)(
  "GHSA-39g2-8x68-pmx8: %s is not saved with %s of rows that are not there, or somebody else's",
  async (kind, field, value) => {
    const { form, made } = KINDS[kind] ?? {};
    const named = NAMES[field];
    const foreign = named === undefined ? SERVER_OF.admin : await rowOf(named, "admin");
    for (const id of [UNKNOWN, foreign]) {
      const body = { ...form?.(1, "named"), [field]: value(id) };
      const stored = await rowOf(kind, "alice");
      const created = made ? undefined : await bench.call("POST", `/api/v1/${kind}`, as("alice"), body);
      const changed = kind === "api-tokens" ? undefined : await bench.call("PATCH", `/api/v1/${kind}/${stored}`, as("alice"), body);
      expect([id, created?.success ?? false, changed?.success ?? false]).toEqual([id, false, false]);
    }
  },
);

describe("a member has only so many rows", () => {
  let small: DashboardBench;
  let member: Headers;
  let admin: Headers;
  beforeAll(async () => {
    small = await openDashboardBench({
      config: "dashboard_host: status.example.org\nlimits:\n  rows_per_member: 2\n",
      prepare: makeServers,
    });
    admin = await small.signIn("admin", "admin-password");
    await small.call("POST", "/api/v1/user", admin, { username: "alice", password: "member-password", role: 1 });
    member = await small.signIn("alice", "member-password");
  }, 30_000);
  afterAll(() => small.close());

  test.each(Object.keys(KINDS).filter((kind) => KINDS[kind]?.made === undefined && KINDS[kind]?.ownLimit !== true))(
    "%s; administrators as many as they like",
    async (kind) => {
      const make = async (headers: Headers, name: string, server: number): Promise<boolean> =>
        (await small.call("POST", `/api/v1/${kind}`, headers, KINDS[kind]?.form?.(server, name))).success === true;
      expect([await make(member, "a", 1), await make(member, "b", 1), await make(member, "c", 1)]).toEqual([true, true, false]);
      expect([await make(admin, "d", 3), await make(admin, "e", 3), await make(admin, "f", 3)]).toEqual([true, true, true]);
    },
  );
});
