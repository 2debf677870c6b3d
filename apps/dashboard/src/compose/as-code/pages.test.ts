import { afterAll, expect, test } from "vitest";
import { linesOf } from "./lines.ts";
import { openCodeBench } from "./testing/bench.ts";

const { api, apply, bench, exported, planOf } = await openCodeBench(["web", "db"]);
afterAll(() => bench.close());

const pages = () => api.get("/status-page") as Promise<readonly Readonly<Record<string, unknown>>[]>;

const DOCUMENT = `
channels:
  - name: post
    kind: email
    settings: { host: mail.example.com, port: 587, from: a@example.com, to: b@example.com }
services:
  - name: site
    type: 1
    target: https://www.example.com/
    duration: 60
    cover: 1
status_pages:
  - name: main
    title: Shop
    published: true
    language: en
    texts: { de: { title: Laden } }
    zone: Asia/Tokyo
    history_days: 30
    subscribe_email: true
    links: [{ title: Home, url: "https://example.com" }]
    groups:
      - name: Till
        names: { de: Kasse }
        parts:
          - service: site
            name: Payment
            names: { de: Zahlung }
          - server: db
      - name: Empty
    delivery:
      domain: status.example.com
      channel: post
      export: { kind: s3, endpoint: "https://s3.example.com", bucket: copies, access_key: key }
page_templates:
  - name: Gone
    title: It is away
    titles: { de: Es ist weg }
    status: investigating
`;

test("pages are made with what is named on them, and an export of them differs in nothing", async () => {
  const withoutCopies = DOCUMENT.replace(/ {6}export:.*\n/, "");
  expect(await apply(withoutCopies)).toEqual([
    "create channels post",
    "create services site",
    "create status_pages main",
    "create page_templates Gone",
  ]);
  expect(await apply(withoutCopies)).toEqual([]);
  const [page] = await pages();
  expect(page).toMatchObject({
    slug: "main",
    domain: "status.example.com",
    groups: [
      {
        name: "Till",
        names: { de: "Kasse" },
        parts: [
          { kind: "service", name: "Payment", names: { de: "Zahlung" } },
          { kind: "server", id: 2, name: "" },
        ],
      },
      { name: "Empty", parts: [] },
    ],
  });

  // Its copies are given their secret in the console.
  const target = { kind: "s3", endpoint: "https://s3.example.com", bucket: "copies", access_key: "key", secret_key: "s3cret" };
  const { channel_id, domain } = (await api.get(`/status-page/${String(page?.["id"])}/delivery`)) as Record<string, unknown>;
  await api.patch(`/status-page/${String(page?.["id"])}/delivery`, { channel_id, domain, export: target });
  expect(await apply(DOCUMENT)).toEqual([]);
  const text = await exported();
  expect((await planOf(text)).plan).toEqual({ steps: [], problems: [], others: [] });
  expect(text).not.toMatch(/s3cret|_id:|\bid:|bounce|password/);

  // All of it goes, and comes back as it was, but for the secret.
  expect(await apply("status_pages: []\npage_templates: []\n", true)).toEqual(["delete page_templates Gone", "delete status_pages main"]);
  expect(await apply(text.replace(/ {6}export:\n(?: {8}.*\n)+/, ""))).toEqual(["create status_pages main", "create page_templates Gone"]);
  expect((await exported()).replaceAll(/ {6}export:\n(?: {8}.*\n)+/g, "")).toBe(text.replace(/ {6}export:\n(?: {8}.*\n)+/, ""));
});

test("order counts, what is left out stays, and a page that is changed keeps its delivery", async () => {
  expect(await apply("status_pages:\n  - name: main\n    title: Store\n")).toEqual(["change status_pages main"]);
  expect(await pages()).toMatchObject([{ title: "Store", domain: "status.example.com", groups: [{ name: "Till" }, { name: "Empty" }] }]);
  const turned = "status_pages:\n  - name: main\n    groups: [{ name: Empty }, { name: Till, parts: [{ server: web }] }]\n";
  expect(await apply(turned)).toEqual(["change status_pages main"]);
  expect(await apply(turned)).toEqual([]);
  expect(await apply("status_pages:\n  - name: main\n    delivery: { domain: '' }\n")).toEqual(["change status_pages main"]);
  const [page] = await pages();
  expect(page).toMatchObject({ domain: "", groups: [{ name: "Empty" }, { name: "Till", parts: [{ kind: "server", id: 1 }] }] });
  expect(await api.get(`/status-page/${String(page?.["id"])}/delivery`)).toMatchObject({ channel_id: expect.any(Number) as number });
  expect(await exported()).toContain("channel: post");
});

test("what a page announces is in no document, and stays where the document is all there is", async () => {
  expect(
    await apply("status_pages:\n  - name: planned\n    title: Planned\n    groups: [{ name: All, parts: [{ server: web }] }]\n"),
  ).toHaveLength(1);
  const page = (await pages()).find(({ slug }) => slug === "planned");
  const plan = { kind: "once", from: "2040-01-01T00:00:00Z", to: "2040-01-01T02:00:00Z" };
  const work = { page_id: page?.["id"], title: "New disks", plan, affected: [{ kind: "server", id: 1 }], silence: true };
  await api.post("/page-maintenance", work);
  const windows = () => api.get("/maintenance-window") as Promise<readonly Readonly<Record<string, unknown>>[]>;
  expect(await windows()).toMatchObject([{ name: "New disks" }]);
  expect(await exported()).not.toContain("New disks");
  expect(await apply("maintenance_windows: []\n", true)).toEqual([]);
  expect(await windows()).toHaveLength(1);
});

test.each([
  ["groups: [{ name: a, parts: [{ service: nobody }] }]", '! status_pages "main": there is none of services called "nobody"'],
  ["groups: [{ name: a, parts: [{ name: x }] }]", '! status_pages "main": groups.0.parts.0: must name one of service, server'],
  ["groups: [{ name: a, prats: [] }]", '! status_pages "main": groups.0: there is no field prats'],
  ["groups: {}", '! status_pages "main": groups must be a list'],
  ["delivery: { channel: nobody }", '! status_pages "main": there is none of channels called "nobody"'],
  ["delivery: { export: { secret: x } }", '! status_pages "main": delivery.export: there is no field secret'],
  ["pasword: x", '! status_pages "main": there is no field pasword'],
])("%j is refused as a whole", async (line, problem) => {
  expect(linesOf((await planOf(`status_pages:\n  - name: main\n    ${line}\n`)).plan)).toContain(problem);
});

test("the secret of copies goes in with them, is sent each time, and never comes out", async () => {
  const text = `status_pages:
  - name: copied
    title: Copied
    delivery: { export: { kind: s3, endpoint: "https://s3.example.com", bucket: copies, access_key: key, secret_key: s3cret } }
`;
  expect(await apply(text)).toEqual(["create status_pages copied"]);
  expect(await apply(text)).toEqual(["change status_pages copied"]);
  const changed = linesOf((await planOf(text.replace("copies", "others"))).plan);
  expect(changed).toContain("others");
  expect(changed + (await exported())).not.toContain("s3cret");
  expect(await apply(text.replace(", secret_key: s3cret", ""))).toEqual([]);
});

test("a password goes in, is sent each time, and never comes out", async () => {
  const text = "status_pages:\n  - name: closed\n    title: Closed\n    visibility: password\n    password: open-sesame\n";
  expect(await apply(text)).toEqual(["create status_pages closed"]);
  expect(await apply(text)).toEqual(["change status_pages closed"]);
  expect(linesOf((await planOf(text)).plan)).not.toContain("open-sesame");
  expect(await exported()).not.toContain("open-sesame");
});
