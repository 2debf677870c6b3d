import { createHash } from "node:crypto";
import { linkSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import {
  formatFileRequest,
  formatNatOrder,
  formatStreamOrder,
  parseFileResponse,
  parseHandshake,
  parseMcpFrame,
  TASK,
} from "@windfire/protocol";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configDisk, configText, createConfigStore } from "../config/index.ts";
import { createLog } from "../log.ts";
import { runFileManager } from "../streams/file-manager.ts";
import { createMcpTransfer } from "../streams/mcp-transfer.ts";
import { createNat } from "../streams/nat.ts";
import { createTerminal } from "../streams/terminal.ts";
import type { RunTask } from "../tasks/index.ts";
import { createFsWrite, createPathLocks, fsDelete, fsList, fsRead } from "../tasks/mcp/index.ts";
import { startFakeDashboard } from "../testing/fake-dashboard.ts";
import type { FakeDashboard } from "../testing/fake-dashboard.ts";
import { createTestAgent, TEST_SECRET, TEST_UUID } from "../testing/test-agent.ts";
import type { TestAgent } from "../testing/test-agent.ts";
import type { HostRights } from "./index.ts";
import { MONITOR_ONLY, RIGHTS } from "./index.ts";

const STREAM_ID = "8db59ce5-ec2b-aafd-1455-1dd70e7b0f1c";
const EVERYTHING: HostRights = { kind: "own", permits: new Map(RIGHTS.map((right) => [right, {}])) };
const SETTINGS = `client_secret: ${TEST_SECRET}\npermits:\n  report: true\n  probes: true\nserver: a:1\nuuid: ${TEST_UUID}\n`;

let dashboard: FakeDashboard;
let agent: TestAgent;
let folder: string;
let own: string;

async function start(hostRights: HostRights): Promise<void> {
  const log = createLog({ write: () => undefined, now: () => 0, isDebug: () => false });
  const withLock = createPathLocks(false);
  agent = createTestAgent({
    server: dashboard.address,
    hostRights,
    configPath: own,
    kinds: new Map<number, RunTask>([
      [TASK.command, () => ({ data: "done", successful: true })],
      [TASK.httpGet, () => ({ data: "done", successful: true })],
      [TASK.upgrade, () => ({ data: "done", successful: true })],
      [TASK.mcpExec, () => ({ data: "done", successful: true })],
      [TASK.terminal, createTerminal(() => Promise.reject(new Error("none")))],
      [TASK.nat, createNat({ clock: systemClock, lookUp: (host) => Promise.resolve(host) })],
      [TASK.fileManager, runFileManager],
      [TASK.mcpFsList, fsList],
      [TASK.mcpFsRead, fsRead],
      [TASK.mcpFsWrite, createFsWrite(withLock)],
      [TASK.mcpFsDelete, fsDelete],
      [TASK.mcpFsTransfer, createMcpTransfer({ clock: systemClock, log, withLock })],
    ]),
  });
  agent.link.start();
  await dashboard.next("State");
}

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "agent-orders-")));
  mkdirSync(join(folder, "etc"));
  mkdirSync(join(folder, "srv"));
  own = join(folder, "etc/config.yml");
  writeFileSync(own, SETTINGS);
  dashboard = await startFakeDashboard();
});
afterEach(async () => {
  await agent.stop();
  await dashboard.close();
  rmSync(folder, { recursive: true, force: true });
});

async function frame(): Promise<Buffer> {
  const { message } = await dashboard.next("IOStreamData", (one) => one.message.data.length > 0);
  return Buffer.from(message.data);
}

async function attached(): Promise<void> {
  expect(parseHandshake(await frame())).toBe(STREAM_ID);
}

async function result(type: number, request: object): Promise<Record<string, unknown>> {
  dashboard.send({ id: 1, type, data: JSON.stringify(request) });
  const { message } = await dashboard.next("TaskResult", (one) => one.message.type === type);
  return JSON.parse(message.data) as Record<string, unknown>;
}

/** Names of the file that must stay as it is. */
const NAMES: readonly [string, () => string][] = [
  ["its own name", () => own],
  ["a name with detours", () => `${folder}/srv/.././etc//config.yml`],
  ["a relative name", () => relative(process.cwd(), own)],
  [
    "a hard link",
    () => {
      linkSync(own, join(folder, "srv/hard"));
      return join(folder, "srv/hard");
    },
  ],
  [
    "a link to its folder",
    () => {
      symlinkSync(join(folder, "etc"), join(folder, "srv/etc"));
      return join(folder, "srv/etc/config.yml");
    },
  ],
];
const LINKED: (typeof NAMES)[number] = [
  "a symbolic link",
  () => {
    symlinkSync(own, join(folder, "srv/soft"));
    return join(folder, "srv/soft");
  },
];

describe("with everything permitted, the gate's file stays as it is", () => {
  let before: unknown;
  beforeEach(async () => {
    await start(EVERYTHING);
    before = identity();
  });
  const identity = (): unknown => ({ text: readFileSync(own, "utf8"), ino: statSync(own).ino });
  const REFUSED = /belongs to the agent|path must be absolute/;

  test.each([...NAMES, LINKED])("file manager, by %s", async (_, make) => {
    const path = make();
    dashboard.send({ type: TASK.fileManager, data: formatStreamOrder({ streamId: STREAM_ID }) });
    await attached();
    for (const request of [
      { kind: "download" as const, path },
      { kind: "upload" as const, path, size: 0 },
      { kind: "upload" as const, path, size: 5 },
    ]) {
      dashboard.relay(formatFileRequest(request));
      expect(parseFileResponse(await frame())).toEqual({ kind: "error", text: expect.stringMatching(REFUSED) as string });
    }
    dashboard.relay(Buffer.from("12345"));
    dashboard.relay(formatFileRequest({ kind: "list", path: folder }));
    expect(parseFileResponse(await frame())).toMatchObject({ kind: "listing" });
    expect(identity()).toEqual(before);
  });

  test.each(NAMES)("MCP tools, by %s", async (_, make) => {
    const path = make();
    const error = expect.stringMatching(REFUSED) as string;
    expect(await result(TASK.mcpFsRead, { path })).toMatchObject({ content: "", error });
    expect(await result(TASK.mcpFsWrite, { path, content: "permits: [terminal]" })).toMatchObject({ error });
    const sha256 = createHash("sha256").update(SETTINGS).digest("hex");
    expect(await result(TASK.mcpFsWrite, { path, content: "x", if_match_sha256: sha256 })).toMatchObject({ error });
    expect(await result(TASK.mcpFsDelete, { path })).toMatchObject({ deleted_count: 0, error });
    expect(await result(TASK.mcpFsDelete, { path, recursive: true })).toMatchObject({ deleted_count: 0, error });
    for (const op of ["upload", "download"]) {
      dashboard.send({ type: TASK.mcpFsTransfer, data: JSON.stringify({ stream_id: STREAM_ID, op, path, size: 0 }) });
      await attached();
      expect(parseMcpFrame(new Uint8Array(await frame()))).toMatchObject({ kind: "error", text: error });
    }
    expect(identity()).toEqual(before);
  });

  test("the folders above it cannot be removed or replaced, nor a tree with another name of it", async () => {
    const error = "this file belongs to the agent, no order may touch it";
    for (const path of [join(folder, "etc"), folder]) {
      expect(await result(TASK.mcpFsDelete, { path, recursive: true })).toMatchObject({ error });
      expect(await result(TASK.mcpFsWrite, { path, content: "x" })).toMatchObject({ error });
    }
    linkSync(own, join(folder, "srv/hard"));
    writeFileSync(join(folder, "srv/other"), "");
    expect(await result(TASK.mcpFsDelete, { path: join(folder, "srv"), recursive: true })).toMatchObject({ error });
    expect(statSync(join(folder, "srv/other")).isFile()).toBe(true);
    expect(identity()).toEqual(before);
  });

  test("a symbolic link to it can be removed and replaced, the file stays", async () => {
    const path = LINKED[1]();
    expect(await result(TASK.mcpFsWrite, { path, content: "mine" })).toMatchObject({ size: 4 });
    expect(readFileSync(path, "utf8")).toBe("mine");
    expect(identity()).toEqual(before);
  });

  test("while it is gone nobody makes it", async () => {
    rmSync(own);
    expect(await result(TASK.mcpFsWrite, { path: own, content: "permits: [terminal]", create_dirs: true })).toHaveProperty("error");
    dashboard.send({ type: TASK.fileManager, data: formatStreamOrder({ streamId: STREAM_ID }) });
    await attached();
    dashboard.relay(formatFileRequest({ kind: "upload", path: own, size: 0 }));
    expect(parseFileResponse(await frame())).toMatchObject({ kind: "error" });
    expect(() => statSync(own)).toThrow("ENOENT");
  });
});

describe("configuration and transfer never change rights", () => {
  test.each<[string, number, object]>([
    ["a configuration", TASK.applyConfig, { permits: { terminal: true }, Permits: ["terminal"], report_delay: 2 }],
    ["a configuration with a list", TASK.applyConfig, { permits: ["terminal"], "permits:": true, report_delay: 2 }],
    ["a transfer", TASK.serverTransfer, { client_secret: "A".repeat(32), permits: { terminal: true } }],
  ])("%s", async (_, type, data) => {
    const text = SETTINGS.replace("server: a:1", `server: ${dashboard.address}\ntls: true`);
    writeFileSync(own, text);
    const store = createConfigStore({ path: own, environment: {}, disk: configDisk, text: configText, randomUuid: () => TEST_UUID });
    const loaded = await store.load();
    if (!loaded.ok) throw new Error(loaded.error);
    await start(EVERYTHING);
    const { createApplyConfig, createServerTransfer } = await import("../tasks/index.ts");
    const { createLiveConfig } = await import("../config/index.ts");
    const live = createLiveConfig({
      clock: agent.clock,
      initial: loaded.value,
      save: store.save,
      onCommit: () => undefined,
      onSaveFailure: (reason) => expect.unreachable(reason),
    });
    const run = type === TASK.applyConfig ? createApplyConfig(live) : createServerTransfer(live);
    const context = { config: loaded.value } as Parameters<typeof run>[1];
    expect(await run({ id: 1, type, data: JSON.stringify(data) }, context)).toMatchObject({ successful: true });
    await agent.clock.advanceAsync(10_000);
    const written = readFileSync(own, "utf8");
    expect(written).toMatch(/report_delay: 2|client_secret: A{32}|client_secret: "A{32}"/);
    expect(/permits:\n(?: .*\n)+/.exec(written)?.[0]).toBe("permits:\n  report: true\n  probes: true\n");
  });
});

describe("a fresh installation", () => {
  beforeEach(() => start({ kind: "own", permits: MONITOR_ONLY }));

  test("probes are carried out", async () => {
    dashboard.send({ id: 5, type: TASK.httpGet });
    expect((await dashboard.next("TaskResult")).message).toMatchObject({ id: 5, data: "done" });
  });

  test.each([TASK.command, TASK.upgrade, TASK.reportConfig, TASK.applyConfig, TASK.serverTransfer])(
    "task %i is refused and noted",
    async (type) => {
      dashboard.send({ id: 5, type });
      const { message } = await dashboard.next("TaskResult");
      expect(message).toMatchObject({ id: 5, successful: false, data: expect.stringContaining("windfire agent permit") as string });
      expect(agent.log.join("")).toContain(`refused an order of the dashboard (task of type ${type})`);
    },
  );

  test.each([15, 16, 17, 18, 19])("MCP task %i is refused and noted", async (type) => {
    expect(await result(type, { path: folder, cmd: "id" })).toMatchObject({ error: expect.stringContaining("does not permit") as string });
    expect(agent.log.join("")).toContain(`task of type ${type}`);
  });

  test.each([TASK.terminal, TASK.fileManager])(
    "stream of task %i says why there is none, and ends when a browser has had the time to come",
    async (type) => {
      dashboard.send({ type, data: formatStreamOrder({ streamId: STREAM_ID }) });
      await attached();
      expect((await frame()).toString()).toContain("This host does not permit");
      await agent.clock.advanceAsync(3_000);
      await dashboard.next("half-close", ({ method }) => method === "IOStream");
    },
  );

  test("a tunnel answers its visitor with what is missing, and does not name its target", async () => {
    dashboard.send({ type: TASK.nat, data: formatNatOrder({ streamId: STREAM_ID, host: "127.0.0.1:80" }) });
    await attached();
    const answer = (await frame()).toString();
    expect(answer).toMatch(
      /^HTTP\/1\.1 502 Bad Gateway\r\n[^]*\r\n\r\nThis host does not permit nat\. Its owner can: windfire agent permit nat\n$/,
    );
    expect(answer).not.toContain("127.0.0.1");
    await agent.clock.advanceAsync(3_000);
    await dashboard.next("half-close", ({ method }) => method === "IOStream");
  });

  test("refused streams that wait for their browsers are few; the others end at once", async () => {
    for (let count = 0; count < 70; count++) dashboard.send({ type: TASK.terminal, data: formatStreamOrder({ streamId: STREAM_ID }) });
    for (let count = 0; count < 6; count++) await dashboard.next("half-close", ({ method }) => method === "IOStream");
    await agent.clock.advanceAsync(3_000);
    for (let count = 0; count < 64; count++) await dashboard.next("half-close", ({ method }) => method === "IOStream");
    expect(dashboard.heard.filter((one) => one.kind === "half-close" && one.method === "IOStream")).toHaveLength(70);
  });

  test("a flood of refused orders of one kind is two lines a second, with their number; another kind has a line of its own", async () => {
    for (let count = 0; count < 500; count++) dashboard.send({ id: count, type: TASK.command });
    dashboard.send({ id: 500, type: TASK.reportConfig });
    await dashboard.next("TaskResult", (one) => one.message.id === 500);
    await agent.clock.advanceAsync(1_000);
    const lines = agent.log.filter((line) => line.includes("refused"));
    expect(lines.map((line) => line.slice(line.indexOf("refused"), line.indexOf(":", 30)))).toEqual([
      "refused an order of the dashboard (task of type 4)",
      "refused an order of the dashboard (task of type 12)",
      "refused 499 more orders of the dashboard (task of type 4)",
    ]);
  });
});

describe("limits", () => {
  test("files inside the folders alone; the listing begins there", async () => {
    await start({ kind: "own", permits: new Map([["files", { only: [join(folder, "srv")] }]]) });
    writeFileSync(join(folder, "srv/a"), "a");
    writeFileSync(join(folder, "secret"), "s");
    expect(await result(TASK.mcpFsRead, { path: join(folder, "srv/a") })).toMatchObject({ content: "a" });
    expect(await result(TASK.mcpFsRead, { path: join(folder, "secret") })).toMatchObject({ error: "this host does not permit this path" });
    expect(await result(TASK.mcpFsList, { path: folder })).toMatchObject({ error: "this host does not permit this path" });
    dashboard.send({ type: TASK.fileManager, data: formatStreamOrder({ streamId: STREAM_ID }) });
    await attached();
    dashboard.relay(formatFileRequest({ kind: "list", path: "" }));
    expect(parseFileResponse(await frame())).toMatchObject({ kind: "listing", path: `${join(folder, "srv")}/` });
    dashboard.relay(formatFileRequest({ kind: "upload", path: join(folder, "srv/../new"), size: 0 }));
    expect(parseFileResponse(await frame())).toMatchObject({ kind: "error" });
    for (const [type, path] of [
      [TASK.mcpFsRead, join(folder, "secret")],
      [TASK.mcpFsList, folder],
      [TASK.fileManager, join(folder, "srv/../new")],
    ] as const)
      expect(agent.log.join("")).toContain(
        `refused an order of the dashboard (task of type ${type}): this host does not permit files at ${path}\n`,
      );
  });

  test("a link that leads nowhere is not followed out of the folders", async () => {
    await start({ kind: "own", permits: new Map([["files", { only: [join(folder, "srv")] }]]) });
    symlinkSync(join(folder, "made"), join(folder, "srv/dangling"));
    dashboard.send({ type: TASK.fileManager, data: formatStreamOrder({ streamId: STREAM_ID }) });
    await attached();
    dashboard.relay(formatFileRequest({ kind: "upload", path: join(folder, "srv/dangling"), size: 0 }));
    expect(parseFileResponse(await frame())).toMatchObject({ kind: "error" });
    expect(() => statSync(join(folder, "made"))).toThrow("ENOENT");
  });

  test("tunnels to the targets alone", async () => {
    await start({ kind: "own", permits: new Map([["nat", { only: ["127.0.0.2:80"] }]]) });
    const { createServer } = await import("node:net");
    let connections = 0;
    const server = createServer(() => connections++);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const host = `127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
    dashboard.send({ type: TASK.nat, data: formatNatOrder({ streamId: STREAM_ID, host }) });
    await attached();
    const answer = (await frame()).toString();
    expect(answer).toContain("502 Bad Gateway");
    expect(answer).toContain("This host does not permit a tunnel to its target.");
    expect(answer).not.toContain(host);
    await dashboard.next("half-close", ({ method }) => method === "IOStream");
    server.close();
    expect(connections).toBe(0);
    expect(agent.log.join("")).toContain(`refused an order of the dashboard (task of type 9): this host does not permit nat to ${host}`);
  });

  test("a right that ends takes its stream along", async () => {
    const permits = new Map([["files" as const, {}]]);
    await start({ kind: "own", permits });
    dashboard.send({ type: TASK.fileManager, data: formatStreamOrder({ streamId: STREAM_ID }) });
    await attached();
    permits.delete("files");
    await agent.clock.advanceAsync(2_000);
    expect(parseFileResponse(await frame())).toEqual({ kind: "error", text: "This host does not permit this any more." });
    await dashboard.next("half-close", ({ method }) => method === "IOStream");
  });
});
