import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseFileResponse, TASK } from "@windfire/protocol";
import { systemClock } from "@windfire/kit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createLog } from "./log.ts";
import { runFileManager } from "./streams/file-manager.ts";
import { createMcpTransfer } from "./streams/mcp-transfer.ts";
import { createNat } from "./streams/nat.ts";
import { runExec } from "./system/run-exec.ts";
import { createExec, createFsWrite, createPathLocks, fsDelete, fsList, fsRead } from "./tasks/mcp/index.ts";
import { startFakeDashboard } from "./testing/fake-dashboard.ts";
import type { FakeDashboard } from "./testing/fake-dashboard.ts";
import { readRecording, resultsOf, tasksOf } from "./testing/recordings.ts";
import type { RecordedEvent } from "./testing/recordings.ts";
import { createTestAgent } from "./testing/test-agent.ts";
import type { TestAgent } from "./testing/test-agent.ts";

/** Where the recorded agent had its files. */
const RECORDED_FOLDER = "/srv/tested/sb/files";
const HANDSHAKE = "ff05ff05";

let dashboard: FakeDashboard;
let agent: TestAgent;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "agent-peers-"));
  dashboard = await startFakeDashboard();
  const withLock = createPathLocks(false);
  const log = createLog({ write: () => undefined, now: () => 0, isDebug: () => false });
  agent = createTestAgent({
    server: dashboard.address,
    kinds: new Map([
      [TASK.nat, createNat({ clock: systemClock, lookUp: (host) => Promise.resolve(host) })],
      [TASK.fileManager, runFileManager],
      [TASK.mcpExec, createExec({ run: runExec, environment: process.env, monotonic: systemClock.monotonic })],
      [TASK.mcpFsList, fsList],
      [TASK.mcpFsRead, fsRead],
      [TASK.mcpFsWrite, createFsWrite(withLock)],
      [TASK.mcpFsDelete, fsDelete],
      [TASK.mcpFsTransfer, createMcpTransfer({ clock: systemClock, log, withLock })],
    ]),
  });
  agent.link.start();
  await dashboard.next("State");
});
afterEach(async () => {
  await agent.stop();
  await dashboard.close();
  rmSync(folder, { recursive: true, force: true });
});

const here = (text: string): string => text.replaceAll(RECORDED_FOLDER, folder);
const there = (text: string): string => text.replaceAll(folder, RECORDED_FOLDER);
const bytesOf = (event: RecordedEvent): Buffer => Buffer.from(String(event.json?.["data"] ?? ""), "hex");
const frames = (events: readonly RecordedEvent[]): RecordedEvent[] =>
  events.filter(({ type, json }) => type === "IOStreamData" && json?.["data"] !== undefined);

async function ours(): Promise<Buffer> {
  return Buffer.from((await dashboard.next("IOStreamData", (one) => one.message.data.length > 0)).message.data);
}

test("MCP tasks: the same results", async () => {
  const recording = readRecording("mcp");
  const recorded = resultsOf(recording);
  const plain = (data: string): unknown => JSON.parse(there(data).replace(/"(duration_ms|mtime)":\d+/g, '"$1":0'));
  for (const [index, task] of tasksOf(recording).entries()) {
    dashboard.send({ ...task, data: here(task.data) });
    const { message } = await dashboard.next("TaskResult");
    const expected = recorded[index];
    expect({ id: message.id, type: message.type, successful: message.successful }).toEqual({
      id: expected?.id,
      type: expected?.type,
      successful: expected?.successful,
    });
    // The recorded folder held other files besides; only the shape of a listing can be the same.
    if (task.type === TASK.mcpFsList)
      expect(Object.keys(JSON.parse(message.data) as object)).toEqual(Object.keys(JSON.parse(expected?.data ?? "") as object));
    else expect(plain(message.data)).toEqual(plain(expected?.data ?? ""));
  }
});

test("MCP transfers: the same frames, byte for byte", async () => {
  const { calls, events } = readRecording("mcp-transfer");
  for (const [index, task] of tasksOf({ calls, events }).entries()) {
    dashboard.send({ ...task, data: here(task.data) });
    const call = frames(events).filter(({ call: number }) => number === index + 2);
    for (const event of call) {
      if (event.from === "dashboard") dashboard.relay(bytesOf(event));
      else expect((await ours()).toString("hex")).toBe(bytesOf(event).toString("hex"));
    }
    await dashboard.next("half-close", ({ method }) => method === "IOStream");
  }
  expect(statSync(join(folder, "mcp-up.bin")).mode & 0o777).toBe(0o640);
});

test("the file manager: the same answers", async () => {
  writeFileSync(join(folder, "a.txt"), "hello file\n");
  writeFileSync(join(folder, "empty"), "");
  mkdirSync(join(folder, "sub"));
  const recording = readRecording("files");
  const [task] = tasksOf(recording);
  dashboard.send({ ...task });
  const comparable = (bytes: Buffer): unknown => {
    const response = parseFileResponse(bytes);
    if (response?.kind === "listing" && !there(response.path).startsWith(RECORDED_FOLDER)) return "home";
    return response === undefined ? bytes.toString("hex") : (JSON.parse(there(JSON.stringify(response))) as unknown);
  };
  const isHeaderOfFolder = (bytes: Buffer): boolean => bytes.toString("hex") === "4e5a54440000000000001000";
  const answers: unknown[] = [];
  const recorded: unknown[] = [];
  for (const event of frames(recording.events)) {
    const bytes = bytesOf(event);
    if (event.from === "dashboard") {
      dashboard.relay(bytes[0] === undefined || bytes[0] > 2 ? bytes : Buffer.from(here(bytes.toString("latin1")), "latin1"));
      continue;
    }
    // We refuse a folder at once, where the reference first announces its size.
    if (isHeaderOfFolder(bytes)) continue;
    answers.push(comparable(await ours()));
    recorded.push(comparable(bytes));
  }
  expect(answers).toEqual(recorded);
});

test("tunnels: the request reaches the backend as it came, the answer comes back, without a stray text", async () => {
  const requests: string[] = [];
  const backend = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${request.headers.host}`);
    response.writeHead(200, { "x-back": "yes", connection: "close" }).end("body");
  });
  await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
  const address = backend.address();
  const host = `127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  const { calls, events } = readRecording("nat");
  const [first] = tasksOf({ calls, events });
  dashboard.send({ ...first, data: first?.data.replace("127.0.0.1:18216", host) ?? "" });
  expect((await ours()).toString("hex").startsWith(HANDSHAKE)).toBe(true);
  const request = frames(events).find(({ from }) => from === "dashboard");
  if (request === undefined) expect.fail("nothing recorded");
  dashboard.relay(bytesOf(request));
  await dashboard.next("half-close", ({ method }) => method === "IOStream");
  const answer = dashboard.heard
    .filter((one) => one.kind === "IOStreamData")
    .map(({ message }) => Buffer.from(message.data).toString("latin1"));
  expect(answer.slice(1).join("")).toMatch(/^HTTP\/1\.1 200 OK\r\nx-back: yes[\s\S]*body\r?\n?[\s\S]*$/);
  expect(answer.join("")).not.toContain("EOF");
  expect(requests).toEqual(["GET /hello?x=1 nat.test"]);
  backend.close();
});
