import { createServer } from "node:http";
import type { Server } from "node:http";
import { TASK } from "@windfire/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agentClock } from "./system/clock.ts";
import { connect } from "./system/connect.ts";
import { createGet } from "./system/get.ts";
import { systemLookUp } from "./system/look-up.ts";
import { runProgram } from "./system/run-program.ts";
import { runShell } from "./system/run-shell.ts";
import { createCommand, createHttpGet, createIcmpPing, createTcpPing, createTurns } from "./tasks/index.ts";
import type { RunTask } from "./tasks/index.ts";
import { startFakeDashboard } from "./testing/fake-dashboard.ts";
import type { FakeDashboard } from "./testing/fake-dashboard.ts";
import { agentStory, readRecording, resultsOf, tasksOf } from "./testing/recordings.ts";
import type { RecordedTask, Recording } from "./testing/recordings.ts";
import { createTestAgent, TEST_HOST } from "./testing/test-agent.ts";
import type { TestAgent } from "./testing/test-agent.ts";

let dashboard: FakeDashboard;
let agent: TestAgent | undefined;
let web: Server | undefined;

beforeEach(async () => {
  dashboard = await startFakeDashboard();
});
afterEach(async () => {
  await agent?.stop();
  agent = undefined;
  web?.close();
  web = undefined;
  await dashboard.close();
});

const IN_TURN = createTurns(agentClock);
const KINDS = new Map<number, RunTask>([
  [TASK.httpGet, createHttpGet(createGet(systemLookUp, IN_TURN))],
  [TASK.icmpPing, createIcmpPing({ platform: process.platform, lookUp: systemLookUp, run: runProgram })],
  [TASK.tcpPing, createTcpPing({ clock: agentClock, lookUp: systemLookUp, connect, inTurn: IN_TURN })],
  [TASK.command, createCommand(runShell, agentClock)],
  [TASK.upgrade, () => ({})],
]);
/** Kinds that must be known to be refused. */
const SESSIONS = new Map<number, RunTask>([8, 9, 11, 15, 16, 17, 18, 19, 20].map((type) => [type, () => undefined]));

function start(options: Partial<Parameters<typeof createTestAgent>[0]> = {}): TestAgent {
  agent = createTestAgent({ server: dashboard.address, kinds: new Map([...SESSIONS, ...KINDS]), random: 0, ...options });
  agent.link.start();
  return agent;
}

/** What our agent did on one connection, as recordings say it. */
function ourStory(connection = 0): string[] {
  const first = dashboard.heard.findIndex((one) => one.kind === "open" && one.connection === connection);
  return dashboard.heard.slice(first).flatMap((one) => {
    if (one.kind === "open") return [`open ${one.method}`];
    return ["Host", "State", "GeoIP", "TaskResult", "IOStreamData"].includes(one.kind) ? [one.kind] : [];
  });
}

/** Sends the recorded tasks and collects as many results as were recorded. */
async function replay(recording: Recording, adapt: (task: RecordedTask) => RecordedTask = (task) => task) {
  await dashboard.next("State");
  for (const task of tasksOf(recording)) dashboard.send(adapt(task));
  const results = [];
  for (const _ of resultsOf(recording)) results.push((await dashboard.next("TaskResult")).message);
  return results;
}

const byId = (results: readonly { id: number; type: number; data: string; successful: boolean }[]) =>
  results.map(({ id, type, data, successful }) => ({ id, type, data, successful })).toSorted((a, b) => a.type - b.type || a.id - b.id);

describe("against recordings of the official programs", () => {
  test("a first start: the same calls and messages in the same order, with the same headers", async () => {
    const recording = readRecording("connect");
    const story = agentStory(recording);
    start();
    await dashboard.next("GeoIP");
    expect(ourStory()).toEqual(story.slice(0, story.indexOf("GeoIP") + 1));
    const opened = dashboard.heard.filter((one) => one.kind === "open");
    for (const [index, { request_headers: recorded }] of recording.calls.entries()) {
      const headers = opened[index]?.headers ?? {};
      expect(Object.keys(headers).toSorted()).toEqual(Object.keys(recorded).toSorted());
      for (const name of [
        ":method",
        ":scheme",
        ":path",
        "content-type",
        "te",
        "client-secret",
        "client-uuid",
        "client_secret",
        "client_uuid",
      ]) {
        expect([name, headers[name]]).toEqual([name, recorded[name]]);
      }
    }
    const host = recording.events.find(({ type }) => type === "Host")?.json;
    expect(host).toMatchObject({ platform: TEST_HOST.platform, cpu: TEST_HOST.cpu, boot_time: TEST_HOST.bootTime });
    expect(dashboard.heard.find((one) => one.kind === "Host")?.message).toEqual({ ...TEST_HOST, rights: [] });
  });

  test.each(["keepalive", "upgrade", "transfer-plaintext", "apply-config-refused"])("%s: the same results", async (name) => {
    const recording = readRecording(name);
    start();
    const results = await replay(recording);
    const comparable = (one: { id: number; type: number; data: string; successful: boolean }) => ({
      id: one.id,
      type: one.type,
      data: one.data,
      successful: one.successful,
    });
    // The text about broken JSON comes from the language's own reader.
    const known = (data: string): string => (/^invalid (character|configuration)/.test(data) ? "invalid" : data);
    expect(results.map(comparable).map((one) => ({ ...one, data: known(one.data) }))).toEqual(
      resultsOf(recording)
        .map(comparable)
        .map((one) => ({ ...one, data: known(one.data) })),
    );
  });

  test("commands: the same results", async () => {
    const recording = readRecording("command");
    start();
    const adapt = (task: RecordedTask): RecordedTask => ({
      ...task,
      data: task.data.replace("sleep 1.25; pwd", "sleep 0.1; echo /srv/tested/sb"),
    });
    const results = await replay(recording, adapt);
    expect(byId(results)).toEqual(byId(resultsOf(recording)));
    for (const result of results) if (result.type === TASK.command) expect(result.delay).toBeGreaterThan(0);
  });

  test("probes: the same outcomes, and a delay where there was an answer", async () => {
    const recording = readRecording("probes");
    web = createServer((request, response) => response.writeHead(request.url === "/" ? 200 : 404).end());
    await new Promise<void>((resolve) => web?.listen(0, "127.0.0.1", resolve));
    const address = web.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    // Port 18218 was closed, 18217 spoke TLS with a certificate of the recording's own, and ping needs rights.
    const unplayed = new Set([3, 6]);
    const played: Recording = {
      calls: [],
      events: recording.events.filter(
        ({ json }) => !unplayed.has(Number(json?.["id"])) && (json?.["type"] !== undefined || json === undefined),
      ),
    };
    start();
    const results = await replay(played, (task) => ({ ...task, data: task.data.replace("18216", String(port)).replace("18218", "1") }));
    const outcome = ({
      id,
      type,
      successful,
      delay,
      data,
    }: {
      id: number;
      type: number;
      successful: boolean;
      delay: number;
      data: string;
    }) => ({
      id,
      type,
      successful,
      hasDelay: delay > 0,
      hasData: data !== "",
    });
    const order = (a: { id: number }, b: { id: number }): number => a.id - b.id;
    expect(results.map(outcome).toSorted(order)).toEqual(resultsOf(played).map(outcome).toSorted(order));
    const text = (id: number): string | undefined => results.find((one) => one.id === id)?.data;
    const recorded = (id: number): string | undefined => resultsOf(played).find((one) => one.id === id)?.data;
    expect([text(2), text(5), text(10)]).toEqual([recorded(2), recorded(5), recorded(10)]);
  });

  test("the configuration as it was reported: the same keys in the same order", async () => {
    const recording = readRecording("report-config");
    const recorded = JSON.parse(resultsOf(recording)[0]?.data ?? "{}") as Record<string, never>;
    start({ config: { ...recorded, server: dashboard.address } });
    const [result] = await replay(recording);
    const ours = JSON.parse(result?.data ?? "{}") as Record<string, unknown>;
    expect(JSON.stringify({ ...ours, server: "" })).toBe(JSON.stringify({ ...recorded, server: "" }));
    expect(result?.successful).toBe(true);
  });

  test("an applied configuration: results, a peaceful end, and the calls of the next connection", async () => {
    const recording = readRecording("apply-config");
    const ours = start();
    await dashboard.next("GeoIP");
    await dashboard.next("State");
    const first = tasksOf(recording)
      .filter(({ type }) => type !== TASK.keepalive)
      .slice(0, 3);
    const server = (data: string): string => data.replaceAll("127.0.0.1:18210", dashboard.address);
    for (const task of first) dashboard.send({ ...task, data: server(task.data) });
    const results = [];
    for (const _ of first) results.push((await dashboard.next("TaskResult")).message);
    const expected = resultsOf(recording)
      .filter(({ type }) => type !== TASK.keepalive)
      .slice(0, 3);
    expect(results.map(({ type, successful }) => ({ type, successful }))).toEqual(
      expected.map(({ type, successful }) => ({ type, successful })),
    );
    expect(results[2]?.data).toBe(expected[2]?.data);
    await ours.clock.advanceAsync(10_000);
    await dashboard.next("disconnect");
    while (!ours.log.join("").includes("disconnected")) await new Promise((resolve) => setImmediate(resolve));
    expect(ours.live.current().report_delay).toBe(1);
    await ours.clock.advanceAsync(0);
    await dashboard.next("GeoIP");
    const story = agentStory(recording, 2);
    expect(ourStory(1)).toEqual(story.slice(0, story.indexOf("GeoIP") + 1));
  });

  test("a restarted dashboard: the calls of the next connection", async () => {
    const ours = start();
    await dashboard.next("GeoIP");
    dashboard.goAway();
    dashboard.cut();
    dashboard.bootTime += 88;
    while (!ours.log.join("").includes("disconnected")) await new Promise((resolve) => setImmediate(resolve));
    await ours.clock.advanceAsync(0);
    await dashboard.next("GeoIP");
    const story = agentStory(readRecording("dashboard-restart"), 2);
    expect(ourStory(1)).toEqual(story.slice(0, story.indexOf("GeoIP") + 1));
  });

  test("a transfer over TLS is accepted, and the revert that follows takes its place", async () => {
    for (const name of ["transfer-tls", "transfer-cancelled"]) {
      const tasks = tasksOf(readRecording(name)).filter(({ type }) => type === TASK.serverTransfer);
      expect(tasks.length).toBeGreaterThan(0);
      const ours = createTestAgent({ server: "127.0.0.1:1", config: { tls: true } });
      for (const task of tasks) expect(ours.runTask(task)).toEqual({ data: "", successful: true });
      await ours.clock.advanceAsync(10_000);
      expect(ours.saved).toMatchObject([JSON.parse(tasks.at(-1)?.data ?? "{}")]);
      await ours.stop();
    }
  });

  test("an agent whose owner permits nothing: the same refusals, word for word", async () => {
    const recording = readRecording("gates");
    start({
      config: { disable_command_execute: true, disable_nat: true, disable_send_query: true, disable_force_update: true, tls: false },
    });
    const results = await replay(recording);
    expect(byId(results)).toEqual(byId(resultsOf(recording)));
    const recorded = recording.events
      .filter(({ type, from }) => type === "IOStreamData" && from === "agent")
      .map(({ json }) => json?.["data"]);
    const ours = dashboard.heard
      .filter((one) => one.kind === "IOStreamData")
      .map(({ message }) => Buffer.from(message.data).toString("hex"));
    expect(ours).toEqual(recorded);
    expect(dashboard.heard.filter((one) => one.kind === "open" && one.method === "IOStream")).toHaveLength(1);
  });
});
