import { MCP_TASK_ID_BASE, TASK } from "@windfire/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DISABLED_TEXT } from "../model.ts";
import type { FakeAgent } from "../testing/fake-agent.ts";
import { openStage } from "../testing/stage.ts";
import type { ToolReply } from "../testing/client.ts";
import type { Stage } from "../testing/stage.ts";

let stage: Stage;
let alice: number;
let bob: number;
let agent: FakeAgent;
let foreign: FakeAgent;
let token: string;
let tokenId: number;
beforeEach(async () => {
  stage = await openStage();
  alice = await stage.member("alice");
  bob = await stage.member("bob");
  agent = await stage.agent(alice);
  foreign = await stage.agent(bob);
  agent.connect();
  foreign.connect();
  ({ token, id: tokenId } = await stage.token(alice, { scopes: ["nezha:inventory:read", "nezha:server:*"] }));
});
afterEach(async () => stage.close());

const failure = (text: string): ToolReply => ({ content: [{ type: "text", text }], isError: true });
const outcomes = async (): Promise<(string | null)[]> => (await stage.audit()).map(({ outcome }) => outcome);
const mine = (): { server_id: number } => ({ server_id: agent.server.id });

describe("who may", () => {
  test.each([
    ["meta.whoami", ["nezha:cron:read"], true],
    ["server.list", ["nezha:server:*"], false],
    ["server.list", ["nezha:inventory:*"], true],
    ["server.get", ["nezha:inventory:read"], false],
    ["server.exec", ["nezha:server:read", "nezha:server:write", "nezha:server:delete"], false],
    ["fs.list", ["nezha:server:write"], false],
    ["fs.read", ["nezha:server:exec"], false],
    ["fs.write", ["nezha:server:read"], false],
    ["fs.delete", ["nezha:server:write"], false],
    ["fs.download_url", ["nezha:server:write"], false],
    ["fs.upload_url", ["nezha:server:read"], false],
  ])("%s with %j: %s", async (name, scopes, allowed) => {
    const narrow = await stage.token(alice, { scopes });
    const { isError = false, content } = await stage.tool(narrow.token, name, {});
    expect(isError).toBe(!allowed);
    if (!allowed) expect(content[0]?.text).toMatch(/^missing required scope: nezha:/);
  });

  test.each(["server.get", "server.exec", "fs.list", "fs.read", "fs.write", "fs.delete", "fs.download_url", "fs.upload_url"])(
    "%s: own servers on the token's list only",
    async (name) => {
      const second = await stage.agent(alice);
      const listed = await stage.token(alice, { scopes: ["nezha:server:*"], servers: [second.server.id] });
      const call = async (with_: string, server_id: number | undefined) => stage.tool(with_, name, { server_id, cmd: "x", path: "/x" });
      expect(await call(token, undefined)).toEqual(failure("server_id required"));
      expect(await call(token, foreign.server.id)).toEqual(failure("permission denied"));
      expect(await call(token, 990_001)).toEqual(failure("agent offline"));
      expect(await call(listed.token, agent.server.id)).toEqual(failure("permission denied"));
      expect(await call(listed.token, 990_001)).toEqual(failure("permission denied"));
      expect(await outcomes()).toEqual(["invalid_args", "permission_denied", "server_offline", "permission_denied", "permission_denied"]);
    },
  );

  test("an administrator's token reaches every server, and its list narrows it all the same", async () => {
    const wide = await stage.token(stage.adminId, { scopes: ["nezha:*"] });
    const narrow = await stage.token(stage.adminId, { scopes: ["nezha:*"], servers: [agent.server.id] });
    expect((await stage.tool(wide.token, "server.list", {})).structuredContent).toMatchObject({ count: 2 });
    expect((await stage.tool(narrow.token, "server.list", null)).structuredContent).toMatchObject({
      count: 1,
      servers: [{ id: agent.server.id }],
    });
    expect((await stage.tool(narrow.token, "server.get", { server_id: foreign.server.id })).isError).toBe(true);
  });
});

describe("what is known here", () => {
  test("meta.whoami", async () => {
    const listed = await stage.token(alice, { scopes: ["nezha:server:read"], servers: [agent.server.id] });
    expect((await stage.tool(listed.token, "meta.whoami", undefined)).structuredContent).toEqual({
      user_id: alice,
      is_admin: false,
      token_id: listed.id,
      token_name: "ci",
      scopes: ["nezha:server:read"],
      server_ids: [agent.server.id],
    });
  });

  test("server.list and server.get; text and structure say the same", async () => {
    const { name, uuid } = agent.server.settings;
    const { structuredContent, content } = await stage.tool(token, "server.list", {});
    expect(structuredContent).toEqual({
      servers: [
        { id: agent.server.id, name, uuid, online: false, platform: "debian", arch: "x86_64", last_active: "0001-01-01T00:00:00Z" },
      ],
      count: 1,
    });
    expect(JSON.parse(content[0]?.text ?? "")).toEqual(structuredContent);
    expect((await stage.tool(token, "server.list", { online_only: true })).structuredContent).toEqual({ servers: [], count: 0 });
    expect((await stage.tool(token, "server.get", mine())).structuredContent).toMatchObject({
      id: agent.server.id,
      name,
      note: "",
      host: { version: "2.3.3" },
      state: {},
      geoip: { ip: {} },
    });
  });
});

describe("arguments", () => {
  test.each([
    ["server.exec", { server_id: "1", cmd: "x" }, "invalid arguments: server_id"],
    ["server.exec", { server_id: -1, cmd: "x" }, "invalid arguments: server_id"],
    ["server.exec", [], "invalid arguments: "],
    ["server.exec", { timeout_seconds: 301 }, "timeout_seconds out of range; must be 1..300"],
    ["server.exec", { server_id: 1, cmd: "" }, "cmd required"],
    ["server.exec", { server_id: 1, cmd: "x", env: { A: 1 } }, "invalid arguments: env: A"],
    ["fs.list", { server_id: 1 }, "path required"],
    ["fs.read", { server_id: 1, path: "" }, "path required"],
    ["fs.read", { server_id: 1, path: "/x", offset: -1 }, "offset must be >= 0"],
    ["fs.read", { server_id: 1, path: "/x", length: -1 }, "length must be >= 0"],
    ["fs.write", { server_id: 1, content: "" }, "path required"],
    ["fs.write", { server_id: 1, path: "/x", if_match_sha256: "ab" }, "if_match_sha256 must be 64 hex chars"],
    [
      "fs.write",
      { server_id: 1, path: "/x", content: "x".repeat(4 * 2 ** 20) },
      "the request is too large for one message to the agent; use fs.upload_url",
    ],
    ["fs.delete", { server_id: 1 }, "path required"],
    ["fs.download_url", { server_id: 1, path: "x".repeat(4097) }, "path too long"],
    ["fs.upload_url", { if_match_sha256: "xyz" }, "if_match_sha256 must be 64 hex chars"],
  ])("%s with %j", async (name, args, text) => {
    const own = Array.isArray(args) || !("server_id" in args) || args.server_id !== 1 ? args : { ...args, ...mine() };
    const result = await stage.tool(token, name, own);
    expect(result.isError).toBe(true);
    expect(result.content[0]?.text.slice(0, text.length)).toBe(text);
    expect(await outcomes()).toEqual(["invalid_args"]);
  });

  test.each(["1.9.0", "v2.0.9"])("an agent %s is too old for all but looking it up", async (version) => {
    const old = await stage.agent(alice, version);
    old.connect();
    for (const name of ["server.exec", "fs.list", "fs.download_url"]) {
      const result = await stage.tool(token, name, { server_id: old.server.id, cmd: "x", path: "/" });
      expect(result).toEqual(failure("agent does not support this MCP capability; please upgrade the agent"));
    }
    expect((await stage.tool(token, "server.get", { server_id: old.server.id })).isError).toBeUndefined();
  });
});

describe("through the agent", () => {
  test("a command that fails is a success; zero members are not sent either way", async () => {
    const answer = stage.tool(token, "server.exec", {
      ...mine(),
      cmd: "sh",
      args: ["-c", "exit 3"],
      env: { A: "b" },
      stdin: "",
      timeout_seconds: null,
    });
    const task = await agent.reply({
      exit_code: 3,
      stdout: "o",
      stderr: "e",
      duration_ms: 5,
      timed_out: false,
      stdout_truncated: true,
      extra: 1,
    });
    expect([task.type, task.id > MCP_TASK_ID_BASE, JSON.parse(task.data)]).toEqual([
      TASK.mcpExec,
      true,
      { cmd: "sh", args: ["-c", "exit 3"], env: { A: "b" } },
    ]);
    expect(await answer).toMatchObject({
      structuredContent: { exit_code: 3, stdout: "o", stderr: "e", duration_ms: 5, stdout_truncated: true },
    });
    expect((await answer).structuredContent).not.toHaveProperty("timed_out");
  });

  test("what the agent refuses is told with its whole answer", async () => {
    const answer = stage.tool(token, "server.exec", { ...mine(), cmd: "x" });
    await agent.reply({ error: "agent disabled command execution" });
    const structuredContent = { exit_code: 0, stdout: "", stderr: "", duration_ms: 0, error: "agent disabled command execution" };
    expect(await answer).toEqual({ ...failure("agent_error: agent disabled command execution"), structuredContent });
  });

  test.each([
    ["fs.list", { show_hidden: true }, TASK.mcpFsList, { path: "/x", show_hidden: true }, { entries: null }, { entries: [] }],
    [
      "fs.list",
      {},
      TASK.mcpFsList,
      { path: "/x" },
      {
        entries: [{ name: "l", type: "symlink", size: 1, mode: "0777", mtime: 2, is_symlink: true, link_target: "t" }],
        truncated: true,
        total: 6000,
      },
      {
        entries: [{ name: "l", type: "symlink", size: 1, mode: "0777", mtime: 2, is_symlink: true, link_target: "t" }],
        truncated: true,
        total: 6000,
      },
    ],
    [
      "fs.read",
      { offset: 5, encoding: "base64" },
      TASK.mcpFsRead,
      { path: "/x", offset: 5, encoding: "base64" },
      { content: "eA==", encoding: "base64", size: 1, sha256: "h" },
      { content: "eA==", encoding: "base64", size: 1, sha256: "h" },
    ],
    [
      "fs.write",
      { mode: "0600", create_dirs: true },
      TASK.mcpFsWrite,
      { path: "/x", content: "", mode: "0600", create_dirs: true },
      { size: 0, sha256: "h" },
      { size: 0, sha256: "h" },
    ],
    ["fs.delete", { recursive: true }, TASK.mcpFsDelete, { path: "/x", recursive: true }, { deleted_count: 0 }, { deleted_count: 0 }],
  ])("%s", async (name, args, type, request, reply, result) => {
    const answer = stage.tool(token, name, { ...mine(), path: "/x", ...args });
    const task = await agent.reply(reply);
    expect([task.type, JSON.parse(task.data)]).toEqual([type, request]);
    expect((await answer).structuredContent).toEqual(result);
  });

  test.each([
    [{ error: "permission denied" }, true, "permission denied"],
    ["boom", false, "boom"],
    ["", false, "agent returned unsuccessful result"],
    ["{", true, "the agent's answer is no JSON"],
    [{ entries: 5 }, true, "the agent's answer is not understood: "],
  ])("an answer %j (successful: %s) is an error of the agent", async (reply, successful, text) => {
    const answer = stage.tool(token, "fs.list", { ...mine(), path: "/x" });
    await agent.reply(reply, successful);
    const result = await answer;
    expect(result.content[0]?.text.startsWith(text)).toBe(true);
    expect(result).not.toHaveProperty("structuredContent");
    expect(await outcomes()).toEqual(["agent_error"]);
  });
});

describe("calls that end otherwise", () => {
  const exec = async (over: object = {}): Promise<ToolReply> => stage.tool(token, "server.exec", { ...mine(), cmd: "sleep", ...over });

  test("GHSA-4g6j-g789-rghm: a result counts only from the server that was asked, and for the task it was given", async () => {
    const answer = exec();
    const task = await agent.nextTask();
    const forged = { id: task.id, type: task.type, data: '{"stdout":"forged"}', successful: true };
    for (let times = 0; times < 3; times++) foreign.answer(forged);
    agent.answer({ ...forged, type: TASK.mcpFsList });
    agent.answer({ ...forged, id: task.id + 1 });
    agent.answer({ ...forged, data: '{"stdout":"real"}' });
    agent.answer(forged);
    expect((await answer).structuredContent).toMatchObject({ stdout: "real" });
    expect(stage.warnings).toEqual([
      `MCP result ignored: taskID=${task.id} targetServerID=${agent.server.id} reporterID=${foreign.server.id}`,
    ]);
  });

  test("an agent that is not there is offline at once, one that goes too", async () => {
    const going = exec();
    await agent.nextTask();
    agent.disconnect();
    expect(await going).toEqual(failure("agent offline"));
    expect(await exec()).toEqual(failure("agent offline"));
    agent.connect();
    const replaced = exec();
    await agent.nextTask();
    agent.connect();
    expect(await replaced).toEqual(failure("agent offline"));
  });

  test("a command has its own time and five seconds more, everything else thirty", async () => {
    const late = exec({ timeout_seconds: 60 });
    const other = stage.tool(token, "fs.list", { ...mine(), path: "/" });
    await agent.nextTask();
    await agent.nextTask();
    await stage.clock.advanceAsync(30_000);
    expect(await other).toEqual(failure("agent did not respond within timeout"));
    let settled = false;
    void late.then(() => (settled = true));
    await stage.clock.advanceAsync(34_999);
    expect(settled).toBe(false);
    await stage.clock.advanceAsync(1);
    expect(await late).toEqual(failure("agent did not respond within timeout"));
    expect(await outcomes()).toEqual(["agent_timeout", "agent_timeout"]);
  });

  test("switching MCP off ends every call; what answers late is not heard; no call begins", async () => {
    const running = exec();
    const task = await agent.nextTask();
    stage.switchOff();
    agent.answer({ id: task.id, type: task.type, data: '{"stdout":"late"}', successful: true });
    expect(await running).toEqual(failure(DISABLED_TEXT));
    expect(await outcomes()).toEqual(["mcp_disabled"]);
    stage.switchOff();
    for (const credential of [token, undefined]) {
      expect(await stage.rpc(credential, "ping")).toMatchObject({
        status: 200,
        json: { error: { code: -32_002, message: DISABLED_TEXT } },
      });
    }
    expect((await stage.rpc(`nzp_${"0".repeat(32)}`, "ping")).status).toBe(401);
  });

  test("a token that is deleted takes its calls with it", async () => {
    const running = exec();
    await agent.nextTask();
    await stage.deleteToken(tokenId);
    expect(await running).toEqual(failure("context canceled"));
    expect(await outcomes()).toEqual(["cancelled"]);
  });

  test("so does a client that goes", async () => {
    const controller = new AbortController();
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "server.exec", arguments: { ...mine(), cmd: "x" } },
    });
    const request = fetch(`${stage.base}/mcp`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${token}` },
      signal: controller.signal,
    });
    await agent.nextTask();
    controller.abort();
    await expect(request).rejects.toThrow("abort");
    await expect.poll(outcomes).toEqual(["cancelled"]);
  });

  test("GHSA-99gv-2m7h-3hh9: a server that changes hands answers its former owner nothing", async () => {
    const running = exec();
    const task = await agent.nextTask();
    await stage.database.change((tx, changes) => stage.servers.commands.setOwner(tx, changes, agent.server.id, bob));
    agent.answer({ id: task.id, type: task.type, data: '{"stdout":"late"}', successful: true });
    expect(await running).toEqual(failure("permission denied"));
  });
});
