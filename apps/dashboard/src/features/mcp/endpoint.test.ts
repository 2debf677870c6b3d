import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStage } from "./testing/stage.ts";
import type { Stage } from "./testing/stage.ts";

let stage: Stage;
let alice: number;
beforeAll(async () => {
  stage = await openStage();
  alice = await stage.member("alice");
});
afterAll(async () => stage.close());

const anyToken = async (): Promise<string> => (await stage.token(alice, { scopes: ["nezha:inventory:read", "nezha:server:*"] })).token;

test.each(["GET", "DELETE"])("%s is told to use POST, in JSON", async (method) => {
  const response = await fetch(`${stage.base}/mcp`, { method });
  expect([response.status, response.headers.get("allow"), response.headers.get("content-type")]).toEqual([
    405,
    "POST",
    "application/json; charset=utf-8",
  ]);
});

test.each(["PUT", "PATCH", "OPTIONS"])("%s is no route", async (method) => {
  expect((await fetch(`${stage.base}/mcp`, { method })).status).toBe(404);
});

test.each(["/mcp", "/mcp/upload/x.y"])("a page of another site cannot post to %s", async (path) => {
  const response = await fetch(stage.base + path, { method: "POST", body: "{}", headers: { origin: "http://elsewhere.test" } });
  expect([response.status, await response.json()]).toEqual([403, { success: false, error: "ApiErrorForbidden: origin not allowed" }]);
});

describe("who calls", () => {
  test.each([
    ["nobody", {}],
    ["a JWT", { authorization: "Bearer eyJhbGciOi.x.y" }],
    ["a scheme in other letters", { authorization: "bearer nzp_x" }],
    ["a cookie", { cookie: "nz-jwt=nzp_x" }],
  ])("%s: 401 in JSON-RPC", async (_who, headers) => {
    const { status, json, headers: answered } = await stage.post('{"jsonrpc":"2.0","id":1,"method":"ping"}', undefined, headers);
    expect([status, json.error, json.id]).toEqual([401, { code: -32_001, message: "missing or invalid API token" }, undefined]);
    expect(answered.get("www-authenticate")).toBe("Bearer");
  });

  test("an unknown token: 401 in the envelope, and a strike", async () => {
    const { status, text } = await stage.post("{}", `nzp_${"0".repeat(32)}`);
    expect([status, JSON.parse(text)]).toEqual([401, { success: false, error: "ApiErrorUnauthorized: invalid api token" }]);
    const struck = await stage.access.waf.list({ offset: 0, limit: 10 });
    expect(struck.rows.map(({ count }) => count)).toEqual([1]);
    stage.clock.advance(10_000);
    await stage.rpc(await anyToken(), "ping");
    expect((await stage.access.waf.list({ offset: 0, limit: 10 })).rows).toEqual([]);
  });

  test("a token of a deleted user is no token", async () => {
    const bob = await stage.member("bob");
    const { token } = await stage.token(bob, { scopes: ["nezha:server:read"] });
    await stage.deleteUser(bob);
    expect((await stage.rpc(token, "ping")).status).toBe(401);
    await stage.access.unblock(["127.0.0.1"]);
  });
});

describe("methods", () => {
  test.each([
    ["2024-11-05", "2024-11-05"],
    ["2025-03-26", "2025-03-26"],
    ["2025-06-18", "2025-06-18"],
    ["2999-01-01", "2025-06-18"],
    [undefined, "2025-06-18"],
  ])("initialize with version %s speaks %s", async (asked, spoken) => {
    const { json } = await stage.rpc(await anyToken(), "initialize", { protocolVersion: asked });
    expect(json.result).toEqual({
      protocolVersion: spoken,
      capabilities: { tools: { listChanged: false } },
      serverInfo: { name: "nezha-mcp", version: "1.2.3" },
    });
  });

  test.each([
    ['{"jsonrpc":"2.0","id":"a","method":"ping"}', 200, '{"jsonrpc":"2.0","id":"a","result":{}}'],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 202, ""],
    ['{"jsonrpc":"2.0","method":"notifications/initialized"}', 202, ""],
    ['{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}', 202, ""],
    [
      '{"jsonrpc":"2.0","id":2,"method":"prompts/list"}',
      200,
      '{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"method not supported: prompts/list"}}',
    ],
  ])("%s: %i", async (body, status, text) => {
    const answer = await stage.post(body, await anyToken(), { accept: "text/plain", "content-type": "text/plain", "mcp-session-id": "x" });
    expect([answer.status, answer.text]).toEqual([status, text]);
  });

  test("tools are listed in their order with both schemas; no secret lists of ours among them", async () => {
    const { json } = await stage.rpc(await anyToken(), "tools/list", { cursor: "x" });
    const { tools } = json.result as unknown as { tools: Record<string, unknown>[] };
    expect(tools.map(({ name }) => name)).toEqual([
      "meta.whoami",
      "server.list",
      "server.get",
      "server.exec",
      "fs.list",
      "fs.read",
      "fs.write",
      "fs.delete",
      "fs.download_url",
      "fs.upload_url",
    ]);
    for (const tool of tools)
      expect(Object.keys(tool).toSorted()).toEqual(["annotations", "description", "inputSchema", "name", "outputSchema", "title"]);
    expect(JSON.stringify(tools)).not.toContain("additionalProperties");
  });

  test.each([
    [undefined, -32_602, "invalid arguments: params must be an object"],
    [[], -32_602, "invalid arguments: params must be an object"],
    [{ name: 3 }, -32_602, "invalid arguments: name must be a string"],
    [{}, -32_602, "tool name required"],
    [{ name: "no.tool" }, -32_601, "unknown tool: no.tool"],
  ])("tools/call with %j", async (params, code, message) => {
    expect((await stage.rpc(await anyToken(), "tools/call", params)).json.error).toEqual({ code, message });
  });
});

describe("limits", () => {
  test("a body over 8 MiB is refused without being read on", async () => {
    const answer = await stage.post(new Uint8Array(8 * 2 ** 20 + 1), await anyToken());
    expect([answer.status, answer.json]).toEqual([
      413,
      { jsonrpc: "2.0", error: { code: -32_600, message: "request body exceeds MCP envelope size limit" } },
    ]);
  });

  test("a body of 8 MiB is not", async () => {
    const message = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping", params: { x: "" } });
    const padded = message.replace('""', `"${"x".repeat(8 * 2 ** 20 - message.length)}"`);
    expect((await stage.post(padded, await anyToken())).text).toBe('{"jsonrpc":"2.0","id":1,"result":{}}');
  });

  test("exactly ten of many calls at once pass; the others are told in the form they expect", async () => {
    const { token } = await stage.token(alice, { scopes: ["nezha:inventory:read"] });
    const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "server.list" } });
    const answers = await Promise.all(Array.from({ length: 14 }, async () => stage.post(call, token)));
    const refused = answers.filter(({ json }) => json.result?.isError);
    expect(refused).toHaveLength(4);
    expect(refused[0]?.json.result).toEqual({
      content: [{ type: "text", text: "rate limit exceeded for this token" }],
      structuredContent: { error_code: "rate_limited", error: "rate limit exceeded for this token" },
      isError: true,
    });
    const ping = await stage.rpc(token, "ping");
    expect([ping.status, ping.json.error?.code, ping.json.id, ping.headers.get("retry-after")]).toEqual([429, -32_002, 1, "1"]);
    const broken = await stage.post("{", token);
    expect([broken.status, broken.json.error?.code]).toEqual([429, -32_002]);
  });
});

test("calls are written down: who, what, a hash of the arguments as sent, never the arguments", async () => {
  const { token, id } = await stage.token(alice, { scopes: ["nezha:server:read"] });
  const args = '{ "server_id": 990001, "note": "hunter2" }';
  await stage.post(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"server.get","arguments":${args}}}`, token);
  const rows = (await stage.audit()).filter((row) => row.token_id === id);
  expect(rows).toMatchObject([
    {
      user_id: alice,
      tool: "server.get",
      server_id: 990_001,
      args_hash: createHash("sha256").update(args).digest("hex"),
      args_peek: "",
      outcome: "server_offline",
      error_code: "server_offline",
      error_msg: "agent offline",
      ip: "127.0.0.1",
    },
  ]);
  expect(JSON.stringify(rows)).not.toContain("hunter2");
});
