import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApiClient } from "../as-code/client.ts";
import type { ApiClient } from "../as-code/client.ts";
import { readLive } from "../as-code/live.ts";
import { openDashboardBench } from "../testing/index.ts";
import type { DashboardBench } from "../testing/index.ts";
import { openKomariMetrics } from "./komari-metrics.ts";
import { readKomari } from "./komari.ts";
import { readKuma } from "./kuma.ts";
import { readNezha } from "./nezha.ts";
import { pointsOf } from "./source.ts";
import type { Takeover } from "./source.ts";
import { planTakeover, takeOver } from "./take-over.ts";

let folder: string;
let bench: DashboardBench;
let api: ApiClient;
let token: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "importers-"));
  bench = await openDashboardBench({ history: true });
  const admin = { ...(await bench.signIn("admin", "admin-password")), "content-type": "application/json" };
  const { data } = await bench.call("POST", "/api/v1/api-tokens", admin, { name: "import", scopes: ["nezha:*"] });
  ({ token } = data as { token: string });
  api = createApiClient(bench.base, token);
}, 60_000);
afterAll(async () => {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
});

function databaseWith(name: string, statements: readonly string[]): string {
  const path = join(folder, name);
  const database = new DatabaseSync(path);
  for (const statement of statements) database.exec(statement);
  database.close();
  return path;
}

/** A time of today, so that it lies within the retention of the history. */
const AT = Math.floor((Date.now() - 3_600_000) / 30_000) * 30_000;
const stamp = (ms: number): string => new Date(ms).toISOString().replace("T", " ").replace("Z", "");

/** Columns that Uptime Kuma 2.5 has, as far as they are read. */
const KUMA = [
  "CREATE TABLE monitor (id INTEGER, name TEXT, active INTEGER, interval INTEGER, url TEXT, type TEXT, hostname TEXT, port INTEGER, maxretries INTEGER, upside_down INTEGER, method TEXT, parent INTEGER)",
  "CREATE TABLE notification (id INTEGER, name TEXT, config TEXT)",
  "CREATE TABLE monitor_notification (monitor_id INTEGER, notification_id INTEGER)",
  "CREATE TABLE heartbeat (monitor_id INTEGER, status INTEGER, time TEXT, ping REAL)",
  "CREATE TABLE status_page (id INTEGER, slug TEXT, title TEXT, description TEXT, published INTEGER, password TEXT, footer_text TEXT, custom_css TEXT)",
  'CREATE TABLE "group" (id INTEGER, name TEXT, status_page_id INTEGER, weight INTEGER)',
  "CREATE TABLE monitor_group (id INTEGER, monitor_id INTEGER, group_id INTEGER, weight INTEGER)",
  `INSERT INTO monitor VALUES (1, 'Web', 1, 60, NULL, 'group', NULL, NULL, 0, 0, NULL, NULL),
    (2, 'Site', 1, 60, 'https://www.example.com/', 'http', NULL, NULL, 3, 0, 'GET', 1), (3, 'Site', 1, 20, NULL, 'port', '2001:db8::1', 443, 0, 1, NULL, NULL),
    (4, 'Away', 0, 60, NULL, 'ping', 'host.example.com', NULL, 0, 0, NULL, NULL), (5, 'Mail', 1, 60, NULL, 'mqtt', NULL, NULL, 0, 0, NULL, NULL)`,
  `INSERT INTO notification VALUES (1, 'Chat', '{"type":"telegram","telegramBotToken":"1:secret","telegramChatID":"42"}'), (2, 'Other', '{"type":"lunasea"}')`,
  "INSERT INTO monitor_notification VALUES (2, 1), (2, 2)",
  `INSERT INTO heartbeat VALUES (2, 1, '${stamp(AT)}', 10), (2, 1, '${stamp(AT + 1_000)}', 20), (2, 2, '${stamp(AT + 2_000)}', NULL),
    (2, 0, '${stamp(AT + 60_000)}', NULL), (4, 1, '${stamp(AT)}', 5)`,
  "INSERT INTO status_page VALUES (1, 'main', 'Main', 'What runs', 1, NULL, NULL, NULL)",
  `INSERT INTO "group" VALUES (1, 'Second', 1, 2), (2, 'First', 1, 1)`,
  "INSERT INTO monitor_group VALUES (1, 2, 2, 1), (2, 3, 1, 1), (3, 5, 1, 2)",
];

/** Columns that Komari has, as far as they are read. */
const KOMARI = [
  'CREATE TABLE clients (uuid TEXT, name TEXT, remark TEXT, public_remark TEXT, weight INTEGER, price REAL, billing_cycle INTEGER, auto_renewal INTEGER, currency TEXT, expired_at TEXT, "group" TEXT, hidden INTEGER, created_at TEXT)',
  "CREATE TABLE ping_tasks (id INTEGER, name TEXT, clients TEXT, type TEXT, target TEXT, interval INTEGER)",
  "CREATE TABLE ping_records (client TEXT, task_id INTEGER, time TEXT, value INTEGER)",
  "CREATE TABLE load_notifications (id INTEGER, name TEXT, clients TEXT, metric TEXT, threshold REAL, ratio REAL, interval INTEGER)",
  "CREATE TABLE offline_notifications (client TEXT, enable INTEGER, grace_period INTEGER)",
  "CREATE TABLE records (client TEXT, time TEXT, cpu REAL, gpu REAL, ram INTEGER, swap INTEGER, load REAL, temp REAL, disk INTEGER, net_in INTEGER, net_out INTEGER, net_total_up INTEGER, net_total_down INTEGER, process INTEGER, connections INTEGER, connections_udp INTEGER)",
  `INSERT INTO clients VALUES ('aaaaaaaa-0000-4000-8000-000000000001', 'tokyo', 'mine', 'fast', 1, 5, 30, 1, '$', '2027-01-01 00:00:00+00:00', 'asia', 0, ''),
    ('aaaaaaaa-0000-4000-8000-000000000002', 'tokyo', '', '', 2, 0, 0, 0, '$', NULL, 'asia', 1, '')`,
  `INSERT INTO ping_tasks VALUES (1, 'dns', '["aaaaaaaa-0000-4000-8000-000000000001"]', 'icmp', '192.0.2.1', 30)`,
  `INSERT INTO ping_records VALUES ('aaaaaaaa-0000-4000-8000-000000000001', 1, '${new Date(AT).toISOString()}', 12), ('aaaaaaaa-0000-4000-8000-000000000001', 1, '${new Date(AT + 60_000).toISOString()}', -1)`,
  `INSERT INTO load_notifications VALUES (1, 'hot', '["aaaaaaaa-0000-4000-8000-000000000002"]', 'cpu', 90, 0.8, 15)`,
  "INSERT INTO offline_notifications VALUES ('aaaaaaaa-0000-4000-8000-000000000001', 1, 300)",
  `INSERT INTO records VALUES ('aaaaaaaa-0000-4000-8000-000000000001', '${stamp(AT)}+00:00', 12.5, 0, 1000, 0, 0.5, 40, 2000, 10, 20, 300, 400, 50, 6, 7)`,
];

const run = async (takeover: Takeover) => {
  const told: string[] = [];
  return { told, ...(await takeOver(takeover, api, (line) => told.push(line))) };
};

test("Komari: servers, groups, tasks and rules come over with what was measured, and once alone", async () => {
  const path = databaseWith("komari.db", KOMARI);
  const plan = planTakeover(readKomari(path, 100), await readLive(api));
  expect(plan.problems).toEqual([]);
  expect(plan.servers.map(({ name }) => name)).toEqual(["tokyo", "tokyo (aaaaaaaa)"]);
  const first = await run(readKomari(path, 100));
  expect(first.told).toEqual(['+ server_groups "asia"', '+ services "dns"', '+ alert_rules "hot"', '+ alert_rules "Offline for 300 s"']);
  expect(first).toMatchObject({ points: 3, taken: 3 });
  expect(await run(readKomari(path, 100))).toEqual({ told: [], points: 3, taken: 0 });
  const { rows } = await readLive(api);
  expect(rows.get("servers")?.map(({ name, row }) => [name, row["hide_for_guest"] ?? false, row["note"] ?? ""])).toEqual([
    ["tokyo", false, "mine"],
    ["tokyo (aaaaaaaa)", true, ""],
  ]);
  expect(rows.get("services")?.[0]?.item).toMatchObject({ type: 2, target: "192.0.2.1", cover: 1, skip_servers: ["tokyo"] });
  const metrics = await api.get("/server/1/metrics?metric=cpu&period=1d");
  expect(metrics).toMatchObject({ data_points: [{ ts: AT, value: 12.5 }] });
}, 60_000);

/** Tables that Komari 1.4 has, as far as they are read; a minute, and five of which that minute is a part. */
const METRICS = [
  "CREATE TABLE metric_series (id INTEGER, metric_name TEXT, entity_id TEXT, tags_hash TEXT, tags TEXT)",
  "CREATE TABLE metric_resolutions (id INTEGER, resolution_milli INTEGER)",
  "CREATE TABLE metric_rollups (series_id INTEGER, resolution_id INTEGER, label_id INTEGER, bucket_milli INTEGER, count INTEGER, sum REAL, last_val REAL)",
  "INSERT INTO metric_resolutions VALUES (1, 60000), (2, 300000)",
  `INSERT INTO metric_series VALUES (1, 'cpu.usage', 'aaaaaaaa-0000-4000-8000-000000000002', '', '{}'), (2, 'net.total.up', 'aaaaaaaa-0000-4000-8000-000000000002', '', '{}'),
    (3, 'ping.latency_ms', 'aaaaaaaa-0000-4000-8000-000000000002', 'x', '{"task_id":"7"}'), (4, 'ping.latency_ms', 'aaaaaaaa-0000-4000-8000-000000000002', 'y', '{"task_id":"1"}'),
    (5, 'ping.loss', 'aaaaaaaa-0000-4000-8000-000000000002', 'y', '{"task_id":"1"}')`,
  `INSERT INTO metric_rollups VALUES (1, 1, 1, 600000, 4, 100, 30), (1, 1, 2, 600000, 1, 50, 50), (1, 2, 1, 600000, 20, 900, 30), (1, 2, 1, 300000, 5, 50, 10),
    (2, 1, 1, 600000, 4, 100, 40), (3, 1, 1, 600000, 4, 99, 99), (4, 1, 1, 600000, 4, 58, 20), (5, 1, 1, 600000, 4, 2, 0), (4, 1, 1, 660000, 2, -2, -1), (5, 1, 1, 660000, 2, 2, 1)`,
];

test("what Komari 1.4 measured: the shortest buckets of a time, failures out of the mean of the delays, counters as they stood last", () => {
  const metrics = openKomariMetrics(databaseWith("metrics.db", METRICS));
  const takeover = readKomari(
    databaseWith(
      "komari-1.4.db",
      KOMARI.slice(0, 8).filter((sql) => !/ (?:ping_)?records /.test(sql)),
    ),
    100,
    metrics,
  );
  expect([...takeover.states()]).toEqual([
    {
      uuid: "aaaaaaaa-0000-4000-8000-000000000002",
      states: [
        { at: 300_000, values: { cpu: 10 } },
        { at: 600_000, values: { cpu: 30, net_out_transfer: 40 } },
      ],
    },
  ]);
  expect([...(takeover.results() as Iterable<unknown>)]).toEqual([
    {
      service: "dns",
      server: "tokyo (aaaaaaaa)",
      points: [
        { at: 600_000, up: 2, down: 2, delay: 30 },
        { at: 660_000, up: 0, down: 2 },
      ],
    },
  ]);
  expect(() => openKomariMetrics(databaseWith("other.db", KUMA))).toThrow("is no store of metrics of Komari");
});

test("Uptime Kuma: monitors, channels and groups come over, heartbeats as results of the server in its place", async () => {
  const path = databaseWith("kuma.db", KUMA);
  const read = () => readKuma(path, "tokyo", 100);
  expect(read().notes).toEqual([
    'notification "Other" of type lunasea is entered anew in the console',
    'monitor "Web" is a group: services have none',
    'monitor "Site" is upside down: here it is down when it does not answer',
    'monitor "Away" is paused: it is taken over, and no server probes it',
    'monitor "Mail" of type mqtt has no counterpart',
    'status page "Main": monitor 5 has no service here',
  ]);
  const first = await run(read());
  expect(first.told).toEqual([
    '+ channels "Chat"',
    '+ notification_groups "Kuma: Chat"',
    '+ services "Site"',
    '+ services "Site (2)"',
    '+ services "Away"',
    '+ status_pages "Main"',
  ]);
  expect(first).toMatchObject({ points: 3, taken: 3 });
  expect(await run(read())).toEqual({ told: [], points: 3, taken: 0 });
  const { rows, names } = await readLive(api);
  const services = new Map(rows.get("services")?.map(({ name, item }) => [name, item]));
  expect(services.get("Site")).toMatchObject({
    type: 1,
    retries: 3,
    notify: true,
    notification_group: "Kuma: Chat",
    skip_servers: ["tokyo"],
  });
  expect(services.get("Site (2)")).toMatchObject({ type: 3, target: "[2001:db8::1]:443" });
  const part = (name: string) => ({ kind: "service", id: names.idOf("services", name) });
  expect(await api.get("/status-page")).toMatchObject([
    {
      slug: "main",
      title: "Main",
      published: true,
      groups: [
        { name: "First", parts: [part("Site")] },
        { name: "Second", parts: [part("Site (2)")] },
      ],
    },
  ]);
  const history = await api.get(`/service/${names.idOf("services", "Site")}/history?period=1d`);
  expect(history).toMatchObject({
    servers: [
      {
        server_name: "tokyo",
        stats: {
          data_points: [
            { ts: AT, delay: 15, status: 1 },
            { ts: AT + 60_000, status: 0 },
          ],
        },
      },
    ],
  });
  const problem = planTakeover(readKuma(path, "nobody", 100), await readLive(api)).problems;
  expect(problem).toContain('services "Site": there is none of servers called "nobody"');
}, 60_000);

test("a running Nezha: what its series hold of servers and services that are known here by UUID and name", async () => {
  const takeover = await readNezha(bench.base, token, await readLive(api), 100);
  expect(takeover.notes.at(-1)).toMatch(/^2 servers and 4 of 4 services are known here/);
  const results = [];
  for await (const each of takeover.results()) results.push(each);
  const points = results.filter(({ service, server }) => service === "dns" && server === "tokyo").flatMap((each) => each.points);
  expect(points).toContainEqual({ at: AT, delay: 12, up: 1, down: 0 });
  const [states] = [...takeover.states()];
  expect(states).toMatchObject({ uuid: "aaaaaaaa-0000-4000-8000-000000000001", states: [{ at: AT, values: { cpu: 12.5, memory: 1000 } }] });
  await expect(readNezha(bench.base, "wrong", await readLive(api), 100)).rejects.toThrow("GET /server");
}, 60_000);

test("points of the future and states without the processor are refused by name; such from long ago are not counted", async () => {
  const id = Number((await readLive(api)).names.idOf("servers", "tokyo"));
  const service = Number((await readLive(api)).names.idOf("services", "dns"));
  const state = (at: number, values: object) =>
    api.post("/import/state", {
      server_id: id,
      states: [
        { at: AT, values: { cpu: 1 } },
        { at, values },
      ],
    });
  const result = (at: number) =>
    api.post("/import/result", { service_id: service, server_id: id, points: [{ at, delay: 1, up: 1, down: 0 }] });
  await expect(state(Date.now() + 3_600_000, { cpu: 1 })).rejects.toThrow("states.1.at: must not be later than now");
  await expect(result(Date.now() + 3_600_000)).rejects.toThrow("points.0.at: must not be later than now");
  await expect(state(AT, { memory: 1 })).rejects.toThrow("states.1.values.cpu");
  const long = Date.now() - 365 * 86_400_000;
  expect(await state(long, { cpu: 1 })).toEqual({ taken: 0 });
  expect(await result(long)).toEqual({ taken: 0 });
}, 60_000);

test("a token for chosen servers takes over for these alone, and makes none", async () => {
  const { names } = await readLive(api);
  const [one, other] = ["tokyo", "tokyo (aaaaaaaa)"].map((name) => Number(names.idOf("servers", name)));
  const admin = { ...(await bench.signIn("admin", "admin-password")), "content-type": "application/json" };
  const { data } = await bench.call("POST", "/api/v1/api-tokens", admin, { name: "one", scopes: ["nezha:*"], server_ids: [one] });
  const limited = createApiClient(bench.base, (data as { token: string }).token);
  const states = [{ at: AT + 120_000, values: { cpu: 3 } }];
  await expect(limited.post("/import/state", { server_id: other, states })).rejects.toThrow("permission denied");
  await expect(limited.post("/import/server", { servers: [{ uuid: "new", name: "new" }] })).rejects.toThrow("permission denied");
  expect(await limited.post("/import/state", { server_id: one, states })).toEqual({ taken: 1 });
}, 60_000);

test("results of a half minute become one point, cut to the size of a request", () => {
  const beats = Array.from({ length: 10 }, (_beat, index) => ({ at: index * 15_000, up: index % 3 !== 0, delay: index }));
  expect([...pointsOf(beats, 3)]).toEqual([
    [
      { at: 0, delay: 1, up: 1, down: 1 },
      { at: 30_000, delay: 2, up: 1, down: 1 },
      { at: 60_000, delay: 4.5, up: 2, down: 0 },
    ],
    [
      { at: 90_000, delay: 7, up: 1, down: 1 },
      { at: 120_000, delay: 8, up: 1, down: 1 },
    ],
  ]);
});
