import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { formatMcpFrame, MCP_TRANSFER_CAP } from "@windfire/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DISABLED_TEXT } from "../model.ts";
import type { FakeAgent, FakeTransfer } from "../testing/fake-agent.ts";
import { openStage } from "../testing/stage.ts";
import type { Stage } from "../testing/stage.ts";

let stage: Stage;
let alice: number;
let agent: FakeAgent;
let token: string;
let tokenId: number;
beforeEach(async () => {
  stage = await openStage();
  alice = await stage.member("alice");
  agent = await stage.agent(alice);
  agent.connect();
  ({ token, id: tokenId } = await stage.token(alice, { scopes: ["nezha:server:*"] }));
});
afterEach(async () => stage.close());

const zeros = new Uint8Array(32);
const digestOf = (bytes: Uint8Array | string): Uint8Array => createHash("sha256").update(bytes).digest();
const hexOf = (bytes: Uint8Array | string): string => Buffer.from(digestOf(bytes)).toString("hex");
const header = (size: number) => ({ kind: "download-header", size, sha256: zeros }) as const;
const data = (payload: string | Uint8Array) => ({ kind: "data", payload: Buffer.from(payload) }) as const;
const done = (size: number, sha256: Uint8Array = zeros) => ({ kind: "done", size, sha256 }) as const;
const ready = (size: number) => ({ kind: "upload-ready", size }) as const;
const error = (text: string) => ({ kind: "error", text }) as const;

async function link(direction: "download" | "upload", args: object = {}): Promise<string> {
  const { structuredContent } = await stage.tool(token, `fs.${direction}_url`, { server_id: agent.server.id, path: "/srv/x", ...args });
  return String(structuredContent?.["url"]);
}

interface Outcome {
  readonly status: number;
  readonly type: string | null;
  readonly body: Buffer;
}

async function outcomeOf(response: Promise<Response>): Promise<Outcome> {
  const answer = await response;
  return { status: answer.status, type: answer.headers.get("content-type"), body: Buffer.from(await answer.arrayBuffer()) };
}

async function refusal(response: Promise<Response>): Promise<[number, string]> {
  const { status, type, body } = await outcomeOf(response);
  expect(type).toBe("text/plain; charset=utf-8");
  return [status, body.toString()];
}

async function download(): Promise<{ answer: Promise<Response>; transfer: FakeTransfer }> {
  const answer = fetch(await link("download"));
  const transfer = await agent.nextTransfer();
  transfer.attach();
  return { answer, transfer };
}

async function upload(
  body: string | Uint8Array<ArrayBuffer>,
  query = "",
  args: object = {},
): Promise<{ answer: Promise<Response>; transfer: FakeTransfer }> {
  const answer = fetch((await link("upload", args)) + query, { method: "POST", body });
  const transfer = await agent.nextTransfer();
  transfer.attach();
  return { answer, transfer };
}

const rows = async () => (await stage.audit()).filter(({ tool }) => tool === "fs.download" || tool === "fs.upload");

describe("links", () => {
  test("a link names the way, the host that was asked, and when it ends", async () => {
    const { structuredContent } = await stage.tool(token, "fs.download_url", { server_id: agent.server.id, path: "/x", ttl_seconds: 9000 });
    expect(structuredContent?.["url"]).toMatch(new RegExp(`^${stage.base}/mcp/download/[0-9A-Za-z]{24}\\.[0-9a-f]{64}$`));
    expect(structuredContent?.["method"]).toBe("GET");
    expect(Date.parse(String(structuredContent?.["expires_at"])) - stage.clock.now()).toBe(600_000);
  });

  const askOn = async (host: string): Promise<string> => {
    const body = JSON.stringify({
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name: "fs.download_url", arguments: { server_id: agent.server.id, path: "/x" } },
    });
    const request = httpRequest(`${stage.base}/mcp`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, host, "x-forwarded-proto": "https" },
    });
    request.end(body);
    const [response] = (await once(request, "response")) as [AsyncIterable<Buffer>];
    return Buffer.concat(await Array.fromAsync(response)).toString();
  };

  test("GHSA-9rc6-8cjv-rcvx: a host that nobody has configured is not put into links", async () => {
    stage.settings.dashboardHost = "nz.example.com";
    const text = await askOn("evil.test");
    expect(text).toContain("https://nz.example.com/mcp/download/");
    expect(text).not.toContain("evil.test");
  });

  test("CVE-2026-101090: while none is configured there are no links on another one, and no token is made", async () => {
    const text = await askOn("evil.test");
    expect(text).toContain("MCP transfer URL host is not an operator-declared dashboard host");
    expect(text).not.toContain("/mcp/download/");
    expect((await stage.audit()).map(({ outcome }) => outcome)).toEqual(["not_configured"]);
  });

  test("the wrong way, a second time, a word that was never given out: 401", async () => {
    const url = await link("download");
    expect(await refusal(fetch(url.replace("/download/", "/upload/"), { method: "POST", body: "x" }))).toEqual([
      401,
      "transfer token direction mismatch",
    ]);
    expect(await refusal(fetch(url))).toEqual([401, "invalid or already-used transfer token"]);
    expect(await refusal(fetch(`${stage.base}/mcp/download/x.y`))).toEqual([401, "invalid or already-used transfer token"]);
    expect((await rows()).map(({ outcome, user_id }) => [outcome, user_id])).toEqual([
      ["invalid_args", alice],
      ["permission_denied", 0],
      ["permission_denied", 0],
    ]);
  });

  test("too late", async () => {
    const url = await link("download", { ttl_seconds: 5 });
    stage.clock.advance(5_001);
    expect(await refusal(fetch(url))).toEqual([401, "transfer token expired"]);
  });

  test("failures of strangers are written down five times a minute", async () => {
    for (let count = 0; count < 8; count++) await fetch(`${stage.base}/mcp/download/guess.${count}`);
    expect(await rows()).toHaveLength(5);
    stage.clock.advance(60_000);
    await fetch(`${stage.base}/mcp/download/guess.x`);
    expect(await rows()).toHaveLength(6);
  });
});

describe("whoever made a link must still be allowed to use it", () => {
  const moveTo = async (ownerId: number): Promise<void> => {
    agent.server.replaceSettings({ ...agent.server.settings, ownerId });
  };
  test.each([
    ["MCP switched off, links purged", async () => stage.switchOff(), "invalid or already-used transfer token"],
    ["MCP off without the fact", async () => void (stage.settings.enableMcp = false), DISABLED_TEXT],
    ["its token deleted", async () => stage.deleteToken(tokenId), "originating api token no longer exists"],
    ["its user disabled", async () => disable(), "originating user is disabled"],
    ["its server with another owner", async () => moveTo(99), "target server is no longer owned by the originating user"],
    [
      "its server deleted",
      async () => stage.database.change((tx, changes) => stage.servers.commands.deleteRows(tx, [agent.server.id], changes)),
      "target server no longer exists",
    ],
    ["its scopes gone", async () => update("scopes_csv", "nezha:server:delete"), "originating api token no longer has required scope"],
    ["its token another user's", async () => update("user_id", 1), "originating api token no longer exists"],
    ["its token expired", async () => update("expires_at", "2020-01-01 00:00:00+00:00"), "originating api token expired"],
    ["its server off the list", async () => update("servers_csv", "990001"), "originating api token no longer covers target server"],
  ])("%s", async (_what, change, text) => {
    const [down, up] = [await link("download"), await link("upload")];
    await change();
    expect(await refusal(fetch(down))).toEqual([401, text]);
    expect(await refusal(fetch(up, { method: "POST", body: "x" }))).toEqual([401, text]);
  });
  const disable = async (): Promise<void> =>
    stage.database.change(async (tx, changes) => {
      await tx.insertInto("wf_disabled_users").values({ user_id: alice, since: 1 }).execute();
      changes.put("user", alice);
    });
  const update = async (column: "scopes_csv" | "user_id" | "expires_at" | "servers_csv", value: string | number): Promise<void> => {
    await stage.database.change(async (tx, changes) => {
      await tx
        .updateTable("api_tokens")
        .set({ [column]: value })
        .where("id", "=", tokenId)
        .execute();
      changes.put("token", tokenId);
    });
  };
});

test("what ended while its link was looked at reaches no agent", async () => {
  const urls = [await link("download"), await link("upload")];
  const { token: other } = await stage.token(alice, { scopes: ["nezha:server:*"] });
  stage.facts.publish("token.ended", { tokenIds: [tokenId], reason: "deleted" });
  for (const [i, url] of urls.entries()) expect((await fetch(url, i === 0 ? {} : { method: "POST", body: "x" })).status).toBe(502);
  token = other;
  const answer = fetch(await link("download", { path: "/srv/other" }));
  const transfer = await agent.nextTransfer();
  expect(transfer.order.path).toBe("/srv/other");
  transfer.attach();
  transfer.say(header(1), data("x"), done(1));
  expect((await outcomeOf(answer)).status).toBe(200);
});

describe("downloads", () => {
  test("as the official agent sends them", async () => {
    const { answer, transfer } = await download();
    expect(transfer.order).toEqual({ stream_id: transfer.order.stream_id, op: "download", path: "/srv/x" });
    transfer.say(header(14), data("uploaded bytes"), done(14, digestOf("uploaded bytes")));
    transfer.halfClose();
    const response = await answer;
    expect([response.status, response.headers.get("content-type"), response.headers.get("content-length")]).toEqual([
      200,
      "application/octet-stream",
      "14",
    ]);
    expect(await response.text()).toBe("uploaded bytes");
    expect(await rows()).toMatchObject([
      { tool: "fs.download", outcome: "ok", server_id: agent.server.id, user_id: alice, token_id: tokenId },
    ]);
  });

  test("an empty file, and bytes that look like frames of the protocol", async () => {
    const empty = await download();
    empty.transfer.say(header(0), done(0, digestOf("")));
    expect(await outcomeOf(empty.answer)).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    const frames = Buffer.concat([formatMcpFrame(error("no")), formatMcpFrame(done(3)), formatMcpFrame(header(9))]);
    const odd = await download();
    odd.transfer.say(header(frames.length), data(frames), done(frames.length));
    expect((await outcomeOf(odd.answer)).body).toEqual(frames);
  });

  test("many pieces arrive whole and in order, empty messages between them", async () => {
    const bytes = randomBytes(9 * 2 ** 20 + 17);
    const { answer, transfer } = await download();
    transfer.say(header(bytes.length));
    for (let at = 0; at < bytes.length; at += 2 ** 20) transfer.say(data(bytes.subarray(at, at + 2 ** 20)), new Uint8Array());
    transfer.say(done(bytes.length, digestOf(bytes)));
    expect((await outcomeOf(answer)).body.equals(bytes)).toBe(true);
  });

  test.each([
    ["no file", [error("path is not a regular file")], "path is not a regular file"],
    ["a strange beginning", [ready(3)], "agent returned unexpected header magic"],
    ["nonsense", [Buffer.from("NZ")], "agent did not return download header: frame too short"],
    ["too large", [header(MCP_TRANSFER_CAP + 1)], "agent did not return download header: declared size exceeds MCP transfer cap"],
    [
      "a size beyond all numbers",
      [Buffer.concat([Buffer.from("NZTD"), Buffer.alloc(8, 255), zeros])],
      "agent did not return download header: declared size exceeds MCP transfer cap",
    ],
    ["an end before the beginning", [], "agent did not return download header: EOF"],
    ["an error midway", [header(4), data("ab"), error("disk failed")], "disk failed"],
    ["a short error midway", [header(4), data("ab"), error("")], ""],
    ["an end midway", [header(4), data("ab")], "stream relay failed: EOF"],
    ["a header midway", [header(4), header(4)], "stream relay failed: expected NZTC chunk frame"],
    ["an end too early", [header(4), data("ab"), done(2)], "stream relay failed: expected NZTC chunk frame"],
    ["nothing in a piece", [header(4), data("")], "stream relay failed: zero-length data frame while payload incomplete"],
    ["more than was said", [header(4), data("abcde")], "agent oversent: more data bytes than declared size"],
    ["no end", [header(2), data("ab")], "agent did not send final transfer frame: EOF"],
    ["a long error as the end", [header(2), data("ab"), error("e".repeat(60))], "e".repeat(60)],
    ["another piece as the end", [header(2), data("ab"), data("c")], "download final frame: unexpected magic"],
    ["another size", [header(2), data("ab"), done(3)], "download final frame: declared size does not match streamed bytes"],
    [
      "another hash",
      [header(2), data("ab"), done(2, digestOf("ba"))],
      "download final frame: declared sha256 does not match streamed bytes",
    ],
  ])("%s: 502, and nothing of the file", async (_what, frames, text) => {
    const { answer, transfer } = await download();
    transfer.say(...frames);
    transfer.halfClose();
    expect(await refusal(answer)).toEqual([502, text]);
    expect(transfer.ended).toBe(true);
  });

  test("an agent that is not there, does not come, or has too many streams", async () => {
    const late = fetch(await link("download"));
    const transfer = await agent.nextTransfer();
    await stage.clock.advanceAsync(29_999);
    expect(stage.streams.size).toBe(1);
    await stage.clock.advanceAsync(1);
    expect(await refusal(late)).toEqual([502, "agent did not attach within 30s"]);
    transfer.attach();
    expect(transfer.ended).toBe(true);
    for (let count = 0; count < 3; count++) stage.streams.create({ purpose: "nat", creatorId: 0, serverId: agent.server.id });
    expect(await refusal(fetch(await link("download")))).toEqual([502, "too many concurrent streams for this server"]);
    stage.streams.closeWhere(() => true, "revoked");
    agent.disconnect();
    expect(await refusal(fetch(await link("download")))).toEqual([502, "server offline"]);
    expect((await rows()).map(({ outcome }) => outcome)).toEqual(["agent_timeout", "agent_error", "server_offline"]);
  });

  test("GHSA-q6xx-5vr8-p898: another server's agent cannot take the stream", async () => {
    const stranger = await stage.agent(stage.adminId);
    stranger.connect();
    const answer = fetch(await link("download"));
    const transfer = await agent.nextTransfer();
    const copy = fetch(`${stage.base}/mcp/download/none.x`);
    stranger.answer({ id: 0, type: 20, data: JSON.stringify(transfer.order), successful: true });
    expect(
      stage.streams.attachAgent(transfer.order.stream_id, stranger.server.id, {
        send: () => "sent",
        unread: () => 0,
        pause: () => undefined,
        resume: () => undefined,
        close: () => undefined,
      }),
    ).toBe("unknown");
    expect((await copy).status).toBe(401);
    transfer.attach();
    transfer.say(header(1), data("x"), done(1));
    expect((await outcomeOf(answer)).body.toString()).toBe("x");
  });

  test.each([
    ["the token is deleted", async () => stage.deleteToken(tokenId)],
    ["MCP is switched off", async () => stage.switchOff()],
    ["ten minutes are over", async () => stage.clock.advanceAsync(600_000)],
  ])("ends when %s", async (_when, change) => {
    const { answer, transfer } = await download();
    transfer.say(header(4), data("ab"));
    await change();
    expect(await refusal(answer)).toEqual([502, "stream relay failed: stream revoked"]);
    expect(transfer.ended).toBe(true);
  });

  test("streams of other kinds outlive the switch", async () => {
    const other = stage.streams.create({ purpose: "terminal", creatorId: alice, serverId: agent.server.id });
    stage.switchOff();
    expect(stage.streams.size).toBe(1);
    if ("id" in other) stage.streams.close(other.id, "peer-ended");
  });

  test("ends when the client goes", async () => {
    const controller = new AbortController();
    const answer = fetch(await link("download"), { signal: controller.signal });
    const transfer = await agent.nextTransfer();
    transfer.attach();
    controller.abort();
    await expect(answer).rejects.toThrow("abort");
    await expect.poll(() => transfer.ended).toBe(true);
  });
});

describe("uploads", () => {
  async function take(transfer: FakeTransfer, size: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for (let got = 0; got < size; got += parts.at(-1)?.length ?? 0) parts.push(await transfer.next());
    return Buffer.concat(parts);
  }

  test("as the official agent takes them", async () => {
    const text = "uploaded bytes";
    const { answer, transfer } = await upload(text, `?sha256=%20${hexOf(text).toUpperCase()}`, {
      mode: "0640",
      create_dirs: true,
      if_match_sha256: "a".repeat(64),
    });
    expect(transfer.order).toEqual({
      stream_id: transfer.order.stream_id,
      op: "upload",
      path: "/srv/x",
      size: 14,
      mode: "0640",
      create_dirs: true,
      if_match_sha256: "a".repeat(64),
      expected_sha256: hexOf(text),
    });
    transfer.say(ready(14));
    expect((await take(transfer, 14)).toString()).toBe(text);
    transfer.say(done(14, digestOf(text)));
    transfer.halfClose();
    const { status, type, body } = await outcomeOf(answer);
    expect([status, type, body.toString()]).toEqual([
      200,
      "application/json; charset=utf-8",
      JSON.stringify({ size: 14, sha256: hexOf(text) }),
    ]);
    expect(await rows()).toMatchObject([{ tool: "fs.upload", outcome: "ok" }]);
  });

  test("nothing at all is an empty file; size 0 is not written into the order", async () => {
    const { answer, transfer } = await upload("");
    expect(transfer.order).not.toHaveProperty("size");
    transfer.say(ready(0), done(0, digestOf("")));
    expect((await outcomeOf(answer)).status).toBe(200);
  });

  test("a large file arrives whole", async () => {
    const bytes = randomBytes(5 * 2 ** 20 + 3);
    const { answer, transfer } = await upload(bytes);
    transfer.say(ready(bytes.length));
    expect((await take(transfer, bytes.length)).equals(bytes)).toBe(true);
    transfer.say(done(bytes.length, digestOf(bytes)));
    expect((await outcomeOf(answer)).status).toBe(200);
  });

  test.each([
    ["refused", [error("permission denied")], "permission denied"],
    ["gone", [], "agent did not return upload ready frame: EOF"],
    ["speaking of a download", [header(4)], "agent returned unexpected header magic"],
    ["expecting another size", [ready(5)], "agent acknowledged unexpected size"],
  ])("an agent %s before the body: 502", async (_what, frames, text) => {
    const { answer, transfer } = await upload("abcd");
    transfer.say(...frames);
    transfer.halfClose();
    expect(await refusal(answer)).toEqual([502, text]);
  });

  test.each([
    ["a wrong hash", [error("sha256 mismatch")], "sha256 mismatch"],
    ["gone", [], "agent did not acknowledge upload: EOF"],
    ["a download's end", [header(4)], "agent returned unexpected final magic"],
    ["another size", [done(5, digestOf("abcd"))], "upload final frame: declared size does not match streamed bytes"],
    ["another hash", [done(4, digestOf("dcba"))], "upload final frame: declared sha256 does not match streamed bytes"],
  ])("%s after the body: 502", async (_what, frames, text) => {
    const { answer, transfer } = await upload("abcd");
    transfer.say(ready(4));
    await take(transfer, 4);
    transfer.say(...frames);
    transfer.halfClose();
    expect(await refusal(answer)).toEqual([502, text]);
  });

  async function raw(path: string, headers: Record<string, string | number>, body: string): Promise<[number, string]> {
    const request = httpRequest(path, { method: "POST", headers });
    request.on("error", () => undefined);
    request.write(body);
    const [response] = (await once(request, "response")) as [AsyncIterable<Buffer> & { statusCode: number }];
    const text = Buffer.concat(await Array.fromAsync(response)).toString();
    request.destroy();
    return [response.statusCode, text];
  }

  test("a body without a length, or too long, or a strange hash, uses the link up", async () => {
    const [chunked, long, odd] = [await link("upload"), await link("upload"), await link("upload")];
    expect(await raw(chunked, { "transfer-encoding": "chunked" }, "x")).toEqual([411, "Content-Length required"]);
    expect(await raw(long, { "content-length": MCP_TRANSFER_CAP + 1 }, "x")).toEqual([413, "body exceeds MCP transfer cap (100MiB)"]);
    expect(await refusal(fetch(`${odd}?sha256=ab`, { method: "POST", body: "x" }))).toEqual([400, "sha256 must be 64 hex chars"]);
    expect(await refusal(fetch(odd, { method: "POST", body: "x" }))).toEqual([401, "invalid or already-used transfer token"]);
    expect((await rows()).map(({ outcome }) => outcome)).toEqual(["invalid_args", "invalid_args", "invalid_args", "permission_denied"]);
  });

  test("an agent that fails midway is heard although the body goes on", async () => {
    const answer = raw(await link("upload"), { "content-length": 8 }, "abcd");
    const transfer = await agent.nextTransfer();
    transfer.attach();
    transfer.say(ready(8));
    await take(transfer, 4);
    transfer.say(error("no space left on device"));
    transfer.halfClose();
    expect(await answer).toEqual([502, "no space left on device"]);
  });

  test("a client that goes midway ends the stream", async () => {
    const request = httpRequest(await link("upload"), { method: "POST", headers: { "content-length": 8 } });
    request.on("error", () => undefined);
    request.write("abcd");
    const transfer = await agent.nextTransfer();
    transfer.attach();
    transfer.say(ready(8));
    await take(transfer, 4);
    request.destroy();
    await expect.poll(() => transfer.ended).toBe(true);
    await expect.poll(async () => (await rows()).map(({ error_msg }) => error_msg)).toEqual(["stream relay failed: unexpected EOF"]);
  });
});
