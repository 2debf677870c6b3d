import { once } from "node:events";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { systemClock } from "@windfire/kit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDashboardBench } from "./compose/testing/index.ts";
import type { DashboardBench } from "./compose/testing/index.ts";
import type { Database } from "#platform/database";

let bench: DashboardBench;
let admin: Record<string, string>;
let page: number;

async function makeServer(database: Database): Promise<void> {
  const time = "2025-01-01 00:00:00+00:00";
  await database.kysely
    .insertInto("servers")
    .values({ id: 1, created_at: time, updated_at: time, user_id: 1, name: "s", uuid: "00000000-0000-4000-8000-000000000001" })
    .execute();
}

beforeAll(async () => {
  bench = await openDashboardBench({ clock: systemClock, config: "dashboard_host: dashboard.example.org\n", prepare: makeServer });
  admin = await bench.signIn("admin", "admin-password");
  const server = await bench.call("POST", "/api/v1/service", admin, {
    name: "site",
    type: 2,
    target: "192.0.2.1",
    cover: 1,
    skip_servers: {},
  });
  const parts = [{ kind: "service", id: server.data }];
  const made = await bench.call("POST", "/api/v1/status-page", admin, form({ groups: [{ name: "All", parts }] }));
  page = made.data as number;
  const host = await bench.call("PATCH", `/api/v1/status-page/${page}/delivery`, admin, { domain: "status.example.org", export: {} });
  if (made.error + host.error !== "") throw new Error(made.error + host.error);
}, 30_000);
afterAll(() => bench.close());

const form = (changes: object) => ({ slug: "main", published: true, title: "Fleet", ...changes });

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A request with a `Host` of its choice. */
async function get(path: string, { host = "dashboard.example.org", method = "GET", headers = {}, body = "" } = {}): Promise<Got> {
  const sent = request(bench.base + path, { method, headers: { host, ...headers } });
  sent.end(body);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8") as AsyncIterable<string>) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

const OWN = { host: "status.example.org" };

test("at a page's own host the page, its feeds and its forms answer, and nothing else does", async () => {
  for (const path of ["/", "/feed.rss", "/feed.atom", "/maintenance.ics", "/api/v2/summary.json", "/badge.svg", "/embed.js", "/history"])
    expect([path, (await get(path, OWN)).status]).toEqual([path, 200]);
  for (const path of [
    "/dashboard/",
    "/api/v1/setting",
    "/api/v1/login",
    "/api/openapi.json",
    "/mcp",
    "/metrics",
    "/install/agent.sh",
    "/status/main",
  ])
    expect([path, (await get(path, OWN)).status]).toEqual([path, 404]);
  expect(
    (
      await get("/api/v1/ws/server", {
        ...OWN,
        headers: { connection: "upgrade", upgrade: "websocket", "sec-websocket-key": "x", "sec-websocket-version": "13" },
      })
    ).status,
  ).toBe(404);
  expect((await get("/", { host: "STATUS.example.org.:8080" })).text).toContain("<title>");
  expect((await get("/status/main")).status).toBe(200);
  expect((await get("/status")).headers["location"]).toBe("/status/main");
});

test("no tunnel takes a page's host, no page a tunnel's or the dashboard's, and the dashboard none of a page", async () => {
  const nat = (domain: string) =>
    bench.call("POST", "/api/v1/nat", admin, { name: "n", server_id: 1, host: "127.0.0.1:1", domain, enabled: true });
  expect((await nat("status.example.org")).error).toBe("permission denied");
  expect((await nat("tunnel.example.org")).error).toBe("");
  const deliver = (domain: string) => bench.call("PATCH", `/api/v1/status-page/${page}/delivery`, admin, { domain, export: {} });
  expect((await deliver("dashboard.example.org")).error).toBe("domain: is a host name of the dashboard");
  expect((await deliver("tunnel.example.org")).error).toBe("domain: has a tunnel");
  const { data } = await bench.call("GET", "/api/v1/setting", admin);
  const { config } = data as { config: Record<string, unknown> };
  const settings = { ...config, user_template: "user-dist" };
  expect((await bench.call("PATCH", "/api/v1/setting", admin, { ...settings, dashboard_host: "status.example.org" })).error).toBe(
    "dashboard_host: is the domain of a status page",
  );
});

test("a page is sent once: a reader who has it gets nothing, and nothing in it runs", async () => {
  const first = await get("/status/main");
  expect(first.headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src 'self' data:/);
  expect(first.text).not.toMatch(/<script|javascript:|\son\w+=/i);
  const etag = String(first.headers["etag"]);
  expect((await get("/status/main", { headers: { "if-none-match": etag } })).status).toBe(304);
  expect((await get("/status/main", { headers: { "if-none-match": etag, "accept-language": "de" } })).status).toBe(200);
  const packed = await get("/status/main", { headers: { "accept-encoding": "br" } });
  expect(packed.headers["content-encoding"]).toBe("br");
});

test("a page with a password opens with it alone, and its feeds do not open otherwise", async () => {
  const { data } = await bench.call(
    "POST",
    "/api/v1/status-page",
    admin,
    form({ slug: "inner", title: "Inner", visibility: "password", password: "open sesame" }),
  );
  expect(typeof data).toBe("number");
  expect((await get("/status/inner")).status).toBe(401);
  expect((await get("/status/inner/api/v2/summary.json")).status).toBe(401);
  const unlock = (password: string) => get("/status/inner/unlock", { method: "POST", body: new URLSearchParams({ password }).toString() });
  expect((await unlock("wrong")).status).toBe(401);
  const right = await unlock("open sesame");
  expect(right.status).toBe(303);
  const cookie = String(right.headers["set-cookie"]).split(";")[0] ?? "";
  expect((await get("/status/inner", { headers: { cookie } })).status).toBe(200);
  expect((await get("/status/inner", { headers: { cookie: `${cookie}x` } })).status).toBe(401);
});

test("what is not published, and what asks for a sign-in, is not read by strangers", async () => {
  await bench.call("POST", "/api/v1/status-page", admin, form({ slug: "draft", published: false }));
  await bench.call("POST", "/api/v1/status-page", admin, form({ slug: "people", visibility: "session" }));
  await bench.call("POST", "/api/v1/status-page", admin, form({ slug: "linked", visibility: "link" }));
  expect([(await get("/status/draft")).status, (await get("/status/people")).status, (await get("/status/linked")).status]).toEqual([
    404, 401, 403,
  ]);
  expect([(await get("/status/draft", { headers: admin })).status, (await get("/status/people", { headers: admin })).status]).toEqual([
    200, 200,
  ]);
});

test("to strangers a page that is not published is one that is not there", async () => {
  await bench.call("POST", "/api/v1/status-page", admin, form({ slug: "hidden", title: "Takeover", published: false, visibility: "link" }));
  const answers = async (slug: string) =>
    Promise.all(
      [
        get(`/status/${slug}`),
        get(`/status/${slug}/feed.rss`),
        get(`/status/${slug}/inter.woff2`),
        get(`/status/${slug}/incident/1`),
        get(`/status/${slug}/confirm/1.x`),
        get(`/status/${slug}/unsubscribe/1.x`),
        get(`/status/${slug}/confirm/1.x`, { method: "POST" }),
        get(`/status/${slug}/bounce/x`, { method: "POST" }),
        get(`/status/${slug}/unlock`, { method: "POST", body: "password=x" }),
        get(`/status/${slug}/subscribe`, { method: "POST", body: "email=a@example.com" }),
      ].map(async (answer) => {
        const { status, text, headers } = await answer;
        return [status, text, headers["content-type"], headers["content-security-policy"]];
      }),
    );
  expect(await answers("hidden")).toEqual(await answers("no-such-page"));
});

test("a language that is chosen in the address stays chosen, and what is no language is not kept", async () => {
  const brand = async (query: string) => /class="brand" href="([^"]*)"/.exec((await get(`/status/main${query}`)).text)?.[1];
  expect(await brand("")).toBe("/status/main");
  expect(await brand("?lang=de-AT&theme=dark&x=1")).toBe("/status/main?lang=de&amp;theme=dark");
  expect(await brand("?lang=xx&theme=pink")).toBe("/status/main");
});

test("what everybody may read, scripts of other sites may read; nothing else", async () => {
  const allowed = async (path: string) => (await get(path)).headers["access-control-allow-origin"];
  expect([await allowed("/status/main/api/v2/status.json"), await allowed("/status/main/days.json")]).toEqual(["*", "*"]);
  // Drawn for who comes first, and handed out as it is to the next.
  expect([await allowed("/status/main"), await allowed("/status/main")]).toEqual(["*", "*"]);
  await bench.call("POST", "/api/v1/status-page", admin, form({ slug: "closed", visibility: "session" }));
  const inside = await get("/status/closed/days.json", { headers: admin });
  expect([inside.status, inside.headers["access-control-allow-origin"]]).toEqual([200, undefined]);
});

test.each(["session", "link"])(
  "a page with the visibility %s is not shown at its own host, which says where it is read",
  async (visibility) => {
    const slug = `own-${visibility}`;
    const { data: id } = await bench.call("POST", "/api/v1/status-page", admin, form({ slug, visibility }));
    const host = `${visibility}.example.org`;
    await bench.call("PATCH", `/api/v1/status-page/${String(id)}/delivery`, admin, { domain: host, export: {} });
    const answer = await get("/", { host });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("This page is not read at this address");
    expect(answer.text).toContain(`href="https://dashboard.example.org/status/${slug}"`);
    const there = await get(`/status/${slug}`);
    expect(there.text).not.toContain("is not read at this address");
    expect(there.text.includes(`href="/dashboard/login?next=%2Fstatus%2F${slug}"`)).toBe(visibility === "session");
  },
);

test("a page for share links is read by whoever opened a link of it, on all its addresses, until the link is revoked", async () => {
  const { data: id } = await bench.call("POST", "/api/v1/status-page", admin, form({ slug: "shared", visibility: "link" }));
  const { data: other } = await bench.call("POST", "/api/v1/status-page", admin, form({ slug: "unshared", visibility: "link" }));
  expect(typeof other).toBe("number");
  const rows = [{ kind: "status-page", id }];
  const made = await bench.call("POST", "/api/v1/share-link", admin, { name: "", rows, expires_in_days: 1, password: "" });
  const link = made.data as { id: number; secret: string };
  const opened = await get("/api/v1/share-link/open", { method: "POST", body: JSON.stringify({ secret: link.secret }) });
  expect(JSON.parse(opened.text)).toMatchObject({ data: { start: "/status/shared" } });
  const headers = { cookie: String(opened.headers["set-cookie"]).split(";")[0] ?? "" };
  const status = async (path: string): Promise<number> => (await get(path, { headers })).status;
  expect([await status("/status/shared"), await status("/status/shared/api/v2/summary.json"), await status("/status/unshared")]).toEqual([
    200, 200, 403,
  ]);
  expect((await get("/status/shared", { headers: { cookie: `${headers.cookie}x` } })).status).toBe(403);
  await bench.call("POST", "/api/v1/batch-delete/share-link", admin, [link.id]);
  expect(await status("/status/shared")).toBe(403);
});

test("an address for bounces that is made anew answers, and the earlier one no more", async () => {
  const delivery = `/api/v1/status-page/${page}/delivery`;
  const path = async (): Promise<string> => ((await bench.call("GET", delivery, admin)).data as { bounce_path: string }).bounce_path;
  const report = async (at: string): Promise<number> => (await get(at, { method: "POST", body: '{"email":"gone@example.com"}' })).status;
  const first = await path();
  expect(await report(first)).toBe(200);
  expect((await bench.call("POST", `/api/v1/status-page/${page}/bounce-address`, admin)).error).toBe("");
  const second = await path();
  expect(second).not.toBe(first);
  expect([await report(first), await report(second)]).toEqual([404, 200]);
  await bench.call("POST", `/api/v1/status-page/${page}/bounce-address`, admin);
  expect([await report(first), await report(second), await report(await path())]).toEqual([404, 404, 200]);
});
