import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig, timeZoneOf } from "./index.ts";
import type { Config, ConfigStore } from "./index.ts";

const KEY = "k".repeat(64);
const SETTLED = `agent_secret_key: agent\njwt_secret_key: ${KEY}\njwt_secret_key_last_rotated_version: 2.3.7\n`;
let directory = "";
let path = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "windfire-config-"));
  path = join(directory, "data", "config.yaml");
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function load(env: Record<string, string> = {}, version = "2.3.7"): Promise<ConfigStore> {
  const store = await loadConfig({ path, env, version, randomText: (length) => "r".repeat(length) });
  await store.settle();
  return store;
}

async function loadText(text: string, env: Record<string, string> = {}): Promise<Config> {
  await put(text);
  return (await load(env)).current;
}

async function put(text: string): Promise<void> {
  await mkdir(join(directory, "data"), { recursive: true });
  await writeFile(path, text, { mode: 0o644 });
}

function fileText(): Promise<string> {
  return readFile(path, "utf8");
}

test("a first start makes the file of the reference, readable by its owner only; a second one changes nothing", async () => {
  await load();
  const first = await fileText();
  expect(first).toBe(
    `admin_template: admin-dist
agent_secret_key: ${"r".repeat(32)}
avg_ping_count: 2
cover: 1
https: {}
ip_change_notification_group_id: 0
jwt_secret_key: ${"r".repeat(1024)}
jwt_secret_key_last_rotated_version: 2.3.7
jwt_timeout: 1
language: en_US
listen_port: 8008
location: Asia/Shanghai
memory: {}
site_name: ""
tsdb: {}
user_template: user-dist
`,
  );
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(directory, "data"))).mode & 0o777).toBe(0o750);
  const { mtimeMs } = await stat(path);
  await load();
  expect((await stat(path)).mtimeMs).toBe(mtimeMs);
  expect(await readdir(join(directory, "data"))).toEqual(["config.yaml"]);
});

test("defaults hold for what is absent, and history is kept", async () => {
  const config = await loadText(SETTLED);
  expect(config).toMatchObject({
    listenPort: 8008,
    listenHost: "",
    jwtTimeout: 1,
    avgPingCount: 2,
    cover: 1,
    history: { kind: "embedded" },
    limits: {},
    oauth2: {},
    https: { listenPort: 0 },
    tsdb: { dataPath: "", retentionDays: 30, minFreeDiskSpaceGb: 1, writeBufferFlushInterval: 5 },
  });
});

test.each([
  ["jwtsecretkey", "installhost", "ListenPort", "realipheader"],
  ["JWT_Secret_Key", "InstallHost", "Listen_Port", "Real_IP_Header"],
])("keys of older styles are read: %s", async (jwtKey, installHost, listenPort, realIp) => {
  const config = await loadText(
    `${jwtKey}: ${KEY}\nagentsecretkey: agent\njwt_secret_key_last_rotated_version: 2.3.7\n${installHost}: a.example.com:443\n${listenPort}: "9000"\n${realIp}: X-Real-IP\n`,
  );
  expect(config).toMatchObject({
    jwtSecretKey: KEY,
    agentSecretKey: "agent",
    installHost: "a.example.com:443",
    listenPort: 9000,
    webRealIpHeader: "X-Real-IP",
    agentRealIpHeader: "X-Real-IP",
  });
});

test("the snake_case key counts when both styles are there; the obsolete header gives way", async () => {
  const config = await loadText(`${SETTLED}ListenPort: 1\nlisten_port: 2\nreal_ip_header: old\nweb_real_ip_header: new\n`);
  expect(config).toMatchObject({ listenPort: 2, webRealIpHeader: "new", agentRealIpHeader: "" });
});

test.each([
  ["debug: yes", { debug: true }],
  ["debug: 'true'", { debug: true }],
  ["debug: 1", { debug: true }],
  ["debug: Off", { debug: false }],
  ["site_name: yes", { siteName: "yes" }],
  ["site_name: 0123", { siteName: "0123" }],
  ["site_name:", { siteName: "" }],
  ["jwt_timeout: '24'", { jwtTimeout: 24 }],
  ["jwt_timeout: ''", { jwtTimeout: 1 }],
  [
    "tsdb: {min_free_disk_space_gb: -1, retention_days: 0}",
    { tsdb: expect.objectContaining({ minFreeDiskSpaceGb: 1, retentionDays: 30 }) as object },
  ],
  ["tsdb:", { tsdb: expect.objectContaining({ dataPath: "" }) as object }],
  ["database: postgres://me:hunter2@db:5433/wf?sslmode=require", { databaseAddress: "postgres://me:hunter2@db:5433/wf?sslmode=require" }],
  ["database:", { databaseAddress: "" }],
  ["history: off", { history: { kind: "off" } }],
  ["history: false", { history: { kind: "off" } }],
  ["limits: {rows_per_member: 5}", { limits: { rowsPerMember: 5 } }],
  ["outbound_allow: ['127.0.0.1:25']", { outboundAllow: [{ port: 25 }] }],
  ["outbound_allow: 10.0.0.0/8", { outboundAllow: [{ port: 0 }] }],
  ["outbound_allow:", { outboundAllow: [] }],
  ["bus: nats://bus", { bus: { servers: ["nats://bus:4222"], tls: false } }],
  ["bus:", { bus: undefined }],
  ["ignored_ip_notification: '1, 2,x,-3,4'", { ignoredIpNotificationServerIds: new Set([1, 4]) }],
  ["custom_code: &a <b>\ncustom_code_dashboard: *a", { customCodeDashboard: "<b>" }],
])("%s", async (text, expected) => {
  await expect(loadText(`${SETTLED}${text}\n`)).resolves.toMatchObject(expected);
});

test.each([
  ["site_name: [a]", "site_name must be one text"],
  ["listen_port: 70000", "listen_port must be a whole number from 0 to 65535"],
  ["listen_port: many", "listen_port must be a whole number"],
  ["debug: maybe", "debug must be true or false"],
  ["https: 5", "https must be a section"],
  ["https: {listen_port: x}", "https.listen_port must be a whole number"],
  ["oauth2: {GitHub: {scopes: {a: 1}}}", "oauth2.GitHub.scopes must be a list"],
  ["limits: {rows: 5}", "limits.rows is not a limit that can be changed"],
  ["limits: {rows_per_member: 0}", "limits.rows_per_member must be a whole number from 1"],
  ["outbound_allow: [10.0.0.1, localhost]", "outbound_allow[1] must be an address or network with a port"],
  ["outbound_allow: {a: 1}", "outbound_allow must be a list"],
  ["bus: http://bus", "bus must be nats://host:port"],
  ["bus: [a]", "bus must be one text"],
  ["database: sqlite.db", "database must be an address like postgres://user:password@host:5432/name; an SQLite file is named by -db"],
  ["database: mysql://me:hunter2@db/wf", "database must be an address like postgres://"],
  ["location: Mars/Base", "unknown time zone Mars/Base"],
  ["location: local", "unknown time zone local"],
  ["site_name: 'open", "Missing closing 'quote"],
  ["site_name: a\nsite_name: b", "Map keys must be unique"],
])("%j stops the start before anything is written", async (text, message) => {
  const whole = `${SETTLED}${text}\n`;
  await expect(loadText(whole)).rejects.toThrow(message);
  await expect(loadText(whole)).rejects.not.toThrow("hunter2");
  await expect(loadText(whole)).rejects.toThrow(path);
  expect(await fileText()).toBe(whole);
});

test("a list instead of keys, and a file that cannot be read, stop the start", async () => {
  await expect(loadText("- a\n")).rejects.toThrow("the file must hold keys and values");
  await rm(path);
  await mkdir(path);
  await expect(load()).rejects.toThrow(`cannot read the configuration ${path}: it is a folder, not a file`);
});

test("the environment gives what the file does not say, in both styles of names", async () => {
  const config = await loadText(`${SETTLED}site_name: from the file\n`, {
    NZ_SITENAME: "from the environment",
    NZ_LISTENPORT: "9000",
    NZ_HTTPS_LISTENPORT: "9443",
    NZ_TSDB_DATA_PATH: "kept/underscores",
    NZ_OAUTH2_GITHUB_CLIENTID: "id",
    NZ_OAUTH2_GITHUB_ENDPOINT_AUTHURL: "https://example.com/auth",
    NZ_OAUTH2_MY_SSO_CLIENT_SECRET: "secret",
    NZ_HISTORY: "off",
    NZ_LANGUAGE: "",
    NZ_ADMIN_PASSWORD: "not a key",
    OTHER: "x",
  });
  expect(config).toMatchObject({
    siteName: "from the file",
    listenPort: 9000,
    language: "en_US",
    https: { listenPort: 9443 },
    tsdb: { dataPath: "kept/underscores" },
    history: { kind: "off" },
    oauth2: { github: { clientId: "id", endpoint: { authUrl: "https://example.com/auth" } }, my_sso: { clientSecret: "secret" } },
  });
});

test.each([
  [{ NZ_LISTENPORT: "many" }, "NZ_LISTENPORT must be a whole number from 0 to 65535"],
  [{ NZ_HTTPS_LISTEN_PORT: "-1" }, "NZ_HTTPS_LISTEN_PORT must be a whole number"],
  [{ NZ_DEBUG: "maybe" }, "NZ_DEBUG must be true or false"],
  [{ NZ_HISTORY: "some" }, "NZ_HISTORY must be on, off, or victoriametrics and its address"],
  [{ NZ_LIMITS_ROWSPERMEMBER: "0" }, "NZ_LIMITS_ROWSPERMEMBER must be a whole number from 1"],
  [{ NZ_LOCATION: "Mars/Base" }, "NZ_LOCATION names the unknown time zone Mars/Base; write one like Europe/Berlin, UTC or Local"],
  [{ NZ_JWTSECRETKEY: "short" }, "NZ_JWTSECRETKEY must have at least 32 bytes"],
])("a bad variable is named, not the file: %j", async (env, text) => {
  const refused = loadText(SETTLED, env);
  await expect(refused).rejects.toThrow(text);
  await expect(refused).rejects.not.toThrow("config.yaml");
});

test("a bad value in the file is named by the file, also where a variable gives the key", async () => {
  await expect(loadText(`${SETTLED}listen_port: many\n`, { NZ_LISTENPORT: "1" })).rejects.toThrow(`${path}: listen_port must be`);
});

test.each([
  ["Local", process.env["TZ"] ?? new Intl.DateTimeFormat("en").resolvedOptions().timeZone],
  ["UTC", "UTC"],
  ["Europe/Berlin", "Europe/Berlin"],
  ['""', "Asia/Shanghai"],
  ["", "Asia/Shanghai"],
  ["~", "Asia/Shanghai"],
])("location: %s is the zone %s and stays as it is written", async (text, zone) => {
  const { location } = await loadText(`${SETTLED}location: ${text}\n`);
  expect(timeZoneOf(location)).toBe(zone);
  const store = await load();
  await store.save({ siteName: "x" });
  expect(await fileText()).toContain(`location: ${text}\n`);
});

test("a variable without underscores goes before one that keeps them", async () => {
  await expect(loadText(SETTLED, { NZ_LISTEN_PORT: "1", NZ_LISTENPORT: "2" })).resolves.toMatchObject({ listenPort: 2 });
});

test("who of a provider's people comes in, and as what: keys of ours", async () => {
  const config = await loadText(
    `${SETTLED}oauth2:\n  A: {roles: {Administrator: [root], viewer: guests}, allowed_domains: [a.example], create_accounts: yes, sign_out: no}\n`,
  );
  expect(config.oauth2["A"]?.people).toEqual({
    groupsClaim: "groups",
    allowedDomains: ["a.example"],
    allowedGroups: [],
    roles: { administrator: ["root"], member: [], viewer: ["guests"] },
    createAccounts: true,
    signOut: false,
  });
  await expect(loadText(`${SETTLED}oauth2: {A: {create_accounts: perhaps}}\n`)).rejects.toThrow(
    "oauth2.A.create_accounts must be true or false",
  );
});

test("login providers keep their names; keys inside are read in every style", async () => {
  const config = await loadText(
    `${SETTLED}oauth2:\n  Company SSO:\n    ClientID: a\n    client_secret: b\n    endpoint: {authurl: c, token_url: d}\n    scopes: openid\n    userinfourl: e\n    user_id_path: f\n`,
  );
  expect(config.oauth2).toEqual({
    "Company SSO": {
      clientId: "a",
      clientSecret: "b",
      endpoint: { authUrl: "c", tokenUrl: "d" },
      scopes: ["openid"],
      userInfoUrl: "e",
      userIdPath: "f",
    },
  });
});

test("a login provider may describe itself, and say whether it takes proofs; what it does not say is not there", async () => {
  const config = await loadText(`${SETTLED}oauth2:\n  A: {issuer: "https://a.example", pkce: "off"}\n  B: {Issuer: "", pkce: true}\n`, {
    NZ_OAUTH2_C_ISSUER: "https://c.example",
    NZ_OAUTH2_C_PKCE: "true",
  });
  const { A, B, c } = config.oauth2;
  expect([A?.issuer, A?.pkce, B?.issuer, B?.pkce, c?.issuer, c?.pkce]).toEqual([
    "https://a.example",
    false,
    undefined,
    true,
    "https://c.example",
    true,
  ]);
  await expect(loadText(`${SETTLED}oauth2: {A: {pkce: perhaps}}\n`)).rejects.toThrow("oauth2.A.pkce must be true or false");
});

test("NZ_JWTSECRETKEY wins, is never written, and leaves the key in the file alone", async () => {
  await put(`${SETTLED}# a comment\n`);
  const store = await load({ NZ_JWTSECRETKEY: "e".repeat(32) });
  expect(store.current.jwtSecretKey).toBe("e".repeat(32));
  await store.save({ siteName: "x" });
  expect(await fileText()).toContain(`jwt_secret_key: ${KEY}`);
  expect(await fileText()).not.toContain("eeee");
});

test("a new installation with NZ_JWTSECRETKEY has no key in its file", async () => {
  await load({ NZ_JWTSECRETKEY: "e".repeat(32) });
  expect(await fileText()).not.toContain("jwt_secret_key");
});

test("a signing key of less than 32 bytes is refused", async () => {
  await put(SETTLED.replace(KEY, "short"));
  await expect(load()).rejects.toThrow("idcodec: master key too short");
  await expect(load({ NZ_JWTSECRETKEY: "short" })).rejects.toThrow("idcodec: master key too short");
});

test("renewing the key changes these two lines only", async () => {
  const text = `# mine\nsite_name: "a" # name\nagent_secret_key: agent\njwtsecretkey: old-style\nunknown: {x: 1}\nhistory: on\njwt_timeout: "24"\n`;
  await put(text);
  await load();
  const expected = text.replace("jwtsecretkey: old-style", `jwt_secret_key: ${"r".repeat(1024)}`);
  expect(await fileText()).toBe(`${expected}jwt_secret_key_last_rotated_version: 2.3.7\n`);
});

test("a save keeps comments, order, unknown keys, the signing key, the mode and the last file", async () => {
  const before = `# top\n${SETTLED}\n# about the name\nsitename: old # why\nmy_own_key: keep me\nforce_auth: "false"\nhistory: off\nreal_ip_header: X-Real-IP\n`;
  await put(before);
  await chmod(path, 0o640);
  const store = await load();
  await store.save({ siteName: "new", customCode: "a\nb\n", tls: false, cover: 0 });
  const after = await fileText();
  expect(after).toContain(`# top\n${SETTLED}`);
  expect(after).toContain('# about the name\nsite_name: new # why\nmy_own_key: keep me\nforce_auth: "false"\nhistory: off\n');
  expect(after).toContain("custom_code: |\n  a\n  b\n");
  expect(after).toContain("\nweb_real_ip_header: X-Real-IP\n");
  expect(after).not.toMatch(/^real_ip_header/m);
  expect(after).not.toMatch(/^(?:tls|listen_host|sitename):/m);
  expect(after).toContain("cover: 0\n");
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect(await readFile(`${path}.bak`, "utf8")).toBe(before);
  await expect(load()).resolves.toMatchObject({ current: { siteName: "new", customCode: "a\nb\n", cover: 1, history: { kind: "off" } } });
});

test.each([
  "yes",
  "no",
  "n",
  "2024-01-01",
  "1_000",
  "0123",
  "null",
  "~",
  "",
  " padded ",
  "a: b",
  "# no comment",
  '"quoted"',
  "多行\n文本",
  "1.2.3.4:5",
])("the text %j is read back as it was saved", async (text) => {
  const store = await load();
  await store.save({ siteName: text, customCodeDashboard: text });
  await expect(load()).resolves.toMatchObject({ current: { siteName: text, customCodeDashboard: text } });
});

test("a key that becomes empty goes, and the comment above it stays", async () => {
  await put(`# about this file\ninstall_host: a\n${SETTLED}`);
  const store = await load();
  await store.save({ installHost: "" });
  expect(await fileText()).toMatch(/^# about this file\nagent_secret_key/);
});

test("a save is all or nothing, and a snapshot does not change", async () => {
  await put(SETTLED);
  const store = await load();
  const before = store.current;
  await writeFile(path, "site_name: 'open\n");
  await expect(store.save({ siteName: "new" })).rejects.toThrow("Missing closing");
  expect(store.current).toBe(before);
  await writeFile(path, SETTLED);
  await store.save({ siteName: "new", ignoredIpNotification: "7" });
  expect(before).toMatchObject({ siteName: "" });
  expect(store.current).toMatchObject({ siteName: "new", ignoredIpNotificationServerIds: new Set([7]) });
  await store.save({ ignoredIpNotification: "" });
  expect(store.current.ignoredIpNotificationServerIds.size).toBe(0);
});

test("saves that come together follow each other", async () => {
  await put(SETTLED);
  const store = await load();
  await Promise.all([store.save({ siteName: "a" }), store.save({ language: "de_DE" }), store.save({ tls: true })]);
  expect(store.current).toMatchObject({ siteName: "a", language: "de_DE", tls: true });
  await expect(load()).resolves.toMatchObject({ current: { siteName: "a", language: "de_DE", tls: true } });
});

test("what a variable gives is not written, neither by the first start nor by a save; what is chosen instead is", async () => {
  const env = {
    NZ_INSTALLHOST: "a.example.com",
    NZ_LISTENPORT: "9000",
    NZ_TLS: "true",
    NZ_SITENAME: "env",
    NZ_OAUTH2_GITHUB_CLIENTID: "id",
  };
  const first = await load(env);
  expect(first.current).toMatchObject({ listenPort: 9000, installHost: "a.example.com", tls: true, siteName: "env" });
  await first.save({ installHost: "a.example.com", siteName: "chosen", tls: false });
  const text = await fileText();
  expect(text).not.toMatch(/listen_port|install_host|oauth2/);
  expect(text).toContain("site_name: chosen\ntls: false\n");
  await expect(load(env)).resolves.toMatchObject({ current: { listenPort: 9000, installHost: "a.example.com", tls: false } });
  await expect(load({ NZ_LISTENPORT: "9001" })).resolves.toMatchObject({ current: { listenPort: 9001, installHost: "" } });
});

test("until it is settled a start has written nothing", async () => {
  const store = await loadConfig({ path, env: {}, version: "2.3.7", randomText: (length) => "r".repeat(length) });
  await expect(stat(path)).rejects.toThrow("ENOENT");
  await store.settle();
  await expect(stat(path)).resolves.toBeDefined();
});

test("enable_mcp survives the start that makes the secrets", async () => {
  await put("enable_mcp: true\n");
  await expect(load()).resolves.toMatchObject({ current: { enableMcp: true } });
  expect(await fileText()).toContain("enable_mcp: true\n");
});

test("reserved hosts follow the settings", async () => {
  await put(`${SETTLED}listen_host: 127.0.0.1\n`);
  const store = await load();
  expect(store.isReservedHost("nz.example.com")).toBe(false);
  await store.save({ dashboardHost: "nz.example.com" });
  expect(store.isReservedHost("NZ.example.com:443")).toBe(true);
  expect(store.isReservedHost("127.0.0.1:8008")).toBe(true);
});
