import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { formatFileResponse, formatMcpFrame, parseFileRequest, parseStreamOrder, TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import { startNatsServer, startPostgres } from "@windfire/testkit";
import type { NatsServer, PostgresServer } from "@windfire/testkit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { codeAt, createSoftKey } from "#access/testing";
import { openReplicas } from "./compose/testing/replica-set.ts";
import type { TestReplica, TestReplicas } from "./compose/testing/replica-set.ts";
import { createRoamingBrowser } from "./compose/testing/roaming-browser.ts";
import type { RoamingBrowser } from "./compose/testing/roaming-browser.ts";

/** Whoever comes to another dashboard with each connection finds what they left at the one before. */
const within = { timeout: 20_000, interval: 50 };
const ADMIN = { username: "admin", password: "admin-password" };
const ORIGIN = "https://dash.example.com";
let nats: NatsServer;
let postgres: PostgresServer;
let set: TestReplicas;
let provider: Server;
let a: TestReplica;
let c: TestReplica;

beforeAll(async () => {
  nats = await startNatsServer();
  postgres = await startPostgres();
  provider = createServer(({ url }, response) => {
    const said = url === "/token" ? { access_token: "access", token_type: "bearer" } : { id: 4242 };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(said));
  }).listen(0, "127.0.0.1");
  await once(provider, "listening");
  const { endpoint, user } = addresses();
  set = await openReplicas({
    bus: `nats://127.0.0.1:${nats.port}`,
    database: await postgres.createDatabase("roaming"),
    count: 3,
    servers: 3,
    headers: { "x-real-ip": "192.0.2.1" },
    config: `web_real_ip_header: X-Real-IP
dashboard_host: dash.example.com
enable_mcp: true
oauth2:
  Stub:
    client_id: us
    client_secret: hush
    endpoint: { auth_url: "${endpoint.auth_url}", token_url: "${endpoint.token_url}" }
    user_info_url: ${user}
    user_id_path: id
`,
  });
  const [first, second, third] = set.replicas;
  if (!first || !second || !third) throw new Error("there are not three");
  [a, c] = [first, third];
}, 120_000);
afterAll(async () => {
  await set.close();
  await nats.stop();
  await postgres.remove();
  provider.closeAllConnections();
  provider.close();
});

function addresses() {
  const at = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  return { endpoint: { auth_url: `${at}/authorize`, token_url: `${at}/token` }, user: `${at}/user` };
}
const orderOf = ({ data }: Task): string => (JSON.parse(data) as { stream_id: string }).stream_id;
/** Signs in by another name of the dashboard. */
const atHost = (replica: TestReplica, host: string, who: { readonly username: string; readonly password: string }): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { host, "x-real-ip": "192.0.2.77", "content-type": "application/json" };
    const { username, password } = who;
    request(`${replica.base}/api/v1/login`, { method: "POST", headers }, (answer) => void answer.resume().once("end", resolve))
      .once("error", reject)
      .end(JSON.stringify({ username, password }));
  });

let clients = 0;
const newAddress = (): string => `198.18.${++clients >> 8}.${clients & 255}`;
/** With an address of its own: nobody is blocked for another. */
const browser = (): RoamingBrowser => createRoamingBrowser(set.replicas, newAddress());
const signedIn = async (who: { readonly username: string; readonly password: string } = ADMIN): Promise<RoamingBrowser> => {
  const one = browser();
  await one.call("POST", "/login", who);
  return one;
};
/** At one dashboard only, with an address of its own. */
const browserAt = (place: number): RoamingBrowser => createRoamingBrowser([set.replicas[place % 3] ?? a], newAddress());
let names = 0;
/** A user nobody else has. */
const person = async (role = 1): Promise<{ readonly id: number; readonly username: string; readonly password: string }> => {
  const form = { username: `person-${++names}`, password: "right-password", role };
  return { ...form, id: await (await signedIn()).call<number>("POST", "/user", form) };
};
const opened = async (one: RoamingBrowser, path: string): Promise<WebSocket> => {
  const socket = new WebSocket(`${one.next().base.replace("http", "ws")}/api/v1${path}`, { headers: one.headers() });
  await once(socket, "open");
  return socket;
};
/**
 * Many attempts, each at another dashboard than the one before: how many pass beyond what one dashboard alone would let through.
 * Some may, within the time of a message; where each counts for itself it is twice the burst.
 */
const beyond = async (
  { burst, refillMs }: { readonly burst: number; readonly refillMs: number },
  attempt: () => Promise<{ readonly status: number }>,
): Promise<number> => {
  const began = performance.now();
  let passed = 0;
  for (let turn = 0; turn < burst * 3; turn++) if ((await attempt()).status !== 429) passed++;
  return Math.max(0, passed - burst - Math.ceil((performance.now() - began) / refillMs));
};

describe("sessions", () => {
  test("begin at one, count at all with cookies and their CSRF pair, and end everywhere", async () => {
    const one = await signedIn(await person());
    for (let turn = 0; turn < 3; turn++) expect(await one.call("GET", "/profile")).toHaveProperty("id");
    expect(await one.call("POST", "/refresh-token")).toHaveProperty("token");
    const kept = new Map(one.cookies);
    await one.call("POST", "/logout");
    for (const [name, value] of kept) one.cookies.set(name, value);
    for (let turn = 0; turn < 3; turn++) expect((await one.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
  });

  test("all of a user's end with a new password, with what is open anywhere", async () => {
    const who = await person();
    const [one, other] = [await signedIn(who), await signedIn(who)];
    const sockets = await Promise.all([opened(one, "/ws/server"), opened(other, "/ws/server")]);
    const closed = Promise.all(sockets.map((socket) => once(socket, "close")));
    await one.call("POST", "/profile", { original_password: who.password, new_username: who.username, new_password: "another-password" });
    for (const each of [one, other])
      for (let turn = 0; turn < 3; turn++) expect((await each.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
    await closed;
    expect((await browser().send("POST", "/login", who)).error).toBe("ApiErrorUnauthorized");
    await (await signedIn({ ...who, password: "another-password" })).call("GET", "/profile");
  });

  test("are ended one by one and all together at any dashboard", async () => {
    const who = await person();
    const [one, other, third] = [await signedIn(who), await signedIn(who), await signedIn(who)];
    const listed = await one.call<{ id: string; current: boolean }[]>("GET", "/session");
    expect(listed).toHaveLength(3);
    await one.call("POST", "/session/end-others");
    for (const each of [other, third])
      for (let turn = 0; turn < 3; turn++) expect((await each.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
    await one.call("GET", "/profile");
    await (await signedIn()).call("POST", `/user/${who.id}/end-sessions`);
    for (let turn = 0; turn < 3; turn++) expect((await one.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
  });
});

describe("people", () => {
  test("are there, named, disabled, enabled and gone at all dashboards a moment later", async () => {
    const [admin, who] = [await signedIn(), await person()];
    const one = await signedIn(who);
    const socket = await opened(one, "/ws/server");
    const closed = once(socket, "close");
    await admin.call("PATCH", `/user/${who.id}`, { disabled: true });
    await closed;
    for (let turn = 0; turn < 3; turn++) expect((await one.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
    for (let turn = 0; turn < 3; turn++) expect((await browser().send("POST", "/login", who)).error).toMatch("this user is disabled");
    await admin.call("PATCH", `/user/${who.id}`, { disabled: false, username: `${who.username}-again` });
    const again = await signedIn({ ...who, username: `${who.username}-again` });
    for (let turn = 0; turn < 3; turn++)
      expect(await again.call("GET", "/profile")).toMatchObject({ id: who.id, username: `${who.username}-again` });
    await admin.call("POST", "/batch-delete/user", [who.id]);
    for (let turn = 0; turn < 3; turn++) expect((await again.send("GET", "/profile")).error).toBe("ApiErrorUnauthorized");
  });
});

describe("access tokens", () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}`, cookie: "", "x-csrf-token": "" });
  test("are good, noted as used, and revoked everywhere, with what is open", async () => {
    const one = await signedIn(await person());
    const { id, token } = await one.call<{ id: number; token: string }>("POST", "/api-tokens", {
      name: "ci",
      scopes: ["nezha:inventory:read"],
    });
    const script = browser();
    expect(await script.call("GET", "/server", undefined, bearer(token))).toEqual([]);
    for (let turn = 0; turn < 3; turn++) {
      const reader = browserAt(turn);
      const listed = (): Promise<unknown> => reader.call("GET", "/api-tokens", undefined, one.headers());
      await vi.waitFor(async () => expect(await listed()).toMatchObject([{ last_used_at: expect.any(String) as string }]), within);
    }
    for (let turn = 0; turn < 3; turn++) expect(await script.call("GET", "/server", undefined, bearer(token))).toEqual([]);
    const socket = new WebSocket(`${c.base.replace("http", "ws")}/api/v1/ws/server`, {
      headers: { ...script.headers(), ...bearer(token) },
    });
    await once(socket, "open");
    const closed = once(socket, "close");
    await one.call("DELETE", `/api-tokens/${id}`);
    await closed;
    for (let turn = 0; turn < 3; turn++) expect((await browserAt(turn).send("GET", "/server", undefined, bearer(token))).status).toBe(401);
  });
});

describe("second factors", () => {
  test("a generator is set up at two dashboards and used at a third; a code is good once, wherever it is shown", async () => {
    const who = await person();
    const one = await signedIn(who);
    const { secret } = await one.call<{ secret: string }>("POST", "/second-factor");
    const { recovery_codes: spare } = await one.call<{ recovery_codes: string[] }>("POST", "/second-factor/confirm", {
      code: codeAt(secret, Date.now()),
    });
    const sign = (code: string) => browser().send("POST", "/login", { ...who, code });
    expect((await browser().send("POST", "/login", who)).error).toBe("second factor required");
    const code = codeAt(secret, Date.now() + 30_000);
    expect([(await sign(code)).error, (await sign(code)).error]).toEqual(["", "ApiErrorUnauthorized"]);
    const [first = ""] = spare;
    expect([(await sign(first)).error, (await sign(first)).error]).toEqual(["", "ApiErrorUnauthorized"]);
  });

  test("guesses at codes have one pace", async () => {
    const who = await person();
    const one = await signedIn(who);
    const { secret } = await one.call<{ secret: string }>("POST", "/second-factor");
    await one.call("POST", "/second-factor/confirm", { code: codeAt(secret, Date.now()) });
    let guess = 0;
    const attempt = () => browserAt(guess).send("POST", "/login", { ...who, code: String(100_000 + guess++) });
    expect(await beyond({ burst: 10, refillMs: 60_000 }, attempt)).toBeLessThan(5);
  });

  test("a passkey is made and used by challenges of other dashboards, each once", async () => {
    const who = await person();
    const [one, key] = [await signedIn(who), createSoftKey()];
    await one.call("POST", "/passkey", { name: "laptop", response: key.create(await one.call("POST", "/passkey/options"), ORIGIN) });
    const stranger = browser();
    const answer = key.get(await stranger.call("POST", "/login/passkey/options"), ORIGIN);
    await stranger.call("POST", "/login/passkey", answer);
    expect(await stranger.call("GET", "/profile")).toMatchObject({ username: who.username });
    expect((await browser().send("POST", "/login/passkey", answer)).error).toBe("ApiErrorUnauthorized");
    const proof = key.get(await stranger.call("POST", "/step-up/options"), ORIGIN);
    await stranger.call("POST", "/step-up", { passkey: proof });
    for (let turn = 0; turn < 3; turn++) expect(await stranger.call("POST", "/passkey/options")).toHaveProperty("challenge");
  });
});

test("a provider's answer comes to another dashboard than the one that sent the browser away, and is good once", async () => {
  const who = await person();
  const one = await signedIn(who);
  const state = async (from: RoamingBrowser, type: number): Promise<string> => {
    const { redirect } = await from.call<{ redirect: string }>("GET", `/oauth2/Stub?type=${type}`);
    return new URL(redirect).searchParams.get("state") ?? "";
  };
  expect((await one.send("GET", `/oauth2/callback?state=${await state(one, 2)}&code=c`)).status).toBe(302);
  const stranger = browser();
  const begun = await state(stranger, 1);
  const kept = new Map(stranger.cookies);
  expect((await stranger.send("GET", `/oauth2/callback?state=${begun}&code=c`)).status).toBe(302);
  expect(await stranger.call("GET", "/profile")).toMatchObject({ username: who.username, oauth2_bind: { stub: "4242" } });
  for (const [name, value] of kept) stranger.cookies.set(name, value);
  expect((await stranger.send("GET", `/oauth2/callback?state=${begun}&code=c`)).error).toBe("invalid state key");
});

describe("guesses", () => {
  test("at a password block their address at all dashboards, and what an administrator blocks or frees is so at all", async () => {
    const [guesser, admin] = [browser(), await signedIn()];
    await guesser.send("POST", "/login", { username: "nobody", password: "wrong-password" });
    for (let turn = 0; turn < 3; turn++) expect((await guesser.send("GET", "/setting")).status).toBe(403);
    const [{ value }] = [await admin.call<{ value: { ip: string }[] }>("GET", "/waf")];
    const ip = guesser.headers()["x-real-ip"] ?? "";
    expect(value.map((row) => row.ip)).toContain(ip);
    await admin.call("POST", "/batch-delete/waf", [ip]);
    for (let turn = 0; turn < 3; turn++) expect((await guesser.send("GET", "/setting")).status).toBe(200);
    const socket = await opened(guesser, "/ws/server");
    const closed = once(socket, "close");
    await admin.call("POST", "/online-user/batch-block", [ip]);
    await closed;
    for (let turn = 0; turn < 3; turn++) expect((await guesser.send("GET", "/setting")).status).toBe(403);
    await admin.call("POST", "/batch-delete/waf", [ip]);
  });

  test("at the own password, at codes for hosts, at share links and at pages have one pace each", async () => {
    const who = await person();
    const one = await signedIn(who);
    const wrong = { original_password: "wrong-password", new_username: who.username, new_password: "another-password" };
    expect(await beyond({ burst: 20, refillMs: 6_000 }, () => one.send("POST", "/profile", wrong))).toBeLessThan(10);
    const host = browser();
    expect(
      await beyond({ burst: 20, refillMs: 6_000 }, () =>
        host.send("POST", "/enrol", { code: "wrong", uuid: "11111111-2222-4333-8444-555555555555" }),
      ),
    ).toBe(0);
    const admin = await signedIn();
    const rows = [{ kind: "server", id: 1 }];
    const { secret } = await admin.call<{ secret: string }>("POST", "/share-link", {
      name: "s",
      rows,
      expires_in_days: 1,
      password: "right-password",
    });
    const visitor = browser();
    expect(
      await beyond({ burst: 10, refillMs: 30_000 }, () => visitor.send("POST", "/share-link/open", { secret, password: "wrong-password" })),
    ).toBe(0);
    const page = { slug: "closed", title: "Closed", groups: [], visibility: "password", password: "right-password", published: true };
    await admin.call("POST", "/status-page", page);
    const reader = browser();
    const guess = () => reader.send("POST", "/status/closed/unlock", new URLSearchParams({ password: "wrong-password" }));
    expect(await beyond({ burst: 20, refillMs: 6_000 }, guess)).toBeLessThan(10);
  });
});

test("a code for a host that one made is exchanged at another, once; its credential signs in at all", async () => {
  const admin = await signedIn();
  const { code } = await admin.call<{ code: string }>("POST", "/enrolment-code", { name: "new" });
  const [host, uuid] = [browser(), "11111111-2222-4333-8444-555555555555"];
  expect(await host.call("POST", "/enrol", { code, uuid })).toHaveProperty("client_secret");
  expect((await host.send("POST", "/enrol", { code, uuid })).error).toMatch("not known, used up");
});

test("a share link that one made opens at another, shows at a third, and ends at all with what is open", async () => {
  const admin = await signedIn();
  const rows = [{ kind: "server", id: 1 }];
  const made = { name: "s", rows, expires_in_days: 1, password: "right-password" };
  const { id, secret } = await admin.call<{ id: number; secret: string }>("POST", "/share-link", made);
  const visitor = browser();
  await visitor.call("POST", "/share-link/open", { secret, password: "right-password" });
  const link = { "x-share-link": String(id) };
  for (let turn = 0; turn < 3; turn++) expect((await visitor.send("GET", "/server/1/service", undefined, link)).error).toBe("");
  const socket = await opened(visitor, `/ws/server?share=${id}`);
  const closed = once(socket, "close");
  await admin.call("POST", "/batch-delete/share-link", [id]);
  await closed;
  for (let turn = 0; turn < 3; turn++)
    expect((await visitor.send("POST", "/share-link/open", { secret, password: "right-password" })).error).not.toBe("");
});

test("the password of a page that was given at one opens it at the others", async () => {
  const admin = await signedIn();
  await admin.call("POST", "/status-page", {
    slug: "open",
    title: "Open",
    groups: [],
    visibility: "password",
    password: "right-password",
    published: true,
  });
  const reader = browser();
  expect((await reader.send("GET", "/status/open")).status).toBe(401);
  expect((await reader.send("POST", "/status/open/unlock", new URLSearchParams({ password: "right-password" }))).status).toBe(303);
  for (let turn = 0; turn < 3; turn++) expect((await reader.send("GET", "/status/open")).status).toBe(200);
});

describe("language models", () => {
  const rpc = (token: string, name: string, args: object): readonly [object, Record<string, string>] => [
    { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: args } },
    { authorization: `Bearer ${token}`, cookie: "" },
  ];
  interface ToolReply {
    readonly result: { readonly structuredContent?: { readonly url?: string; readonly error_code?: string }; readonly isError?: boolean };
  }
  const call = async (one: RoamingBrowser, token: string, name: string, args: object): Promise<ToolReply["result"]> => {
    const [body, headers] = rpc(token, name, args);
    return (JSON.parse((await one.send("POST", "/mcp", body, headers)).text) as ToolReply).result;
  };
  const token = async (): Promise<string> =>
    (await (await signedIn()).call<{ token: string }>("POST", "/api-tokens", { name: "model", scopes: ["nezha:*"] })).token;
  const path = (url = ""): string => new URL(url).pathname;

  test("have one budget, at whichever dashboards they ask", async () => {
    const [one, key] = [browser(), await token()];
    const began = performance.now();
    let passed = 0;
    for (let turn = 0; turn < 60; turn++) {
      const { structuredContent } = await call(one, key, "meta.whoami", {});
      if (structuredContent?.error_code !== "rate_limited") passed++;
    }
    // Each dashboard begins its windows by its own clock.
    const seconds = Math.ceil((performance.now() - began) / 1_000) + 1;
    expect(passed).toBeGreaterThanOrEqual(10);
    expect(passed).toBeLessThanOrEqual(10 * seconds);
  });

  test("get links that work at any dashboard, once, in both directions, to a host that is at a third", async () => {
    const agent = c.agent(1);
    await agent.connect();
    await agent.report();
    for (const replica of set.replicas)
      await vi.waitFor(async () => {
        const servers = (await replica.call("GET", "/server")) as { readonly id: number; readonly condition: string }[];
        expect(servers.find(({ id }) => id === 1)?.condition).toBe("up");
      }, within);
    const [one, key] = [createRoamingBrowser([a, set.replicas[1] ?? a], newAddress()), await token()];
    const link = async (direction: "download" | "upload"): Promise<string> =>
      path((await call(one, key, `fs.${direction}_url`, { server_id: 1, path: "/etc/motd" })).structuredContent?.url);
    const bytes = Buffer.alloc(3_000_000, "windfire ");
    const sha256 = createHash("sha256").update(bytes).digest();

    const down = await link("download");
    const fetched = one.send("GET", down);
    const io = agent.openIoStream(orderOf(await agent.nextTask(TASK.mcpFsTransfer)));
    io.write(formatMcpFrame({ kind: "download-header", size: bytes.length, sha256: new Uint8Array(32) }));
    for (let at = 0; at < bytes.length; at += 1_000_000)
      io.write(formatMcpFrame({ kind: "data", payload: bytes.subarray(at, at + 1_000_000) }));
    io.write(formatMcpFrame({ kind: "done", size: bytes.length, sha256 }));
    const { status, text } = await fetched;
    expect([status, text.length, text.slice(0, 9)]).toEqual([200, bytes.length, "windfire "]);
    for (let turn = 0; turn < 2; turn++) expect((await one.send("GET", down)).text).toBe("invalid or already-used transfer token");

    const sent = one.send("POST", await link("upload"), new Uint8Array(bytes));
    const up = agent.openIoStream(orderOf(await agent.nextTask(TASK.mcpFsTransfer)));
    up.write(formatMcpFrame({ kind: "upload-ready", size: bytes.length }));
    const received: Uint8Array[] = [];
    while (received.reduce((sum, { length }) => sum + length, 0) < bytes.length) received.push(await up.next());
    expect(Buffer.concat(received).equals(bytes)).toBe(true);
    up.write(formatMcpFrame({ kind: "done", size: bytes.length, sha256 }));
    expect(JSON.parse((await sent).text)).toEqual({ size: bytes.length, sha256: sha256.toString("hex") });
  });

  test("lose what they were given when an administrator switches them off, at any dashboard", async () => {
    const [one, key, admin] = [browser(), await token(), await signedIn()];
    const url = path((await call(one, key, "fs.download_url", { server_id: 2, path: "/x" })).structuredContent?.url);
    const form = await admin.call<object>("GET", "/setting/form");
    await admin.call("PATCH", "/setting", { ...form, enable_mcp: false });
    for (let turn = 0; turn < 3; turn++) {
      const [body, headers] = rpc(key, "meta.whoami", {});
      expect((await one.send("POST", "/mcp", body, headers)).text).toContain("disabled by the dashboard administrator");
    }
    await admin.call("PATCH", "/setting", { ...form, enable_mcp: true });
    expect((await one.send("GET", url)).text).toBe("invalid or already-used transfer token");
  });
});

describe("settings", () => {
  const fileOf = ({ configPath }: TestReplica): Promise<string> => readFile(configPath, "utf8");
  const siteNames = (): Promise<unknown[]> =>
    Promise.all(
      set.replicas.map(async (replica) => ((await replica.call("GET", "/setting")) as { config: { site_name: string } }).config.site_name),
    );

  test("that are changed at one are in force at all, kept by each, and still so after a restart", async () => {
    const admin = await signedIn();
    const form = await admin.call<object>("GET", "/setting/form");
    await admin.call("PATCH", "/setting", { ...form, site_name: "Common", custom_code: "<b>" });
    expect(await siteNames()).toEqual(["Common", "Common", "Common"]);
    await vi.waitFor(async () => {
      for (const replica of set.replicas) expect(await fileOf(replica)).toMatch(/site_name: Common/);
    }, within);
    await c.stop();
    await admin.call("PATCH", "/setting", { ...form, site_name: "While one is away" }).catch(() =>
      // It came to the one that is away.
      admin.call("PATCH", "/setting", { ...form, site_name: "While one is away" }),
    );
    await c.startAgain();
    expect(await siteNames()).toEqual(["While one is away", "While one is away", "While one is away"]);
    expect(await fileOf(c)).toMatch(/site_name: While one is away/);
  });

  test("that two change at once are the same everywhere afterwards", async () => {
    const form = (await a.call("GET", "/setting/form")) as object;
    for (let round = 0; round < 5; round++)
      await Promise.all(
        set.replicas.map((replica, place) => replica.call("PATCH", "/setting", { ...form, site_name: `${round} ${place}` })),
      );
    await vi.waitFor(async () => expect(new Set(await siteNames()).size).toBe(1), within);
    const [last] = await siteNames();
    await vi.waitFor(async () => {
      for (const replica of set.replicas) expect(await fileOf(replica)).toContain(`site_name: ${String(last)}\n`);
    }, within);
  });

  test("of providers too: one that was saved at a dashboard is gone through at the others, and gone where it is taken away", async () => {
    const admin = await signedIn();
    const { endpoint, user } = addresses();
    const form = { name: "New", client_id: "us", client_secret: "hush", ...endpoint, user_info_url: user, user_id_path: "id" };
    await admin.call("POST", "/sign-in-provider", form);
    for (let turn = 0; turn < 3; turn++) expect(await browser().call("GET", "/oauth2/New?type=1")).toHaveProperty("redirect");
    for (let turn = 0; turn < 3; turn++) expect(await browserAt(turn).call("GET", "/oauth2/New?type=1")).toHaveProperty("redirect");
    await admin.call("POST", "/batch-delete/sign-in-provider", ["New"]);
    for (let turn = 0; turn < 3; turn++) expect((await browserAt(turn).send("GET", "/oauth2/New?type=1")).error).toBe("provider not found");
  });
});

test("a host name that people use at one dashboard is protected at all", async () => {
  const [admin, who] = [await signedIn(), await person()];
  const member = await signedIn(who);
  const server = await vi.waitFor(
    async () => (await admin.call<{ id: number }[]>("GET", "/server"))[0]?.id ?? expect.unreachable(),
    within,
  );
  await admin.call("POST", "/batch-move/server", { ids: [server], to_user: who.id });
  await atHost(a, "panel.example.net", who);
  const tunnel = { name: "nas", enabled: true, server_id: server, host: "127.0.0.1:80", domain: "panel.example.net" };
  for (let turn = 0; turn < 3; turn++)
    await vi.waitFor(
      async () =>
        expect(JSON.stringify((await admin.call<{ seen_hosts?: object[] }>("GET", "/setting")).seen_hosts)).toContain(tunnel.domain),
      within,
    );
  for (let turn = 0; turn < 3; turn++) expect((await member.send("POST", "/nat", tunnel)).error).toBe("permission denied");
});

test("who looks on through any dashboard is counted and listed at all", async () => {
  const admin = await signedIn();
  const people = [await person(), await person(), await person()];
  const lookers = await Promise.all(people.map(signedIn));
  const sockets: WebSocket[] = [];
  for (const [place, one] of lookers.entries()) {
    const { base } = set.replicas[place] ?? a;
    const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/ws/server`, { headers: one.headers() });
    await once(socket, "open");
    sockets.push(socket);
  }
  const ids = people.map(({ id }) => id);
  for (let turn = 0; turn < 3; turn++) {
    const { value } = await admin.call<{ value: { user_id?: number }[] }>("GET", "/online-user");
    expect(value.map((row) => row.user_id ?? 0).filter((id) => ids.includes(id))).toEqual(ids);
  }
  const told = (socket: WebSocket) =>
    once(socket, "message").then(([data]) => (JSON.parse((data as Buffer).toString()) as { readonly online?: number }).online);
  for (const socket of sockets) await vi.waitFor(async () => expect(await told(socket)).toBeGreaterThanOrEqual(3), within);
  for (const socket of sockets) socket.close();
});

test("a file session that one opened is downloaded through another, once, and by whoever opened it, from a host at a third", async () => {
  const agent = c.agent(2);
  await agent.connect();
  await agent.report();
  for (const replica of set.replicas)
    await vi.waitFor(async () => {
      const servers = (await replica.call("GET", "/server")) as { readonly id: number; readonly condition: string }[];
      expect(servers.find(({ id }) => id === 2)?.condition).toBe("up");
    }, within);
  const admin = await signedIn();
  const { session_id: id } = await admin.call<{ session_id: string }>("POST", "/file?id=2");
  const io = agent.openIoStream(parseStreamOrder((await agent.nextTask(TASK.fileManager)).data)?.streamId ?? "");
  const stranger = await signedIn(await person());
  expect((await stranger.send("GET", `/download/file/${id}?path=/srv/a`)).error).toBe("permission denied");
  const fetched = admin.send("GET", `/download/file/${id}?path=/srv/a`);
  expect(parseFileRequest(await io.next())).toEqual({ kind: "download", path: "/srv/a" });
  const content = "windfire ".repeat(50_000);
  io.write(formatFileResponse({ kind: "download", size: content.length }));
  for (let at = 0; at < content.length; at += 100_000) io.write(content.slice(at, at + 100_000));
  expect((await fetched).text).toBe(content);
  for (let turn = 0; turn < 3; turn++)
    expect((await admin.send("GET", `/download/file/${id}?path=/srv/a`)).error).toBe("permission denied");
});

test("that a server is to move is told to who listens at any dashboard", async () => {
  const [admin, who] = [await signedIn(), await person()];
  const sockets = await Promise.all(
    set.replicas.map(async ({ base }) => {
      const socket = new WebSocket(`${base.replace("http", "ws")}/api/v1/ws/transfer`, { headers: admin.headers() });
      await once(socket, "open");
      return socket;
    }),
  );
  const told = Promise.all(sockets.map((socket) => once(socket, "message")));
  await admin.call("POST", "/batch-move/server", { ids: [3], to_user: who.id });
  for (const [data] of await told) expect(JSON.parse((data as Buffer).toString())).toMatchObject({ server_id: 3 });
  for (const socket of sockets) socket.close();
});

test("while NATS is away rows and settings are common all the same, a little later", async () => {
  await nats.stop("SIGKILL");
  try {
    const who = { username: "without-bus", password: "right-password", role: 1 };
    await a.call("POST", "/user", who);
    const form = (await a.call("GET", "/setting/form")) as object;
    await a.call("PATCH", "/setting", { ...form, site_name: "Without a bus" });
    for (const replica of set.replicas)
      await vi.waitFor(async () => {
        const { config } = (await replica.call("GET", "/setting")) as { config: { site_name: string } };
        expect(config.site_name).toBe("Without a bus");
        expect(await replica.call("GET", "/user")).toContainEqual(expect.objectContaining({ username: who.username }));
      }, within);
  } finally {
    await nats.start();
  }
});
