import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { hashSync } from "@node-rs/bcrypt";
import { systemClock } from "@windfire/kit";
import { createReferenceFile } from "#platform/database/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { composeDashboard } from "./compose.ts";
import type { Dashboard } from "./compose.ts";

/**
 * Rows of an older database against our stricter rules (design: stricter rules meet old rows): whatever a row holds is accepted when it
 * comes back unchanged, new text is limited. Every resource that can be edited has its row here.
 */
const NAME = "n".repeat(400);
const LINE = `https://example.com/${"l".repeat(9000)}`;
const NOTE = "t".repeat(70_000);
const at = "'2024-01-01 00:00:00+00:00'";
const HEAD = `(id, created_at, updated_at, user_id`;
const GONE = "[990001]";

/** Of `admin-password`. */
const HASH = hashSync("admin-password", 4);

const ROWS = [
  `INSERT INTO users (id, created_at, updated_at, username, password, role, agent_secret)
    VALUES (1, ${at}, ${at}, '${NAME}', '${HASH}', 1, 'secret1'), (2, ${at}, ${at}, 'admin', '${HASH}', 0, 'secret2')`,
  `INSERT INTO servers ${HEAD}, name, uuid, note, public_note, display_index, ddns_profiles_raw, override_ddns_domains_raw)
    VALUES (1, ${at}, ${at}, 1, '${NAME}', 'u1', '${NOTE}', '${NOTE}', 0, '${GONE}', '{"990001":["${"d".repeat(9000)}"]}')`,
  `INSERT INTO server_groups ${HEAD}, name) VALUES (1, ${at}, ${at}, 1, '${NAME}')`,
  `INSERT INTO services ${HEAD}, name, type, target, skip_servers_raw, duration, cover, notification_group_id, fail_trigger_tasks_raw, recover_trigger_tasks_raw)
    VALUES (1, ${at}, ${at}, 1, '${NAME}', 1, '${LINE}', '{"990001":true}', 99999999999, 0, 990001, '${GONE}', '${GONE}')`,
  `INSERT INTO crons ${HEAD}, name, task_type, scheduler, command, cover, servers_raw, notification_group_id)
    VALUES (1, ${at}, ${at}, 1, '${NAME}', 0, '0 0 3 * * *', '${NOTE}', 0, '${GONE}', 990001)`,
  `INSERT INTO alert_rules ${HEAD}, name, rules_raw, enable, trigger_mode, notification_group_id, fail_trigger_tasks_raw, recover_trigger_tasks_raw)
    VALUES (1, ${at}, ${at}, 1, '${NAME}', '[${Array.from({ length: 40 }, () => '{"type":"cpu","max":0.5,"duration":3,"cover":1,"ignore":{"990001":true}}').join(",")}]', 1, 0, 990001, '${GONE}', '${GONE}')`,
  `INSERT INTO notifications ${HEAD}, name, url, request_method, request_type, request_header, request_body, verify_tls, format_metric_units)
    VALUES (1, ${at}, ${at}, 1, '${NAME}', '${LINE}', 1, 1, '${NOTE}', '${NOTE}', 1, 0)`,
  `INSERT INTO notification_groups ${HEAD}, name) VALUES (1, ${at}, ${at}, 1, '${NAME}')`,
  `INSERT INTO ddns ${HEAD}, name, provider, max_retries, access_id, access_secret, webhook_url, webhook_request_body, webhook_headers, enable_ipv4, enable_ipv6, domains_raw)
    VALUES (1, ${at}, ${at}, 1, '${NAME}', 'webhook', 3, '${LINE}', '', '${LINE}', '${NOTE}', '', 1, 0, '["not a domain","${"a".repeat(9000)}"]')`,
  `INSERT INTO nats ${HEAD}, enabled, name, server_id, host, domain) VALUES (1, ${at}, ${at}, 1, 0, '${NAME}', 1, '${LINE}', 'not a host name')`,
];

let directory: string;
let dashboard: Dashboard;
let server: Server;
let headers: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-old-rows-"));
  const [configPath, databasePath] = [join(directory, "config.yaml"), join(directory, "sqlite.db")];
  await writeFile(configPath, `listen_host: 127.0.0.1\nhistory: off\nsite_name: ${NAME}\ndns_servers: ${LINE}\n`);
  createReferenceFile(databasePath, ROWS);
  dashboard = await composeDashboard({
    flags: { configPath, databasePath, version: false },
    env: { NZ_ADMIN_PASSWORD: "admin-password" },
    clock: systemClock,
    output: { write: () => true },
  });
  server = createServer(dashboard.web.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { data } = await call("POST", "/login", { username: "admin", password: "admin-password" });
  headers = { authorization: `Bearer ${(data as { token: string }).token}` };
}, 30_000);

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await dashboard.stop(5000);
  await rm(directory, { recursive: true, force: true });
});

interface Answer {
  readonly success?: boolean;
  readonly error?: string;
  readonly data?: unknown;
}

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  return (
    await fetch(base + path, { method, headers: { ...headers, "content-type": "application/json" }, ...init })
  ).json() as Promise<Answer>;
}

type Fields = Record<string, unknown>;

/** A row as a front end sends it back, by resource. Secrets are not shown and come back as they are stored. */
const ROW: Record<string, () => Promise<Fields>> = {
  "/server/1": async () => first("/server"),
  "/server-group/1": async () => group("/server-group", "servers"),
  "/service/1": async () => first("/service/list"),
  "/cron/1": async () => first("/cron"),
  "/alert-rule/1": async () => first("/alert-rule"),
  "/notification/1": async () => ({
    ...(await first("/notification")),
    url: LINE,
    request_header: NOTE,
    request_body: NOTE,
    skip_check: true,
  }),
  "/notification-channel/1": async () => first("/notification-channel"),
  "/notification-group/1": async () => group("/notification-group", "notifications"),
  "/ddns/1": async () => first("/ddns"),
  "/nat/1": async () => first("/nat"),
  "/user/1": async () => first("/user"),
  "/setting": async () => (await call("GET", "/setting")).data as Fields,
};

async function first(path: string): Promise<Fields> {
  const row = ((await call("GET", path)).data as Fields[])[0];
  if (!row) throw new Error(`no row under ${path}`);
  return row;
}

async function group(path: string, members: string): Promise<Fields> {
  const row = await first(path);
  return { name: (row["group"] as Fields)["name"], [members]: row[members] };
}

async function rowOf(path: string): Promise<Fields> {
  const row = (await ROW[path]?.()) ?? {};
  return path === "/setting" ? { ...(row["config"] as Fields), user_template: "user-dist" } : row;
}

/** Rows of tables that are ours alone: nobody wrote them by other rules. */
const OURS = [
  "/audit/retention",
  "/backup",
  "/log",
  "/maintenance-window/1",
  "/page-incident/1",
  "/page-incident/1/update/:update",
  "/page-maintenance/1",
  "/page-template/1",
  "/report/1",
  "/status-page/1",
  "/status-page/1/delivery",
];

test("every resource with a form has a row here", () => {
  const edited = dashboard.routes.filter(({ method }) => method === "PATCH").map(({ path }) => path.replace(":id", "1"));
  expect([...Object.keys(ROW), ...OURS].toSorted()).toEqual(edited.toSorted());
});

test.each(Object.keys(ROW))("%s goes back unchanged", async (path) => {
  const row = await rowOf(path);
  expect(await call("PATCH", path, row)).toMatchObject({ success: true });
  const changes = { updated_at: "", cron_job_id: 0 };
  expect({ ...(await rowOf(path)), ...changes }).toEqual({ ...row, ...changes });
});

test.each([
  ["/server/1", "name", { name: `${NAME}!` }],
  ["/server/1", "note", { note: `${NOTE}!` }],
  ["/server/1", "public_note", { public_note: `${NOTE}!` }],
  ["/server/1", "profile id 990002", { ddns_profiles: [990_002] }],
  ["/server-group/1", "name", { name: `${NAME}!` }],
  ["/service/1", "target", { target: `${LINE}!` }],
  ["/service/1", "duration", { duration: 100_000_000_000 }],
  ["/service/1", "server id 990002", { skip_servers: { "990002": true } }],
  ["/service/1", "task id 990002", { fail_trigger_tasks: [990_002] }],
  ["/service/1", "group id 990002", { notification_group_id: 990_002 }],
  ["/cron/1", "command", { command: `${NOTE}!` }],
  ["/cron/1", "server id 990002", { servers: [990_001, 990_002] }],
  ["/alert-rule/1", "at most 32 rules", { rules: Array.from({ length: 33 }, () => ({ type: "load1", max: 1, duration: 3, cover: 0 })) }],
  ["/alert-rule/1", "server id 990002", { rules: [{ type: "cpu", max: 1, duration: 3, cover: 1, ignore: { "990002": true } }] }],
  ["/alert-rule/1", "task id 990002", { recover_trigger_tasks: [990_002] }],
  ["/notification/1", "url", { url: `${LINE}!` }],
  ["/notification/1", "request_body", { request_body: `${NOTE}!` }],
  ["/notification-channel/1", "name", { name: `${NAME}!` }],
  ["/notification-group/1", "name", { name: `${NAME}!` }],
  ["/user/1", "username", { username: `${NAME}!` }],
  ["/ddns/1", "webhook_url", { webhook_url: `${LINE}!` }],
  ["/ddns/1", "error parsing", { domains: ["not a domain", "another one"] }],
  ["/nat/1", "host", { host: `${LINE}!` }],
  ["/nat/1", "host name", { domain: "not a host" }],
  ["/setting", "site_name", { site_name: `${NAME}!` }],
] as const)("%s: new text is checked (%s)", async (path, text, change) => {
  const { success, error } = await call("PATCH", path, { ...(await rowOf(path)), ...change });
  expect(success).toBe(false);
  expect(error).toContain(text);
});

test("a whole override of domains, with keys of profiles that are gone, is accepted; keys are not looked up", async () => {
  const row = await rowOf("/server/1");
  const overrides = { ...(row["override_ddns_domains"] as Fields), "990003": ["a.example.com"] };
  expect(await call("PATCH", "/server/1", { ...row, override_ddns_domains: overrides })).toMatchObject({ success: true });
});

test("an entry that is in the row stays while others are added", async () => {
  const row = await rowOf("/ddns/1");
  const domains = [...(row["domains"] as string[]), "new.example.com"];
  expect(await call("PATCH", "/ddns/1", { ...row, domains })).toMatchObject({ success: true });
  expect((await rowOf("/ddns/1"))["domains"]).toEqual(domains);
});

test("somebody else's row does not vouch for a body", async () => {
  await call("POST", "/user", { username: "alice", password: "member-password", role: 1 });
  const { data } = await call("POST", "/login", { username: "alice", password: "member-password" });
  const row = await rowOf("/server/1");
  const mine = headers;
  headers = { authorization: `Bearer ${(data as { token: string }).token}` };
  const answer = await call("PATCH", "/server/1", row);
  headers = mine;
  expect(answer.error).toMatch(/^name: must have at most/);
});

test("what is stored stays as it was", () => {
  const file = new DatabaseSync(join(directory, "sqlite.db"), { readOnly: true });
  const row = file.prepare("SELECT length(request_header) AS header, length(request_body) AS body FROM notifications").get();
  file.close();
  expect(row).toMatchObject({ header: NOTE.length, body: NOTE.length });
});
