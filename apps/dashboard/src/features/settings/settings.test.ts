import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refuseText } from "#kernel";
import type { Caller } from "#kernel";
import { loadConfig } from "#platform/config";
import { keepInFile } from "#platform/settings";
import { createAuditLog } from "#platform/audit";
import { openTemporaryDatabase } from "#platform/database/testing";
import type { TemporaryDatabase } from "#platform/database/testing";
import { createRouteCaller } from "#platform/http/testing";
import type { RouteCaller } from "#platform/http/testing";
import type { HistoryPause, SettingView } from "@windfire/api";
import { createSettings } from "./index.ts";

/** Settings over a real configuration file (spec 10 section 14). */
const session = (id: number, role: 0 | 1): Caller => ({
  kind: "session",
  user: { id, username: "u", role },
  sessionKey: "k",
  via: "header",
});
const guest: Caller = { kind: "guest" };
const member = session(2, 1);
const admin = session(1, 0);
const TEMPLATES = [
  { path: "admin-dist", name: "a", repository: "", author: "", version: "", is_admin: true as const },
  { path: "user-dist", name: "u", repository: "", author: "", version: "" },
];

let directory: string;
let path: string;
let call: RouteCaller;
let changes: (readonly string[])[];
let temporary: TemporaryDatabase;
let paused: HistoryPause | undefined;
let dashboards: SettingView["dashboards"];
let proven: boolean;
let hasStatusPage = false;

async function open(text: string): Promise<void> {
  await writeFile(path, text);
  const config = await loadConfig({ path, env: {}, randomText: (length) => "k".repeat(length), version: "2.3.7" });
  changes = [];
  const settings = createSettings({
    config,
    keeper: keepInFile({ config, onChanged: (keys) => void changes.push(keys) }),
    database: temporary.database,
    audit: createAuditLog({ database: temporary.database, now: () => 0 }),
    requireProof: () => {
      if (!proven) throw refuseText("confirm it is you: sign in again");
    },
    isTaken: (host) => host === "status.example.com",
    version: "1.0.0",
    nezhaVersion: "2.3.7",
    historyEnabled: true,
    hasStatusPage: () => hasStatusPage,
    historyPaused: async () => paused,
    dashboards: () => dashboards,
    templates: async () => TEMPLATES,
    shownTemplates: async () => TEMPLATES,
    seenHosts: () => [{ host: "nz.example.com", first_at: "2026-01-01T00:00:00Z" }],
    bodyLimit: 1,
    mayReach: (host) => host === "10.0.0.5",
  });
  call = createRouteCaller(settings.routes);
}

beforeEach(async () => {
  proven = true;
  dashboards = undefined;
  temporary = await openTemporaryDatabase();
  directory = await mkdtemp(join(tmpdir(), "windfire-settings-"));
  path = join(directory, "config.yaml");
  await open(
    "# kept\nsite_name: Site\nlanguage: zh_CN\ninstall_host: data.example.com\ntls: true\ndashboard_host: panel.example.com\nignored_ip_notification: 2,10,x\njwt_secret_key: signing-key-of-more-than-32-letters-x\njwt_secret_key_last_rotated_version: 2.3.7\nmy_own: 1\n",
  );
});
afterEach(async () => {
  await temporary.remove();
  await rm(directory, { recursive: true, force: true });
});

test("administrators are told that no history is written and since when, nobody else, and nobody while it is", async () => {
  const told = async (caller: Caller): Promise<unknown> =>
    ((await call(caller, "GET /setting")) as { data: { history_paused?: unknown } }).data.history_paused;
  paused = { reason: "low_space", since: "2026-01-01T00:00:00Z", dropped: 7 };
  expect([await told(admin), await told(member), await told(guest)]).toEqual([paused, undefined, undefined]);
  paused = undefined;
  expect(await told(admin)).toBeUndefined();
});

interface View {
  readonly config: Record<string, unknown>;
  readonly version?: string;
  readonly frontend_templates?: unknown[];
  readonly tsdb_enabled: boolean;
}
const view = async (caller: Caller): Promise<View> => {
  const answer = await call(caller, "GET /setting");
  if ("error" in answer) throw new Error(answer.error);
  return answer.data as View;
};

test("guests see the site, members how agents connect, administrators everything but secrets", async () => {
  const [forGuest, forMember, forAdmin] = [await view(guest), await view(member), await view(admin)];
  expect(forGuest).toEqual({
    config: { language: "zh-CN", site_name: "Site", ip_change_notification_group_id: 0, cover: 0 },
    tsdb_enabled: true,
  });
  expect(forMember.config).toEqual({ ...forGuest.config, install_host: "data.example.com", tls: true });
  expect(forAdmin).toMatchObject({ version: "1.0.0", nezha_version: "2.3.7", frontend_templates: TEMPLATES });
  expect(forAdmin).toMatchObject({ seen_hosts: [{ host: "nz.example.com" }] });
  expect(forMember).not.toHaveProperty("seen_hosts");
  expect(forAdmin.config).toMatchObject({
    dashboard_host: "panel.example.com",
    ignored_ip_notification_server_ids: { "2": true, "10": true },
    user_template: "user-dist",
  });
  expect(JSON.stringify(forAdmin)).not.toContain("signing-key");
});

test("administrators alone are told the one address that the dashboard listens on", async () => {
  const told = async (caller: Caller): Promise<unknown> =>
    ((await call(caller, "GET /setting")) as { data: { listen_host?: string } }).data.listen_host;
  expect(await told(admin)).toBeUndefined();
  await open("site_name: Site\nlisten_host: 127.0.0.1\n");
  expect(await told(admin)).toBe("127.0.0.1");
  for (const caller of [member, guest]) expect(await told(caller)).toBeUndefined();
});

test("a change replaces everything, works at once, survives a restart and keeps what it does not know", async () => {
  expect(
    await call(admin, "PATCH /setting", { site_name: "New", language: "en-US", user_template: "user-dist", enable_mcp: true }),
  ).toEqual({ data: null });
  expect((await view(admin)).config).toMatchObject({ site_name: "New", language: "en-US", enable_mcp: true });
  expect((await view(member)).config).not.toHaveProperty("install_host");
  expect((await view(admin)).config).not.toHaveProperty("ignored_ip_notification_server_ids");
  expect(changes).toEqual([expect.arrayContaining(["siteName", "language", "installHost", "tls", "enableMcp", "ignoredIpNotification"])]);
  const text = await readFile(path, "utf8");
  expect(text).toContain("# kept");
  expect(text).toContain("my_own: 1");
  expect(text).toContain("signing-key-of-more-than-32-letters-x");
  expect(text).toContain("language: en_US");
});

test.each(["enable_mcp", "allow_jwt_ip_change", "enrolment_only"])("what is left out becomes empty, but not %s", async (name) => {
  await call(admin, "PATCH /setting", { site_name: "New", user_template: "user-dist", [name]: true });
  await call(admin, "PATCH /setting", { user_template: "user-dist", [name]: null });
  await call(admin, "PATCH /setting", { user_template: "user-dist" });
  expect((await view(admin)).config).toMatchObject({ site_name: "", [name]: true });
  expect((await view(member)).config).not.toHaveProperty(name);
  expect(await readFile(path, "utf8")).toContain(`${name}: true\n`);
  await call(admin, "PATCH /setting", { user_template: "user-dist", [name]: false });
  expect((await view(admin)).config).not.toHaveProperty(name);
  expect(await readFile(path, "utf8")).not.toContain(name);
});

test.each(["", "admin-dist", "no-such", "../data"])("template %j is refused and nothing changes", async (template) => {
  const before = await readFile(path, "utf8");
  expect(await call(admin, "PATCH /setting", { site_name: "New", user_template: template })).toEqual({ error: "invalid user template" });
  expect(await readFile(path, "utf8")).toBe(before);
  expect([(await view(guest)).config["site_name"], changes]).toEqual(["Site", []]);
});

test("a file that cannot be written is said so, and nothing changes", async () => {
  await rm(directory, { recursive: true });
  await writeFile(directory, "a file where the folder was");
  expect(await call(admin, "PATCH /setting", { site_name: "New", user_template: "user-dist" })).toEqual({ error: "database error" });
  expect([(await view(guest)).config["site_name"], changes]).toEqual(["Site", []]);
  expect(await temporary.database.kysely.selectFrom("wf_audit").selectAll().execute()).toEqual([]);
});

test("who changed what is written down", async () => {
  await call(admin, "PATCH /setting", { site_name: "New", language: "zh-CN", user_template: "user-dist", custom_code: "x".repeat(2_000) });
  const [line] = await temporary.database.kysely.selectFrom("wf_audit").select(["action", "user_id", "fields"]).execute();
  expect(line).toMatchObject({ action: "setting.update", user_id: 1 });
  const fields = JSON.parse(line?.fields ?? "") as { field: string; from: unknown; to: unknown }[];
  expect(fields.map(({ field }) => field)).not.toContain("language");
  expect(fields).toContainEqual({ field: "siteName", from: "Site", to: "New" });
  expect(fields).toContainEqual({ field: "customCode", from: "", to: `${"x".repeat(500)}…` });
});

test("changes at the same moment take turns: the last one stands, whole", async () => {
  const names = ["a", "b", "c", "d"];
  await Promise.all(names.map((name) => call(admin, "PATCH /setting", { site_name: name, dns_servers: name, user_template: "user-dist" })));
  const { config } = await view(admin);
  expect(config["site_name"]).toBe(config["dns_servers"]);
  const file = await readFile(path, "utf8");
  expect(file).toContain(`site_name: ${String(config["site_name"])}`);
});

test.each(["web_real_ip_header", "agent_real_ip_header"])(
  "%s is the name of a header, so that nobody locks everybody out; what is stored may be sent back",
  async (field) => {
    const patch = (value: string) => call(admin, "PATCH /setting", { site_name: "Site", user_template: "user-dist", [field]: value });
    expect(await patch("Bad Header:")).toEqual({ error: `${field}: must be the name of a header, or NZ::Use-Peer-IP` });
    for (const value of ["X-Real-IP", "NZ::Use-Peer-IP", ""]) expect(await patch(value)).toEqual({ data: null });
    await open(`${field}: "Bad Header:"\n`);
    expect(await patch("Bad Header:")).toEqual({ data: null });
  },
);

test("who proves again who they are is an administrator's choice, which needs that proof itself", async () => {
  const patch = (step_up?: string) =>
    call(admin, "PATCH /setting", { user_template: "user-dist", ...(step_up === undefined ? {} : { step_up }) });
  proven = false;
  expect(await patch("off")).toEqual({ error: "confirm it is you: sign in again" });
  expect([await patch(), await patch("factor")]).toEqual([{ data: null }, { data: null }]);
  expect(await readFile(path, "utf8")).not.toContain("step_up");
  proven = true;
  expect(await patch("all")).toEqual({ data: null });
  expect((await view(admin)).config).toMatchObject({ step_up: "all" });
  expect((await view(member)).config).not.toHaveProperty("step_up");
  expect(await readFile(path, "utf8")).toContain("step_up: all\n");
  proven = false;
  expect(await patch()).toEqual({ data: null });
  expect((await view(admin)).config).toMatchObject({ step_up: "all" });
});

const BODY = { site_name: "x", user_template: "user-dist" };
const PROVIDER = { name: "Company", issuer: "https://sso.example.com", client_id: "id", client_secret: "very-secret", scopes: ["openid"] };

test("guests are told that there is a status page while everybody may read one", async () => {
  hasStatusPage = true;
  expect(await view(guest)).toMatchObject({ status_page: true });
  hasStatusPage = false;
  expect(await view(guest)).not.toHaveProperty("status_page");
});

test("a sign-in provider is written into the file and counts at once; its secret is never shown and stays unless a new one is given", async () => {
  await call(admin, "POST /sign-in-provider", { ...PROVIDER, allowed_domains: ["example.com"], roles: { administrator: ["root"] } });
  const text = await readFile(path, "utf8");
  expect(text).toMatch(/^# kept$/m);
  expect(text).toContain("client_secret: very-secret");
  const listed = await call(admin, "GET /sign-in-provider");
  expect(JSON.stringify(listed)).not.toContain("very-secret");
  expect(listed).toMatchObject({ data: [{ name: "Company", client_secret: true, roles: { administrator: ["root"] }, sign_out: true }] });
  expect(await call(guest, "GET /setting")).toMatchObject({ data: { config: { oauth2_providers: ["Company"] } } });
  await call(admin, "POST /sign-in-provider", { ...PROVIDER, client_secret: "", scopes: ["openid", "email"] });
  expect(await readFile(path, "utf8")).toContain("client_secret: very-secret");
  expect(await readFile(path, "utf8")).not.toMatch(/allowed_domains|roles/);
  for (const change of [{ issuer: "https://sso.example.net" }, { token_url: "https://other.example.com/token" }, { client_id: "other" }]) {
    expect(await call(admin, "POST /sign-in-provider", { ...PROVIDER, client_secret: "", ...change })).toEqual({
      error: "client_secret: enter it, because it is for another issuer, token_url or client_id",
    });
  }
  expect(await readFile(path, "utf8")).toContain("issuer: https://sso.example.com");
  await call(admin, "POST /batch-delete/sign-in-provider", ["Company", "nobody"]);
  expect(await readFile(path, "utf8")).not.toContain("Company");
  const lines = await temporary.database.kysely.selectFrom("wf_audit").selectAll().execute();
  expect(lines.map(({ action }) => action)).toEqual(["sign-in-provider.create", "sign-in-provider.update", "sign-in-provider.delete"]);
  expect(JSON.stringify(lines)).not.toContain("very-secret");
});

test.each([
  [{ client_id: "" }, "client_id: must not be empty"],
  [{ issuer: "sso" }, "issuer: must be an address with http or https"],
  [{ issuer: "file:///etc/passwd" }, "issuer: must be an address with http or https"],
  [{ issuer: "" }, "auth_url: must be given without an issuer"],
  [{ token_url: "http://169.254.169.254/x" }, "token_url: the address is not allowed: add it to outbound_allow"],
  [{ issuer: "https://[::1]/" }, "issuer: the address is not allowed: add it to outbound_allow"],
  [{ issuer: "https://0x7f.1/" }, "issuer: the address is not allowed: add it to outbound_allow"],
  [{ issuer: "https://10.0.0.5/" }, undefined],
])("a provider with %j", async (more, refusal) => {
  const answer = await call(admin, "POST /sign-in-provider", { ...PROVIDER, ...more });
  expect("error" in answer ? answer.error : undefined).toBe(refusal);
});

test.each([
  ["dash.example.com", true],
  ["dash.example.com:8443", true],
  ["192.0.2.1:8008", true],
  ["[2001:db8::1]:8008", true],
  ["", true],
  ["https://dash.example.com", false],
  ["dash.example.com/", false],
  ["dash.example.com:443", false],
  ["a b", false],
  ["user@dash.example.com", false],
  ["dash.example.com?x", false],
  ["münchen.example", false],
])("dashboard_host %s: new text is looked at", async (host, isGood) => {
  const answer = await call(admin, "PATCH /setting", { ...BODY, dashboard_host: host });
  expect("error" in answer ? answer.error : "").toContain(isGood ? "" : "dashboard_host: must be a host name");
  expect("error" in answer).toBe(!isGood);
});

test("a dashboard_host that is there already may be sent back, whatever it is", async () => {
  await open(
    "dashboard_host: https://old.example.com/\njwt_secret_key: signing-key-of-more-than-32-letters-x\njwt_secret_key_last_rotated_version: 2.3.7\n",
  );
  expect(await call(admin, "PATCH /setting", { ...BODY, dashboard_host: "https://old.example.com/" })).toMatchObject({ data: null });
});

test("the form of the settings, sent back as it was read, changes nothing", async () => {
  await open(
    "site_name: Site\ntls: true\ncover: 1\nenable_ip_change_notification: true\nenable_plain_ip_in_notification: true\nip_change_notification_group_id: 3\nenable_mcp: true\n",
  );
  const form = async (): Promise<unknown> => ((await call(admin, "GET /setting/form")) as { data: unknown }).data;
  const before = [await form(), (await view(admin)).config];
  expect(before[0]).toMatchObject({ tls: true, cover: 1, enable_ip_change_notification: true, ip_change_notification_group_id: 3 });
  expect(await call(admin, "PATCH /setting", before[0])).toMatchObject({ data: null });
  expect([await form(), (await view(admin)).config]).toEqual(before);
});

test("administrators learn which dashboards are there, where there are several", async () => {
  const shown = async (caller: Caller): Promise<unknown> =>
    ((await call(caller, "GET /setting")) as { data: { dashboards?: unknown } }).data.dashboards;
  expect(await shown(admin)).toBeUndefined();
  dashboards = { heard: true, count: 3, unheard: 1, differing: ["site_name"] };
  expect([await shown(admin), await shown(member), await shown(guest)]).toEqual([dashboards, undefined, undefined]);
});
