import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { configDisk, configText, createConfigStore } from "../config/index.ts";
import { postJson } from "../system/post-json.ts";
import { parseDashboardAddress } from "./enrol-address.ts";
import { runEnrolCommand } from "./enrol-command.ts";
import type { PostJson } from "./enrol-command.ts";

const UUID = "11111111-2222-4333-8444-555555555555";
const GOOD = JSON.stringify({ success: true, data: { client_secret: "wfa_credential", server_id: 12 } });

let folder: string;
let path: string;
let printed: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-enrol-"));
  path = join(folder, "etc", "config.yml");
  printed = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

function enrol(post: PostJson, address = "https://dash.example.com", environment: Record<string, string> = {}, at = path) {
  const store = createConfigStore({ path: at, environment, disk: configDisk, text: configText, randomUuid: () => "unused" });
  return runEnrolCommand(
    {
      store,
      configPath: at,
      post,
      newUuid: () => UUID,
      serviceCommand: "node agent.cjs service -c config.yml",
      print: (line) => printed.push(line),
    },
    address,
    "the-code",
  );
}

test("a host without a configuration gets one that permits reports and probes alone, readable by its owner", async () => {
  const asked: unknown[] = [];
  const done = await enrol(async (address, body, isVerified) => {
    asked.push([address, body, isVerified]);
    return { status: 200, text: GOOD };
  });
  expect(done).toEqual({ ok: true, value: undefined });
  expect(asked).toEqual([["https://dash.example.com/api/v1/enrol", { code: "the-code", uuid: UUID }, true]]);
  const text = readFileSync(path, "utf8");
  expect(configText.parseNow(text)).toMatchObject({
    server: "dash.example.com:443",
    tls: "true",
    client_secret: "wfa_credential",
    uuid: UUID,
    permits: { report: "true", probes: "true" },
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(printed.join()).not.toContain("wfa_credential");
  expect(printed.at(-1)).toBe("next: node agent.cjs service -c config.yml install, or restart where it runs already");
});

test("an enrolled host keeps its UUID, its settings and what it permits; the environment does not win over the new credential", async () => {
  await enrol(async () => ({ status: 200, text: GOOD }));
  const before = readFileSync(path, "utf8")
    .replace("probes: true", "probes: true\n  terminal: true")
    .replace(/report_delay: .*/, "report_delay: 1");
  writeFileSync(path, before.replace(UUID, "99999999-2222-4333-8444-555555555555"));
  const text = GOOD.replace("wfa_credential", "wfa_newer");
  await enrol(async () => ({ status: 200, text }), "http://192.0.2.1:8008", { NZ_CLIENT_SECRET: "shared", NZ_SERVER: "old:1" });
  expect(configText.parseNow(readFileSync(path, "utf8"))).toMatchObject({
    server: "192.0.2.1:8008",
    tls: "false",
    client_secret: "wfa_newer",
    uuid: "99999999-2222-4333-8444-555555555555",
    report_delay: "1",
    permits: { report: "true", probes: "true", terminal: "true" },
  });
  expect(printed.filter((line) => line.startsWith("warning: without TLS"))).toHaveLength(1);
});

test("the file of an official agent keeps its meaning", async () => {
  path = join(folder, "config.yml");
  writeFileSync(path, `server: old:1\nclient_secret: shared\nuuid: ${UUID}\ndisable_nat: true\n`);
  await enrol(async () => ({ status: 200, text: GOOD }));
  const text = readFileSync(path, "utf8");
  expect(text).not.toContain("permits");
  expect(configText.parseNow(text)).toMatchObject({ disable_nat: "true", client_secret: "wfa_credential" });
});

test.each<[string, Awaited<ReturnType<PostJson>> | Error, string]>([
  ["a refusal", { status: 403, text: '{"success":false,"error":"used up\\u001b[31m"}' }, "answers used up [31m"],
  ["a page", { status: 200, text: "<html>" }, "answers 200: no dashboard that enrols hosts"],
  ["an older dashboard", { status: 404, text: '{"error":"404 Not Found"}' }, "answers 404 Not Found"],
  ["half an answer", { status: 200, text: '{"data":{"client_secret":"","server_id":1}}' }, "no dashboard that enrols hosts"],
  ["nobody", new Error("connect ECONNREFUSED"), "connect ECONNREFUSED"],
])("%s changes nothing", async (_name, reply, reason) => {
  const done = await enrol(async () => {
    if (reply instanceof Error) throw reply;
    return reply;
  });
  expect(done).toEqual({ ok: false, error: expect.stringContaining(reason) as string });
  expect(configDisk.read(path)).toBeUndefined();
});

test("a configuration that cannot be written is said", async () => {
  writeFileSync(join(folder, "file"), "");
  const done = await enrol(async () => ({ status: 200, text: GOOD }), undefined, {}, join(folder, "file", "config.yml"));
  expect(done.ok).toBe(false);
});

test.each([
  ["dash.example.com", "https://dash.example.com", "dash.example.com:443", true],
  ["dash.example.com:8443", "https://dash.example.com:8443", "dash.example.com:8443", true],
  ["http://192.0.2.1:8008/", "http://192.0.2.1:8008", "192.0.2.1:8008", false],
  ["http://dash.example.com", "http://dash.example.com", "dash.example.com:80", false],
  ["https://[2001:db8::1]", "https://[2001:db8::1]", "[2001:db8::1]:443", true],
])("address %s", (text, origin, server, tls) => {
  expect(parseDashboardAddress(text)).toMatchObject({ ok: true, value: { origin, server, tls } });
});

test.each(["", "ftp://dash.example.com", "https://a/b", "https://u:p@a", "https://a?x", "https://a:99999", "a b"])(
  "no address: %j",
  (text) => {
    expect(parseDashboardAddress(text).ok).toBe(false);
  },
);

test("over a real connection: JSON is sent, redirects are not followed, answers have a size", async () => {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      heard.push(`${request.method} ${request.url} ${body}`);
      if (request.url === "/moved") response.writeHead(302, { location: "/api" }).end();
      else response.end(request.url === "/large" ? "x".repeat(100_000) : "{}");
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await postJson(`${base}/api`, { code: "ä" }, true)).toEqual({ status: 200, text: "{}" });
  expect(await postJson(`${base}/moved`, {}, true)).toEqual({ status: 302, text: "" });
  await expect(postJson(`${base}/large`, {}, true)).rejects.toThrow("larger than 65536 bytes");
  expect(heard).toEqual(['POST /api {"code":"ä"}', "POST /moved {}", "POST /large {}"]);
  server.closeAllConnections();
  server.close();
});
