import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KINDS as FORMS } from "../testing/index.ts";
import { ambiguousNames, parseDeclared, textOf } from "./document.ts";
import { readLive } from "./live.ts";
import { linesOf } from "./lines.ts";
import { openCodeBench } from "./testing/bench.ts";

const { admin, api, apply, bench, exported, planOf } = await openCodeBench(["web", "db", "mail"]);
beforeAll(async () => {
  for (const [kind, { form }] of Object.entries(FORMS)) {
    if (form !== undefined && !["server", "api-tokens", "enrolment-code"].includes(kind)) {
      await bench.call("POST", `/api/v1/${kind}`, admin, form(1, `made as ${kind}`));
    }
  }
}, 60_000);
afterAll(() => bench.close());

test("what is exported differs in nothing, holds no secret and no id of another row", async () => {
  const text = await exported();
  const { plan } = await planOf(text);
  expect(plan).toEqual({ steps: [], problems: [], others: [] });
  expect(text).toContain("- name: made as service");
  expect(text).not.toMatch(/example\.com\/|_id:|agent_secret/);
});

test("a document makes what is missing, changes what is otherwise, and a second time does nothing", async () => {
  const text = `
channels:
  - name: hook
    url: https://hook.example.com/secret
    request_method: 1
    request_type: 1
  - name: phone
    kind: ntfy
    settings: { topic: ops }
notification_groups:
  - name: everybody
    channels: [phone, hook]
server_groups:
  - name: all of them
    servers: [mail, web, db]
tasks:
  - name: tidy
    task_type: 1
    command: "true"
    servers: [db]
services:
  - name: site
    type: 1
    target: https://www.example.com/
    duration: 60
    cover: 1
    skip_servers: [web, mail]
    notification_group: everybody
    fail_trigger_tasks: [tidy]
alert_rules:
  - name: busy
    enable: true
    notification_group: everybody
    rules:
      - { type: cpu, max: 90, duration: 60, cover: 1, ignore: [db] }
servers:
  - name: web
    note: front
    public_note: hello
settings:
  site_name: Ours
`;
  const steps = await apply(text);
  expect(steps).toEqual([
    "change servers web",
    "create server_groups all of them",
    "create channels hook",
    "create channels phone",
    "create notification_groups everybody",
    "create tasks tidy",
    "create services site",
    "create alert_rules busy",
    "change settings ",
  ]);
  // A secret cannot be read back: it is sent each time.
  expect(await apply(text)).toEqual(["change channels hook"]);
  expect(await apply(text.replace("duration: 60\n    cover", "duration: 90\n    cover"))).toEqual([
    "change channels hook",
    "change services site",
  ]);
  const live = await readLive(api);
  expect(live.rows.get("services")?.find(({ name }) => name === "site")?.item).toMatchObject({
    duration: 90,
    skip_servers: ["web", "mail"],
  });
  expect(live.rows.get("servers")?.map(({ name, item }) => [name, item["note"]])).toEqual([
    ["web", "front"],
    ["db", "of db"],
    ["mail", "of mail"],
  ]);
});

test("windows, reports and what rows are reached through come and go by name, whatever names what", async () => {
  const text = `
settings:
  step_up: off
services:
  - { name: uplink, type: 2, target: 192.0.2.9, duration: 60, reached_through: { server: mail } }
  - { name: behind, type: 2, target: 192.0.2.8, duration: 60, reached_through: { service: uplink } }
servers:
  - { name: web, reached_through: { service: behind } }
  - { name: db, reached_through: { server: web } }
maintenance_windows:
  - name: nightly
    enable: true
    plan: { kind: weekly, days: [0, 3], at: "03:00", minutes: 30, zone: Europe/Berlin }
    silence: false
    servers: [web]
    services: [uplink]
reports:
  - { name: weekly, enable: true, every: weekly, weekday: 0, at: "08:00", parts: [availability, traffic], server_groups: [made as server-group], notification_group: everybody }
`;
  await apply(text);
  expect(await apply(text)).toEqual([]);
  expect(linesOf((await planOf(text.replace("service: behind", "server: db"))).plan)).toContain('~ servers "web"');
  const whole = await exported();
  for (const line of ["service: behind", 'step_up: "off"', "silence: false", "weekday: 0"]) expect(whole).toContain(line);
  expect((await planOf(whole)).plan).toEqual({ steps: [], problems: [], others: [] });
  // Turned round: on the way nothing may be behind itself.
  const turned = `
services:
  - { name: uplink, reached_through: { service: behind } }
  - { name: behind, reached_through: {} }
servers:
  - { name: web, reached_through: { server: db } }
  - { name: db, reached_through: { service: uplink } }
`;
  expect(await apply(turned)).toEqual(["change servers web", "change servers db", "change services uplink", "change services behind"]);
  expect(await apply(turned)).toEqual([]);
  await apply("maintenance_windows: []\nreports: []\n", true);
  expect(await apply(whole)).toContain("create maintenance_windows nightly");
  expect(await exported()).toBe(whole);
});

test("with prune what the document does not name goes, but never servers or users", async () => {
  const before = await exported();
  const text = before.replace(/ {2}- name: all of them\n(?: {4}.*\n)+/, "");
  expect(text).not.toBe(before);
  expect((await planOf(text)).plan).toMatchObject({ steps: [], others: [{ section: "server_groups", name: "all of them" }] });
  expect(await apply(text, true)).toEqual(["delete server_groups all of them"]);
  expect(await apply("servers: []\nusers: []\n", true)).toEqual([]);
});

test.each([
  ["services:\n  - name: a\n    targte: x\n", '! services "a": there is no field targte'],
  ["services:\n  - name: a\n    type: 1\n    skip_servers: [nobody]\n", '! services "a": there is none of servers called "nobody"'],
  [
    "alert_rules:\n  - name: a\n    rules: [{ type: cpu, ignore: [nobody] }]\n",
    '! alert_rules "a": there is none of servers called "nobody"',
  ],
  ["servers:\n  - name: new\n", '! servers "new" is not there: a server comes when its agent reports, and goes in the console'],
  ["servers:\n  - { name: web, reached_through: { rule: x } }\n", '! servers "web": reached_through: must name one of server, service'],
  ["servers:\n  - { name: web, reached_through: { server: nobody } }\n", '! servers "web": there is none of servers called "nobody"'],
  ["settings:\n  sitename: x\n", "! settings: there is no field sitename"],
])("%j is refused as a whole", async (text, line) => {
  expect(linesOf((await planOf(text)).plan)).toContain(line);
});

test("a secret that a channel is given for the first time is in no line", async () => {
  await apply("channels:\n  - name: chat\n    kind: ntfy\n    settings: { topic: ops }\n");
  const { plan } = await planOf("channels:\n  - name: chat\n    settings: { topic: others, token: tk_first }\n");
  expect(linesOf(plan)).toMatch(/→ .*"topic":"others".*"token":"…"/);
  expect(linesOf(plan)).not.toContain("tk_first");
});

test.each([
  ["servcies: []", "servcies is no section"],
  ["services: {}", "services must be a list"],
  ["services:\n  - target: x", "services, item 1: it has no name"],
  ["tasks:\n  - name: a\n  - name: a", 'tasks: "a" comes twice'],
  ["a: [", "the document cannot be read"],
])("%j cannot be read", (text, message) => {
  expect(() => parseDeclared(text)).toThrow(message);
});

test("names that several rows have are errors that name them", async () => {
  const form = { name: "twin", type: 2, target: "192.0.2.1" };
  const ids = [Number(await api.post("/service", form)), Number(await api.post("/service", form))];
  expect(ambiguousNames(await readLive(api))).toEqual([`services: 2 are called "twin" (ids ${ids.join(", ")})`]);
  const { plan } = await planOf("services:\n  - name: twin\n    type: 2\n");
  expect(plan.problems).toEqual([`services "twin": 2 are called that (ids ${ids.join(", ")})`]);
  await api.post("/batch-delete/service", ids);
});

test("whatever the names and texts, a document read back is the same", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
  const value = fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 3 }));
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(text, value), { selector: ([name]) => name }), fc.dictionary(text, value), (rows, settings) => {
      const declared = {
        settings,
        sections: new Map([["services" as const, new Map(rows.map(([name, note]) => [name, { target: note }]))]]),
      };
      const again = parseDeclared(textOf(declared));
      expect(again.settings).toEqual(settings);
      expect([...(again.sections.get("services") ?? [])]).toEqual([...(declared.sections.get("services") ?? [])]);
    }),
  );
});

test.each(["off", "Yes", "n", "null", "~", "0777", "0o17", "1_000", "12:30", "2026-01-01", "1e3", ".inf"])(
  "%s is a text to readers of any YAML",
  (name) => {
    const sections = new Map([["alert_rules", new Map([[name, { notification_group: name }]])]] as const);
    expect(textOf({ sections })).toContain(`- name: "${name}"\n    notification_group: "${name}"`);
  },
);
