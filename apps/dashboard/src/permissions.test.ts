import { systemClock } from "@windfire/kit";
import { SCOPES } from "@windfire/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Dashboard } from "./compose.ts";
import { openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench } from "./compose/testing/index.ts";
import type { AccessRule } from "#kernel";

/**
 * The permission matrix (spec 60 section 3): every route and socket of the running dashboard against every kind of caller. What is expected
 * comes from the route's own rule, so a new route is covered the moment it exists.
 */
const CALLERS = [
  "guest",
  "member",
  "member, proven long ago",
  "admin",
  "admin, proven long ago",
  "cookie without CSRF pair",
  "token with scopes",
  "token without scopes",
  "viewer",
  "viewer, proven long ago",
  "viewer's token",
] as const;
/** A proof of who somebody is holds ten minutes. */
const LONG_AGO_MS = 10 * 60_000 + 1_000;
type CallerName = (typeof CALLERS)[number];

let bench: DashboardBench;
let dashboard: Dashboard;
let call: DashboardBench["call"];
const credentials = new Map<CallerName | "other member", Record<string, string>>();

beforeAll(async () => {
  let behindMs = LONG_AGO_MS;
  const clock = { ...systemClock, now: () => systemClock.now() - behindMs };
  // The strictest setting: whoever is signed in proves again who they are.
  bench = await openDashboardBench({ clock, config: "step_up: all\n" });
  credentials.set("admin, proven long ago", await bench.signIn("admin", "admin-password"));
  const admin = credentials.get("admin, proven long ago") ?? {};
  for (const username of ["alice", "bob"])
    await bench.call("POST", "/api/v1/user", admin, { username, password: "member-password", role: 1 });
  const viewer = { username: "vera", password: "member-password", role: 1, access: "viewer" };
  await bench.call("POST", "/api/v1/user", admin, viewer);
  credentials.set("member, proven long ago", await bench.signIn("alice", "member-password"));
  credentials.set("viewer, proven long ago", await bench.signIn("vera", "member-password"));
  behindMs = 0;
  ({ dashboard, call } = bench);
  await makeCallers();
}, 30_000);
afterAll(() => bench.close());

async function makeCallers(): Promise<void> {
  const admin = await bench.signIn("admin", "admin-password");
  const alice = await bench.signIn("alice", "member-password");
  const vera = await bench.signIn("vera", "member-password");
  const token = async (scopes: readonly string[], owner = admin): Promise<Record<string, string>> => {
    const { data } = await call("POST", "/api/v1/api-tokens", owner, { name: "matrix", scopes });
    return { authorization: `Bearer ${(data as { token: string }).token}` };
  };
  credentials.set("guest", {});
  credentials.set("admin", admin);
  credentials.set("member", alice);
  credentials.set("other member", await bench.signIn("bob", "member-password"));
  credentials.set("cookie without CSRF pair", { cookie: `nz-jwt=${alice.authorization.slice("Bearer ".length)}` });
  credentials.set("token with scopes", await token(["nezha:*"]));
  credentials.set("token without scopes", await token(["nezha:transfer:delete"]));
  credentials.set("viewer", vera);
  const readScopes = SCOPES.filter((scope) => scope.endsWith(":read"));
  credentials.set("viewer's token", await token(readScopes, vera));
}

/** What the gate answers by the rule alone; `through`: the handler is reached, whatever it says. */
function expected(
  rule: AccessRule,
  method: string,
  caller: CallerName,
): "through" | "unauthorized" | "lacks scope" | "no tokens" | "csrf" | "denied" | "confirm" {
  if (rule.auth === "open" || rule.auth === "fallback") return "through";
  const token = caller.includes("token");
  if (rule.auth === "strict" && caller === "guest") return "unauthorized";
  if (rule.auth === "strict" && rule.csrf && method !== "GET" && caller === "cookie without CSRF pair") return "csrf";
  if (token && rule.scopes === "forbidden") return "no tokens";
  if (caller === "token without scopes" && rule.scopes !== "forbidden" && rule.scopes.length > 0) return "lacks scope";
  if (caller === "viewer's token" && rule.scopes !== "forbidden" && !rule.scopes.every(isForReading)) return "lacks scope";
  if (rule.auth === "strict" && rule.admin && !caller.startsWith("admin") && !token) return "denied";
  if (caller.startsWith("viewer") && !isRead(rule, method) && !(rule.auth === "strict" && rule.ownAccount)) return "denied";
  return rule.auth === "strict" && rule.stepUp && caller.endsWith("proven long ago") ? "confirm" : "through";
}

const isForReading = (scope: string): boolean => scope.endsWith(":read");
/** Said here once more, not asked of the program. */
const isRead = (rule: Extract<AccessRule, { scopes: unknown }>, method: string): boolean =>
  method === "GET" && rule.scopes !== "forbidden" && rule.scopes.every(isForReading) && !("stepUp" in rule || "headerOnly" in rule);

function seen({ status, error }: { status: number; error: string }): ReturnType<typeof expected> {
  if (error === "ApiErrorUnauthorized") return "unauthorized";
  if (status === 403 && error.includes("CSRF")) return "csrf";
  if (status === 403 && error.includes("lacks scope")) return "lacks scope";
  if (status === 403 && error.includes("not accessible by api token")) return "no tokens";
  if (error === "confirm it is you: sign in again") return "confirm";
  return error === "permission denied" ? "denied" : "through";
}

/** A path nobody has a row for, a body that no handler takes further than its first check. */
function sample(path: string): string {
  return `/api/v1${path.replace(/:id\b/g, "900001").replace(/:\w+/g, "none")}`;
}

/** Handlers that refuse unknown rows with the words of the gate (hidden and missing read alike), or would sign the caller out. */
const SAME_WORDS = new Set([
  "/login",
  "/server/config/:id",
  "/enrolment/:id/revoke",
  "/transfer/:id/cancel",
  "/transfer/:id/retry",
  "/ws/terminal/:id",
  "/ws/file/:id",
  "/download/file/:id",
  "/server/:id/traffic-correction",
  "/cron",
  "/service",
  "/alert-rule",
]);
/** What asks for a fresh proof: terminals, files, commands, users, tokens, tunnels, rights of agents, second factors, passkeys. */
const STEP_UP = [
  "DELETE /passkey/:id",
  "DELETE /second-factor",
  "GET /backup/:name/file",
  "GET /backup/download",
  "GET /cron/:id/manual",
  "GET /file",
  "GET /server/config/:id",
  "PATCH /backup",
  "PATCH /cron/:id",
  "PATCH /nat/:id",
  "PATCH /user/:id",
  "POST /api-tokens",
  "POST /backup/download",
  "POST /backup/restore",
  "POST /backup/restore/apply",
  "POST /backup/restore/discard",
  "POST /backup/upload",
  "POST /batch-delete/sign-in-provider",
  "POST /batch-delete/user",
  "POST /cron",
  "POST /cron/:id/manual",
  "POST /file",
  "POST /nat",
  "POST /passkey",
  "POST /passkey/options",
  "POST /second-factor",
  "POST /second-factor/confirm",
  "POST /second-factor/recovery-codes",
  "POST /server/config",
  "POST /share-link",
  "POST /sign-in-provider",
  "POST /terminal",
  "POST /user",
  "POST /user/:id/access",
  "POST /user/:id/hand-over",
  "POST /user/:id/reset-second-factor",
];
const ENDS_SESSION = new Set(["/logout", "/session/end-others", "/refresh-token", "/maintenance"]);

describe("the permission matrix", () => {
  test("covers every route and socket", () => {
    expect(dashboard.routes.length).toBeGreaterThan(60);
    expect(dashboard.sockets.length).toBeGreaterThanOrEqual(4);
  });

  test.each(CALLERS)("every route as %s", async (caller) => {
    const surprises: string[] = [];
    for (const { method, path, access } of dashboard.routes) {
      if (ENDS_SESSION.has(path) && expected(access, method, caller) === "through") continue;
      const outcome = seen(await call(method, sample(path), credentials.get(caller) ?? {}, method === "GET" ? undefined : "nothing"));
      const wanted = expected(access, method, caller);
      if (outcome !== wanted && !(wanted === "through" && SAME_WORDS.has(path)))
        surprises.push(`${method} ${path}: ${outcome}, expected ${wanted}`);
    }
    expect(surprises).toEqual([]);
  });

  test.each(CALLERS)("every socket as %s", async (caller) => {
    const surprises: string[] = [];
    for (const { path, access } of dashboard.sockets) {
      const outcome = seen(await call("GET", sample(path), credentials.get(caller) ?? {}));
      const wanted = expected(access, "GET", caller);
      if (outcome !== wanted && !(wanted === "through" && SAME_WORDS.has(path))) surprises.push(`${path}: ${outcome}, expected ${wanted}`);
    }
    expect(surprises).toEqual([]);
  });

  test("what reaches far asks who is signed in to prove it again", () => {
    const asking = dashboard.routes.filter(({ access }) => access.auth === "strict" && access.stepUp);
    expect(asking.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(STEP_UP);
  });

  test("no GET changes state: GHSA-8qhj-4f8c-j8qg", () => {
    const suspicious = dashboard.routes.filter(
      ({ method, path }) => method === "GET" && /manual|batch|force|cancel|retry|^\/file/.test(path),
    );
    expect(suspicious.filter(({ access }) => !(access.auth === "strict" && access.headerOnly)).map(({ path }) => path)).toEqual([]);
  });

  /** Spec 10 section 22. */
  test.each(["/file?id=900001", "/cron/900001/manual"])(
    "GET %s is there for scripts alone: no browser adds their header by itself",
    async (path) => {
      const jwt = credentials.get("member")?.["authorization"]?.slice("Bearer ".length) ?? "";
      const tried = await Promise.all([
        call("GET", `/api/v1${path}`, { cookie: `nz-jwt=${jwt}` }),
        call("GET", `/api/v1${path}${path.includes("?") ? "&" : "?"}token=${jwt}`, {}),
      ]);
      expect(tried.map(({ status, error }) => [status, error])).toEqual([
        [404, "404 Not Found"],
        [404, "404 Not Found"],
      ]);
      for (const who of ["member", "token with scopes"] as const) {
        const { error } = await call("GET", `/api/v1${path}`, credentials.get(who) ?? {});
        expect(["task id 900001 does not exist", "server not found or not connected"]).toContain(error);
      }
    },
  );
});

/** Kinds whose rows members own: a form that a member may save. */
const KINDS: readonly { path: string; form: (name: string) => object }[] = [
  { path: "notification", form: (name) => ({ name, url: "https://example.com/", request_method: 1, request_type: 1, skip_check: true }) },
  { path: "notification-group", form: (name) => ({ name, notifications: [] }) },
  { path: "server-group", form: (name) => ({ name, servers: [] }) },
  { path: "cron", form: (name) => ({ name, task_type: 0, scheduler: "0 0 3 * * *", command: "true", servers: [], cover: 0 }) },
  { path: "ddns", form: (name) => ({ name, provider: "dummy", max_retries: 3, domains: ["a.example.com"] }) },
];

describe.each(KINDS)("rows of $path", ({ path, form }) => {
  test("belong to their owner: others neither see, change nor delete them; administrators may", async () => {
    const as = (who: "member" | "other member" | "admin") => credentials.get(who) ?? {};
    const created = await call("POST", `/api/v1/${path}`, as("member"), form("mine"));
    expect(created.success).toBe(true);
    const id = created.data as number;
    const listed = async (who: "member" | "other member" | "admin"): Promise<boolean> =>
      JSON.stringify((await call("GET", `/api/v1/${path}`, as(who))).data).includes('"mine"');
    expect([await listed("member"), await listed("other member"), await listed("admin")]).toEqual([true, false, true]);
    expect((await call("PATCH", `/api/v1/${path}/${id}`, as("other member"), form("stolen"))).success).toBe(false);
    expect((await call("POST", `/api/v1/batch-delete/${path}`, as("other member"), [id])).error).toBe("permission denied");
    expect((await call("PATCH", `/api/v1/${path}/${id}`, as("admin"), form("mine"))).success).toBe(true);
    expect((await call("PATCH", `/api/v1/${path}/${id}`, as("member"), form("mine"))).success).toBe(true);
    expect(await listed("member")).toBe(true);
    expect((await call("POST", `/api/v1/batch-delete/${path}`, as("member"), [id])).success).toBe(true);
    expect(await listed("member")).toBe(false);
  });
});
