import { afterEach, beforeEach, expect, test } from "vitest";
import { startFakeDashboard } from "../testing/fake-dashboard.ts";
import type { FakeDashboard } from "../testing/fake-dashboard.ts";
import { startRelay } from "../testing/relay.ts";
import { createTestAgent, TEST_HOST, TEST_SECRET, TEST_UUID } from "../testing/test-agent.ts";
import type { TestAgent, TestAgentOptions } from "../testing/test-agent.ts";

let dashboard: FakeDashboard;
const agents: TestAgent[] = [];

beforeEach(async () => {
  dashboard = await startFakeDashboard();
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop();
  await dashboard.close();
});

function start(options: Partial<TestAgentOptions> = {}): TestAgent {
  const agent = createTestAgent({ server: dashboard.address, ...options });
  agents.push(agent);
  agent.link.start();
  return agent;
}

/** Waits until the agent has noticed that it lost its connection for the n-th time. */
async function lost(agent: TestAgent, times = 1): Promise<void> {
  while (agent.log.filter((line) => line.includes("disconnected")).length < times) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits for the next sample, and until the agent has read everything that was sent to it before. */
async function nextSample(): Promise<void> {
  await dashboard.next("State");
  dashboard.send({ type: 7 });
  await dashboard.next("TaskResult");
}

/** Kinds and methods in order, without what only says how streams end. */
function story(): string[] {
  return dashboard.heard.flatMap((one) =>
    one.kind === "open" ? [`open ${one.method}`] : one.kind === "half-close" || one.kind === "cut-off" ? [] : [one.kind],
  );
}

test("a first start: host, both streams, a sample, the host again, the addresses", async () => {
  start();
  await dashboard.next("GeoIP");
  expect(story()).toEqual([
    "open ReportSystemInfo2",
    "Host",
    "open RequestTask",
    "open ReportSystemState",
    "State",
    "open ReportSystemInfo2",
    "Host",
    "open ReportGeoIP",
    "GeoIP",
  ]);
  expect(dashboard.heard.find((one) => one.kind === "Host")?.message).toEqual({ ...TEST_HOST, rights: [] });
  expect(dashboard.heard.find((one) => one.kind === "GeoIP")?.message).toMatchObject({
    use6: false,
    ip: { ipv4: "203.0.113.7", ipv6: "2001:db8::7" },
  });
});

test("every call carries the credentials under both spellings", async () => {
  start();
  await dashboard.next("GeoIP");
  const opened = dashboard.heard.filter((one) => one.kind === "open");
  expect(opened).toHaveLength(5);
  for (const { headers, method } of opened) {
    expect(headers).toMatchObject({
      "client-secret": TEST_SECRET,
      "client-uuid": TEST_UUID,
      client_secret: TEST_SECRET,
      client_uuid: TEST_UUID,
    });
    expect(headers["content-type"]).toBe("application/grpc");
    expect(headers["te"]).toBe("trailers");
    expect(headers["grpc-timeout"]).toBe(method === "ReportSystemInfo2" || method === "ReportGeoIP" ? "10000m" : undefined);
  }
});

test("samples keep their pace and wait for their receipts", async () => {
  const agent = start();
  await nextSample();
  await agent.clock.advanceAsync(2_999);
  expect(agent.samples()).toBe(1);
  await agent.clock.advanceAsync(1);
  await nextSample();
  dashboard.receipts = false;
  await agent.clock.advanceAsync(3_000);
  await nextSample();
  await agent.clock.advanceAsync(6_000);
  expect(agent.samples()).toBe(3);
});

test("the host is reported every ten minutes, the addresses every half hour when they have changed", async () => {
  const agent = start();
  const reports = (kind: "Host" | "GeoIP"): number => dashboard.heard.filter((one) => one.kind === kind).length;
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 3) {
      await agent.clock.advanceAsync(3_000);
      await nextSample();
    }
  };
  await dashboard.next("GeoIP");
  await nextSample();
  await pass(597);
  expect(reports("Host")).toBe(2);
  await pass(6);
  expect(reports("Host")).toBe(3);
  await pass(1_194);
  agent.addresses = { ipv4: "203.0.113.8", ipv6: "" };
  expect(reports("GeoIP")).toBe(1);
  await pass(6);
  expect((await dashboard.next("GeoIP")).message).toMatchObject({ ip: { ipv4: "203.0.113.8", ipv6: "" } });
}, 30_000);

test("a dashboard that cannot take what is late is asked again a minute later, until it has taken it", async () => {
  dashboard.features = "late-states";
  dashboard.takesLate = false;
  const agent = start();
  const asked = (): number => dashboard.heard.filter(({ kind }) => kind === "LateStates").length;
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 3) {
      await agent.clock.advanceAsync(3_000);
      await nextSample();
    }
  };
  await dashboard.next("LateStates");
  await nextSample();
  await pass(54);
  expect(asked()).toBe(1);
  dashboard.takesLate = true;
  await pass(9);
  await dashboard.next("LateStates");
  await pass(120);
  expect(asked()).toBe(2);
});

test("a keep-alive task is answered with an empty result", async () => {
  start();
  await dashboard.next("State");
  dashboard.send({ type: 7 });
  expect((await dashboard.next("TaskResult")).message).toEqual({ id: 0, type: 7, delay: 0, data: "", successful: false });
});

test("after a lost connection the agent comes back, and tells a restarted dashboard its addresses again", async () => {
  const agent = start();
  await dashboard.next("GeoIP");
  dashboard.bootTime += 100;
  dashboard.cut();
  await lost(agent);
  await agent.clock.advanceAsync(1_000);
  const again = await dashboard.next("open", (one) => one.connection === 1);
  expect(again.method).toBe("ReportSystemInfo2");
  await dashboard.next("GeoIP");
  const second = story().slice(story().indexOf("disconnect") + 1);
  expect(second).toEqual([
    "open ReportSystemInfo2",
    "Host",
    "open RequestTask",
    "open ReportSystemState",
    "State",
    "open ReportGeoIP",
    "GeoIP",
  ]);
});

test("the same dashboard is not told the addresses twice", async () => {
  const agent = start();
  await dashboard.next("GeoIP");
  await nextSample();
  dashboard.cut();
  await lost(agent);
  await agent.clock.advanceAsync(1_000);
  await nextSample();
  await agent.clock.advanceAsync(3_000);
  await nextSample();
  expect(dashboard.heard.filter((one) => one.kind === "GeoIP")).toHaveLength(1);
});

test("pauses grow while nothing works, up to ten seconds", async () => {
  const agent = createTestAgent({ server: "127.0.0.1:1", random: 0.999_999 });
  agents.push(agent);
  agent.link.start();
  const pauses: (string | undefined)[] = [];
  for (let attempt = 0; attempt < 6; attempt++) {
    while (agent.log.length <= attempt) await new Promise((resolve) => setImmediate(resolve));
    pauses.push(/in ([\d.]+) s/.exec(agent.log[attempt] ?? "")?.[1]);
    await agent.clock.advanceAsync(10_000);
  }
  expect(pauses).toEqual(["1.0", "2.0", "4.0", "8.0", "10.0", "10.0"]);
});

test("a refused agent waits ten seconds each time", async () => {
  dashboard.refusal = { code: 16, message: "客户端认证失败" };
  const agent = start({ random: 0 });
  await lost(agent);
  expect(agent.log.join("")).toContain("disconnected: 客户端认证失败; next attempt in 10.0 s");
  await agent.clock.advanceAsync(9_999);
  expect(dashboard.heard.filter((one) => one.kind === "open")).toHaveLength(1);
  dashboard.refusal = undefined;
  await agent.clock.advanceAsync(1);
  await dashboard.next("State");
});

test("a sample without a receipt for ten seconds ends the connection", async () => {
  const agent = start();
  await nextSample();
  dashboard.receipts = false;
  await agent.clock.advanceAsync(3_000);
  await dashboard.next("State");
  await agent.clock.advanceAsync(9_999);
  expect(dashboard.heard.some((one) => one.kind === "disconnect")).toBe(false);
  await agent.clock.advanceAsync(1);
  await dashboard.next("disconnect");
  expect(agent.log.join("")).toContain("no receipt for 10 s");
});

test("a dashboard that sends no task for 45 s is taken for dead", async () => {
  const agent = start({ config: { report_delay: 3600 } });
  await nextSample();
  for (let pings = 0; pings < 2; pings++) {
    const timers = agent.clock.pending;
    await agent.clock.advanceAsync(20_000);
    // The answer to the ping puts its timer away.
    while (agent.clock.pending > timers) await new Promise((resolve) => setImmediate(resolve));
  }
  await agent.clock.advanceAsync(4_999);
  expect(agent.log.join("")).not.toContain("disconnected");
  await agent.clock.advanceAsync(1);
  await lost(agent);
  expect(agent.log.join("")).toContain("no task for 45 s");
});

test("a connection whose other end went silent is given up within 30 s", async () => {
  const relay = await startRelay(dashboard.address);
  const agent = start({ server: relay.address });
  await dashboard.next("GeoIP");
  relay.cutCable();
  await agent.clock.advanceAsync(30_000);
  await lost(agent);
  expect(agent.log.join("")).toMatch(/no receipt for 10 s|no answer to a ping/);
  await relay.close();
});

test("pings alone find a dead connection, when samples are far apart", async () => {
  const relay = await startRelay(dashboard.address);
  const agent = start({ server: relay.address, config: { report_delay: 3600 } });
  await dashboard.next("GeoIP");
  const keepAlive = agent.clock.setInterval(() => dashboard.send({ type: 7 }), 10_000);
  relay.cutCable();
  await agent.clock.advanceAsync(20_000);
  expect(agent.log.join("")).not.toContain("disconnected");
  await agent.clock.advanceAsync(10_000);
  await lost(agent);
  expect(agent.log.join("")).toContain("no answer to a ping for 10 s");
  keepAlive.cancel();
  await relay.close();
});

test("a good-bye leaves the streams alone, the next report finds that it needs another connection", async () => {
  const agent = start();
  await dashboard.next("GeoIP");
  await nextSample();
  dashboard.goAway();
  await agent.clock.advanceAsync(3_000);
  await nextSample();
  expect(dashboard.heard.some((one) => one.kind === "disconnect")).toBe(false);
});

test("a configuration that is applied is saved after 10 s, the session ends in peace and the next one uses it", async () => {
  const agent = start({ random: 0 });
  await dashboard.next("GeoIP");
  dashboard.send({ type: 13, data: '{"report_delay":1}' });
  expect((await dashboard.next("TaskResult")).message).toEqual({ id: 0, type: 13, delay: 0, data: "", successful: true });
  dashboard.send({ type: 12 });
  expect((await dashboard.next("TaskResult")).message.data).toBe("another reload is in process");
  await agent.clock.advanceAsync(10_000);
  await dashboard.next("half-close", ({ method }) => method === "ReportSystemState");
  await dashboard.next("disconnect");
  await lost(agent);
  expect(agent.saved).toMatchObject([{ report_delay: 1 }]);
  const firstEnd = dashboard.heard.find(
    (one) => (one.kind === "half-close" || one.kind === "cut-off") && ["RequestTask", "ReportSystemState"].includes(one.method),
  );
  expect(firstEnd).toEqual({ kind: "half-close", method: "ReportSystemState" });
  await agent.clock.advanceAsync(0);
  await dashboard.next("open", (one) => one.connection === 1);
  await dashboard.next("GeoIP");
  dashboard.send({ type: 12 });
  const config: unknown = JSON.parse((await dashboard.next("TaskResult")).message.data);
  expect(config).toMatchObject({ report_delay: 1, client_secret: TEST_SECRET, uuid: TEST_UUID });
});

test("refusals of the host name their reason", async () => {
  start({ config: { disable_command_execute: true } });
  await dashboard.next("State");
  dashboard.send({ type: 12 });
  expect((await dashboard.next("TaskResult")).message).toMatchObject({ type: 12, data: "此 Agent 已禁止命令执行", successful: false });
  dashboard.send({ type: 13, data: "{}" });
  expect((await dashboard.next("TaskResult")).message).toMatchObject({
    type: 13,
    data: "此 Agent 已禁止命令执行 (DisableCommandExecute)",
    successful: false,
  });
});

test("unknown tasks are logged and left, the connection lives", async () => {
  const agent = start();
  await dashboard.next("State");
  dashboard.send({ type: 5, data: "x" });
  dashboard.send({ type: 7 });
  expect((await dashboard.next("TaskResult")).message.type).toBe(7);
  expect(agent.log.join("")).toContain("task of unknown type 5 ignored");
});

test("results of tasks that end after their connection are dropped", async () => {
  const done = Promise.withResolvers<{ data: string }>();
  const agent = start({ kinds: new Map([[4, () => done.promise]]) });
  await dashboard.next("State");
  dashboard.send({ id: 1, type: 4, data: "x" });
  dashboard.send({ type: 7 });
  await dashboard.next("TaskResult");
  dashboard.cut();
  await lost(agent);
  await agent.clock.advanceAsync(1_000);
  await dashboard.next("open", (one) => one.connection === 1 && one.method === "RequestTask");
  done.resolve({ data: "late" });
  dashboard.send({ type: 7 });
  expect((await dashboard.next("TaskResult")).message.type).toBe(7);
  expect(dashboard.heard.filter((one) => one.kind === "TaskResult")).toHaveLength(2);
});

test("stopping ends the connection, and no secret was logged", async () => {
  const agent = start();
  await dashboard.next("GeoIP");
  await agent.stop();
  await dashboard.next("disconnect");
  expect(agent.log.join("")).not.toContain(TEST_SECRET);
});
