import { createHash } from "node:crypto";
import { once } from "node:events";
import { formatFileResponse, formatMcpFrame, parseFileRequest, parseStreamOrder, TASK } from "@windfire/protocol";
import type { Task } from "@windfire/protocol";
import type { FakeAgent } from "@windfire/testkit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { RoamingBrowser } from "./compose/testing/roaming-browser.ts";
import { openRoamingStage, openSocket, WITHIN } from "./compose/testing/roaming-stage.ts";
import type { RoamingStage } from "./compose/testing/roaming-stage.ts";

/** What one dashboard hands out or opens is good at the others: codes, links, what a password has opened, sessions on a host. */
let stage: RoamingStage;
beforeAll(async () => {
  stage = await openRoamingStage("roaming_links");
}, 120_000);
afterAll(() => stage.close());

/** The agent of a server, connected at the third dashboard; all know that it is there. */
const agentOf = async (serverId: number): Promise<FakeAgent> => {
  const agent = stage.replicas[2].agent(serverId);
  await agent.connect();
  await agent.report();
  for (const replica of stage.replicas)
    await vi.waitFor(async () => {
      const servers = (await replica.call("GET", "/server")) as { readonly id: number; readonly condition: string }[];
      expect(servers.find(({ id }) => id === serverId)?.condition).toBe("up");
    }, WITHIN);
  return agent;
};
const orderOf = ({ data }: Task): string => (JSON.parse(data) as { stream_id: string }).stream_id;

test("a code for a host that one made is exchanged at another, once; its credential signs in at all", async () => {
  const admin = await stage.signedIn();
  const { code } = await admin.call<{ code: string }>("POST", "/enrolment-code", { name: "new" });
  const [host, uuid] = [stage.browser(), "11111111-2222-4333-8444-555555555555"];
  expect(await host.call("POST", "/enrol", { code, uuid })).toHaveProperty("client_secret");
  expect((await host.send("POST", "/enrol", { code, uuid })).error).toMatch("not known, used up");
});

test("a share link that one made opens at another, shows at a third, and ends at all with what is open", async () => {
  const admin = await stage.signedIn();
  const rows = [{ kind: "server", id: 1 }];
  const made = { name: "s", rows, expires_in_days: 1, password: "right-password" };
  const { id, secret } = await admin.call<{ id: number; secret: string }>("POST", "/share-link", made);
  const visitor = stage.browser();
  await visitor.call("POST", "/share-link/open", { secret, password: "right-password" });
  const link = { "x-share-link": String(id) };
  for (let turn = 0; turn < 3; turn++) expect((await visitor.send("GET", "/server/1/service", undefined, link)).error).toBe("");
  const socket = await openSocket(visitor, `/ws/server?share=${id}`);
  const closed = once(socket, "close");
  await admin.call("POST", "/batch-delete/share-link", [id]);
  await closed;
  for (let turn = 0; turn < 3; turn++)
    expect((await visitor.send("POST", "/share-link/open", { secret, password: "right-password" })).error).not.toBe("");
});

test("the password of a page that was given at one opens it at the others", async () => {
  const admin = await stage.signedIn();
  await admin.call("POST", "/status-page", {
    slug: "open",
    title: "Open",
    groups: [],
    visibility: "password",
    password: "right-password",
    published: true,
  });
  const reader = stage.browser();
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
    (await (await stage.signedIn()).call<{ token: string }>("POST", "/api-tokens", { name: "model", scopes: ["nezha:*"] })).token;
  const path = (url = ""): string => new URL(url).pathname;

  test("have one budget, at whichever dashboards they ask", async () => {
    const [one, key] = [stage.browser(), await token()];
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
    const agent = await agentOf(1);
    const [first, second] = stage.replicas;
    const [one, key] = [stage.browser([first, second]), await token()];
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
    const [one, key, admin] = [stage.browser(), await token(), await stage.signedIn()];
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

test("a file session that one opened is downloaded through another, once, and by whoever opened it, from a host at a third", async () => {
  const agent = await agentOf(2);
  const admin = await stage.signedIn();
  const { session_id: id } = await admin.call<{ session_id: string }>("POST", "/file?id=2");
  const io = agent.openIoStream(parseStreamOrder((await agent.nextTask(TASK.fileManager)).data)?.streamId ?? "");
  const stranger = await stage.signedIn(await stage.person());
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
