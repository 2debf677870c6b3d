import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@windfire/testkit";
import fc from "fast-check";
import { parse } from "yaml";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configDisk, configText, makeConfigFolder } from "./file.ts";
import { configJson, DEFAULT_CONFIG } from "./model.ts";
import type { AgentConfig } from "./model.ts";
import { formatPlainYaml, parsePlainYaml } from "./plain-yaml.ts";
import { createLiveConfig } from "./reload.ts";
import { overlayConfig, planTransfer } from "./remote.ts";
import { configFault, mergeSources, uuidFault, withChange } from "./rules.ts";
import { createConfigStore } from "./store.ts";

const UUID = "3f2b8c1e-5a77-4d0e-9b1c-0d6a2e4f8a90";
const SECRET = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
const CONFIG: AgentConfig = { ...DEFAULT_CONFIG, server: "dash.example.com:8008", client_secret: SECRET, uuid: UUID };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function storeAt(path: string, environment: Record<string, string> = {}) {
  return createConfigStore({ path, environment, disk: configDisk, text: configText, randomUuid: () => UUID });
}

test("a missing file is made from the environment, with a new identity and mode 0600", async () => {
  const path = join(folder, "sub", "config.yml");
  const environment = { NZ_SERVER: "dash.example.com:8008", NZ_CLIENT_SECRET: SECRET, NZ_TLS: "true" };
  expect(await storeAt(path, environment).load()).toEqual({ ok: true, value: { ...CONFIG, tls: true } });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readFileSync(path, "utf8")).toBe(
    `# windfire agent: permits says what the dashboard may do on this host; change it with "windfire agent permit"
client_secret: "${SECRET}"
debug: false
disable_auto_update: false
disable_command_execute: false
disable_force_update: false
disable_nat: false
disable_send_query: false
gpu: false
insecure_tls: false
ip_report_period: 1800
permits:
  report: true
  probes: true
report_delay: 3
self_update_period: 0
server: dash.example.com:8008
skip_connection_count: false
skip_procs_count: false
temperature: false
tls: true
use_atomgit_to_upgrade: false
use_gitee_to_upgrade: false
use_ipv6_country_code: false
uuid: "${UUID}"
`,
  );
  expect(await storeAt(path).load()).toEqual({ ok: true, value: { ...CONFIG, tls: true } });
});

test("a file that is made permits what the environment says, and nothing that it does not know", async () => {
  const environment = { NZ_SERVER: "a:1", NZ_CLIENT_SECRET: SECRET, NZ_PERMITS: "probes,terminal" };
  await storeAt(join(folder, "a.yml"), environment).load();
  expect(parse(readFileSync(join(folder, "a.yml"), "utf8"))).toMatchObject({ permits: { report: true, probes: true, terminal: true } });
  writeFileSync(join(folder, "empty.yml"), "# nothing yet\n");
  await storeAt(join(folder, "empty.yml"), { NZ_SERVER: "a:1", NZ_CLIENT_SECRET: SECRET }).load();
  expect(parse(readFileSync(join(folder, "empty.yml"), "utf8"))).toMatchObject({ permits: { report: true, probes: true } });
  expect(await storeAt(join(folder, "b.yml"), { ...environment, NZ_PERMITS: "all" }).load()).toMatchObject({ ok: false });
  expect(existsSync(join(folder, "b.yml"))).toBe(false);
});

test("rights are kept as they stand in the file, whoever wrote them since; no other file gets any", async () => {
  const path = join(folder, "config.yml");
  const store = storeAt(path, { NZ_SERVER: "a:1", NZ_CLIENT_SECRET: SECRET });
  const loaded = await store.load();
  if (!loaded.ok) throw new Error(loaded.error);
  writeFileSync(path, readFileSync(path, "utf8").replace("  probes: true\n", "  files: /srv, until 2026-11-30T12:00:00Z\n"));
  expect(store.save({ ...loaded.value, report_delay: 1 }).ok).toBe(true);
  expect(parse(readFileSync(path, "utf8"))).toMatchObject({
    permits: { report: true, files: "/srv, until 2026-11-30T12:00:00Z" },
    report_delay: 1,
  });
  writeFileSync(path, `${readFileSync(path, "utf8")}update:\n  manifest: https://a.example/m.json\n  key: abc=\n`);
  expect(store.save(loaded.value).ok).toBe(true);
  expect(parse(readFileSync(path, "utf8"))).toMatchObject({ update: { manifest: "https://a.example/m.json", key: "abc=" } });
  const official = join(folder, "official.yml");
  writeFileSync(official, `server: a:1\nclient_secret: ${SECRET}\nuuid: ${UUID}\n`);
  const officialStore = storeAt(official);
  await officialStore.load();
  officialStore.save(CONFIG);
  expect(readFileSync(official, "utf8")).not.toContain("permits");
});

test("nothing is saved where rights would be lost or made", async () => {
  const path = join(folder, "config.yml");
  const store = storeAt(path, { NZ_SERVER: "a:1", NZ_CLIENT_SECRET: SECRET });
  await store.load();
  const text = readFileSync(path, "utf8");
  for (const wrong of ["permits: [everything]\n", text.replace(/permits:\n( .*\n)+/, ""), "permits:\n  files: [/srv]\n"]) {
    writeFileSync(path, wrong);
    expect(store.save(CONFIG).ok).toBe(false);
    expect(readFileSync(path, "utf8")).toBe(wrong);
  }
  rmSync(path);
  expect(store.save(CONFIG)).toEqual({ ok: false, error: "the configuration file is gone" });
  expect(readdirSync(folder)).toEqual([]);
});

test("a file of ours that has lost its permits, or whose permits are wrong, is refused at the start", async () => {
  const path = join(folder, "config.yml");
  writeFileSync(path, `# windfire agent\nserver: a:1\nclient_secret: ${SECRET}\nuuid: ${UUID}\n`);
  expect(await storeAt(path).load()).toEqual({ ok: false, error: "the configuration file has lost its permits:" });
  writeFileSync(path, `server: a:1\nclient_secret: ${SECRET}\nuuid: ${UUID}\npermits: [root]\n`);
  expect(await storeAt(path).load()).toMatchObject({ ok: false, error: expect.stringContaining('"root" is no right') as string });
});

test("a file without an identity gets one and keeps it; the file is written although the rest is wrong", async () => {
  const path = join(folder, "config.yml");
  writeFileSync(path, "server: dash.example.com:8008\n");
  expect(await storeAt(path).load()).toEqual({ ok: false, error: "client_secret must be specified" });
  expect(readFileSync(path, "utf8")).toContain(`uuid: "${UUID}"`);
});

test("a service gets a file that is enough without the environment it is installed from", async () => {
  const path = join(folder, "config.yml");
  expect((await storeAt(path).loadForService()).ok).toBe(false);
  const environment = { NZ_SERVER: "dash.example.com:8008", NZ_CLIENT_SECRET: SECRET };
  expect(await storeAt(path, environment).loadForService()).toEqual({ ok: true, value: CONFIG });
  expect(await storeAt(path).load()).toEqual({ ok: true, value: CONFIG });
  expect(parse(readFileSync(path, "utf8"))).toMatchObject({ permits: { report: true, probes: true } });
  await storeAt(path, { NZ_SERVER: "other.example.com:1" }).loadForService();
  expect(await storeAt(path).load()).toEqual({ ok: true, value: CONFIG });
});

test("a complete file is not touched, and the environment wins over it", async () => {
  const path = join(folder, "config.yml");
  const text = `server: a:1\nclient_secret: ${SECRET} # by hand\nuuid: ${UUID}\nunknown_key: 1\nreport_delay: 2\n`;
  writeFileSync(path, text);
  const loaded = await storeAt(path, {
    NZ_SERVER: "b:2",
    NZ_DNS: "1.1.1.1:53,9.9.9.9:53",
    NZ_NIC_ALLOWLIST: '{"eth0":true}',
    OTHER: "x",
  }).load();
  expect(loaded).toEqual({
    ok: true,
    value: { ...CONFIG, server: "b:2", report_delay: 2, dns: ["1.1.1.1:53", "9.9.9.9:53"], nic_allowlist: { eth0: true } },
  });
  expect(readFileSync(path, "utf8")).toBe(text);
});

test.each<[string, string]>([
  ["server: [a, b]\n", "server must be a text"],
  ["report_delay: fast\n", "report_delay must be a whole number from 0 to 4294967295"],
  ["tls: perhaps\n", "tls must be true or false"],
  ["- a\n- b\n", "the file must hold a map of keys to values"],
])("%j is refused with the name of the key", async (text, error) => {
  const path = join(folder, "config.yml");
  writeFileSync(path, text);
  expect(await storeAt(path).load()).toEqual({ ok: false, error });
});

test("a broken file is refused without quoting its secrets", async () => {
  const path = join(folder, "config.yml");
  writeFileSync(path, `client_secret: "${SECRET}\nserver: {`);
  const loaded = await storeAt(path).load();
  expect(loaded.ok).toBe(false);
  expect(JSON.stringify(loaded)).not.toContain(SECRET);
});

test("a secret of digits keeps all of them", async () => {
  const path = join(folder, "config.yml");
  const digits = "01234567890123456789012345678901";
  writeFileSync(path, `server: a:1\nclient_secret: ${digits}\nuuid: ${UUID}\n`);
  expect(await storeAt(path).load()).toMatchObject({ value: { client_secret: digits } });
  expect(storeAt(path).save({ ...CONFIG, client_secret: digits })).toEqual({ ok: true, value: undefined });
  expect(await storeAt(path).load()).toMatchObject({ value: { client_secret: digits } });
});

test.each<[Partial<AgentConfig>, string | undefined]>([
  [{}, undefined],
  [{ server: "" }, "server address should not be empty"],
  [{ client_secret: "" }, "client_secret must be specified"],
  [{ uuid: "x" }, "uuid string is wrong length"],
  [{ report_delay: 5 }, "report-delay ranges from 1-4"],
  [{ custom_ip_api: ["ftp://a/"] }, 'custom_ip_api entry "ftp://a/" must use http or https scheme'],
])("%j: %s", (change, fault) => {
  expect(configFault({ ...CONFIG, ...change })).toBe(fault);
});

test.each<[string, string | undefined]>([
  [UUID, undefined],
  [UUID.toUpperCase(), undefined],
  [UUID.replaceAll("-", "0"), "uuid is improperly formatted"],
  [`${UUID.slice(0, 35)}g`, "uuid has characters that are no hex digits"],
])("uuid %s", (uuid, fault) => {
  expect(uuidFault(uuid)).toBe(fault);
});

test.each<[number, number, number, number]>([
  [0, 3, 0, 1800],
  [1, 1, 10, 30],
  [4, 4, 3600, 3600],
])("report_delay %i counts as %i, ip_report_period %i as %i", (delay, effectiveDelay, period, effectivePeriod) => {
  expect(withChange(CONFIG, { report_delay: delay, ip_report_period: period })).toMatchObject({
    report_delay: effectiveDelay,
    ip_report_period: effectivePeriod,
  });
});

test("the report names every scalar, in the order of the reference, and leaves out empty lists", () => {
  expect(configJson({ ...CONFIG, nic_allowlist: { eth0: true }, tls: true })).toBe(
    `{"debug":false,"server":"dash.example.com:8008","client_secret":"${SECRET}","uuid":"${UUID}","nic_allowlist":{"eth0":true},"gpu":false,"temperature":false,"skip_connection_count":false,"skip_procs_count":false,"disable_auto_update":false,"disable_force_update":false,"disable_command_execute":false,"report_delay":3,"tls":true,"insecure_tls":false,"use_ipv6_country_code":false,"use_gitee_to_upgrade":false,"use_atomgit_to_upgrade":false,"disable_nat":false,"disable_send_query":false,"ip_report_period":1800,"self_update_period":0}`,
  );
});

test("an applied change replaces lists and maps, null clears them, absent and unknown keys change nothing", () => {
  const current = { ...CONFIG, nic_allowlist: { eth0: true, eth1: true }, dns: ["1.1.1.1:53"] };
  const change = { Report_Delay: 2, nic_allowlist: { eth0: true }, dns: null, nic_allowlist_raw: "", client_secret: SECRET };
  expect(overlayConfig(current, JSON.stringify(change))).toEqual({
    ok: true,
    value: { ...CONFIG, report_delay: 2, nic_allowlist: { eth0: true } },
  });
});

test.each<[string, string]>([
  ['{"report_delay":9}', "report-delay ranges from 1-4"],
  [
    '{"client_secret":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}',
    "ApplyConfig rejected: client_secret rotation must use TaskTypeServerTransferApply",
  ],
  ["{bad", "invalid configuration: not valid JSON"],
  ["[]", "invalid configuration: not a JSON object"],
  ['{"server":""}', "server address should not be empty"],
  ['{"uuid":"me"}', "uuid string is wrong length"],
  ['{"report_delay":-1}', "report_delay must be a whole number from 0 to 4294967295"],
])("apply %s: %s", (json, error) => {
  expect(overlayConfig(CONFIG, json)).toEqual({ ok: false, error });
});

test.each<[Partial<AgentConfig>, string, string]>([
  [{ tls: true }, "short", "rejected client_secret rotation: length=5, want 32"],
  [{ tls: true }, `${SECRET.slice(0, 31)}-`, "rejected client_secret rotation: byte 31 (0x2d) outside [0-9A-Za-z]"],
  [{}, SECRET, "ServerTransferApply rejected: rotated secret cannot be delivered over plaintext or InsecureTLS"],
  [
    { tls: true, insecure_tls: true },
    SECRET,
    "ServerTransferApply rejected: rotated secret cannot be delivered over plaintext or InsecureTLS",
  ],
])("transfer to an agent with %j: %s refused", (settings, secret, error) => {
  expect(planTransfer({ ...CONFIG, ...settings }, JSON.stringify({ client_secret: secret }))).toEqual({ ok: false, error });
});

test("a transfer over verified TLS changes the secret", () => {
  const next = "Handshake0123456789ABCDEFGHIJKLM".slice(0, 32);
  expect(planTransfer({ ...CONFIG, tls: true }, JSON.stringify({ client_secret: next }))).toEqual({
    ok: true,
    value: { ...CONFIG, tls: true, client_secret: next },
  });
});

test("a change is committed 10 seconds later, and a newer one takes its place", () => {
  const clock = createFakeClock();
  const saved: number[] = [];
  let commits = 0;
  const live = createLiveConfig({
    clock,
    initial: CONFIG,
    save: (config) => {
      saved.push(config.report_delay);
      return { ok: true, value: undefined };
    },
    onCommit: () => commits++,
    onSaveFailure: () => expect.unreachable(),
  });
  live.schedule({ ...CONFIG, report_delay: 1 }, "apply");
  clock.advance(9_000);
  live.schedule({ ...CONFIG, report_delay: 2 }, "transfer");
  clock.advance(9_999);
  expect([live.pending(), live.current().report_delay, saved]).toEqual(["transfer", 3, []]);
  clock.advance(1);
  expect([live.pending(), live.current().report_delay, saved, commits]).toEqual([undefined, 2, [2], 1]);
});

test("a change that cannot be saved is not used and stays marked", () => {
  const clock = createFakeClock();
  const failures: string[] = [];
  const live = createLiveConfig({
    clock,
    initial: CONFIG,
    save: () => ({ ok: false, error: "disk full" }),
    onCommit: () => expect.unreachable(),
    onSaveFailure: (reason) => failures.push(reason),
  });
  live.schedule({ ...CONFIG, report_delay: 1 }, "apply");
  clock.advance(10_000);
  expect([live.pending(), live.current(), failures]).toEqual(["apply", CONFIG, ["disk full"]]);
});

test("values of the environment that are no texts of their kind are refused", () => {
  expect(mergeSources({}, { NZ_REPORT_DELAY: "soon" }).ok).toBe(false);
  expect(mergeSources({}, { NZ_NIC_ALLOWLIST: "eth0" })).toEqual({
    ok: false,
    error: "nic_allowlist must be a map of names to true or false",
  });
});

test.each<[string, unknown]>([
  ["a: b\n", { a: "b" }],
  ["a: 'it''s' # c\nb: \"x\\\"y\"\n", { a: "it's", b: 'x"y' }],
  ["---\n# c\n\na:\n- x\n- y z\nb:\n  k: true\n  'q': 1\n", undefined],
  ['a:\n- x\n- y z\nb:\n  k: true\n  "q r": 1\n', { a: ["x", "y z"], b: { k: "true", "q r": "1" } }],
  ["a:\nb: ~\nc: ''\n", { a: null, b: null, c: "" }],
  ["a: [x, y]\n", undefined],
  ["a: {x: y}\n", undefined],
  ["a: |\n  x\n", undefined],
  ["a: &x y\n", undefined],
  ["a: x: y\n", undefined],
  ["a: b\na: c\n", undefined],
  ["a: b\n  c\n", undefined],
  ["a: http://h:1/#x\n", { a: "http://h:1/#x" }],
  ["a: [::1]:8008\n", undefined],
])("plain YAML %j", (text, expected) => {
  expect(parsePlainYaml(text)).toEqual(expected);
});

test("what the plain reader reads, a full one reads alike", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "a: b",
      "b:",
      "c: 'x'",
      "  - y",
      "- z",
      "  k: v",
      "# c",
      "",
      'd: "q\\u0041"',
      "e: x # y",
      "f: x#y",
      "g: true",
      "~",
      "i: ~",
      "h: 'a",
      "- 'a: b'",
    ),
    fc.string({ maxLength: 12 }).map((text) => `k: ${text.replaceAll(/[\r\n]/g, " ")}`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const text = lines.join("\n");
      const plain = parsePlainYaml(text);
      if (plain === undefined) return;
      const full: unknown = parse(text, { schema: "failsafe" }) ?? {};
      expect(withoutEmpty(plain)).toEqual(withoutEmpty(full));
    }),
    { numRuns: 2000 },
  );
});

test("what is written is read back, by the plain and by a full reader", () => {
  const key = fc.stringMatching(/^[a-z]{1,8}$/);
  const text = fc.string({ maxLength: 20 });
  const value = fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 }), fc.dictionary(text, text, { minKeys: 1, maxKeys: 3 }));
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 4 }), (values) => {
      const written = formatPlainYaml(values);
      expect(parse(written) ?? {}).toEqual(values);
      const plain = parsePlainYaml(written);
      if (plain !== undefined) expect(plain).toEqual(values);
    }),
  );
});

/** The plain reader gives null where a full one, without types, gives an empty text or the word itself. */
function withoutEmpty(value: unknown): unknown {
  const entries = Object.entries(typeof value === "object" && value !== null ? value : {}).map(([key, item]: [string, unknown]) => [
    key,
    item === null || item === "" || item === "~" || item === "null" ? "" : item,
  ]);
  return Object.fromEntries(entries) as unknown;
}

test("on Windows a new folder of a configuration is closed to other users, one that is there stays as it is", () => {
  const calls: string[] = [];
  const run = (status: number) => (file: string, args: readonly string[]) => {
    calls.push([file, ...args].join(" "));
    return { status };
  };
  const made = join(folder, "made");
  expect(() => makeConfigFolder(made, "win32", run(5))).toThrow(`${made} cannot be closed to other users`);
  expect(existsSync(made)).toBe(false);
  makeConfigFolder(made, "win32", run(0));
  makeConfigFolder(made, "win32", run(0));
  makeConfigFolder(join(folder, "other"), "linux", run(0));
  const line = `icacls.exe ${made} /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-3-4:(OI)(CI)F /q`;
  expect(calls).toEqual([line, line]);
});
