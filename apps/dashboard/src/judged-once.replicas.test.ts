import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { TASK } from "@windfire/protocol";
import { startNatsServer, startPostgres } from "@windfire/testkit";
import type { FakeAgent, NatsServer, PostgresServer } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openReplicas } from "./compose/testing/replica-set.ts";
import type { TestReplica, TestReplicas } from "./compose/testing/replica-set.ts";

/** Three whole dashboards judge, schedule and send: each thing once. */
const within = { timeout: 40_000, interval: 100 };
/** Longer than a dashboard that judged servers of others would need to find them away. */
const LONG_ENOUGH_MS = 20_000;
let nats: NatsServer;
let postgres: PostgresServer;
let receiver: Server;
let set: TestReplicas;
const heard: string[] = [];
let a: TestReplica;
let b: TestReplica;
let c: TestReplica;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      heard.push(body);
      response.end("ok");
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const { port } = receiver.address() as AddressInfo;
  [nats, postgres] = await Promise.all([startNatsServer(), startPostgres()]);
  set = await openReplicas({
    bus: `nats://127.0.0.1:${nats.port}`,
    database: await postgres.createDatabase("judged"),
    config: `outbound_allow: ["127.0.0.1:${port}"]\n`,
    count: 3,
    servers: 2,
  });
  const [first, second, third] = set.replicas;
  if (!first || !second || !third) throw new Error("there are not three");
  [a, b, c] = [first, second, third];
  const channel = {
    name: "hook",
    url: `http://127.0.0.1:${port}/`,
    request_method: 2,
    request_type: 1,
    request_header: "",
    request_body: '{"text":"#NEZHA#"}',
    skip_check: true,
  };
  const hook = await a.call("POST", "/notification", channel);
  await a.call("POST", "/notification-group", { name: "on call", notifications: [hook] });
}, 120_000);
afterAll(async () => {
  await set.close();
  await Promise.all([nats.stop(), postgres.remove()]);
  receiver.close();
});

/** Reports once a second until it is told to stop. */
function reporting(agent: FakeAgent, cpu: () => number): () => Promise<void> {
  let isOver = false;
  const run = async (): Promise<void> => {
    while (!isOver) {
      await agent.report({ cpu: cpu() });
      await pause(1_000);
    }
  };
  const over = run();
  return async () => {
    isOver = true;
    await over;
  };
}

test("a rule is judged where the agent is, wherever that comes to be: what fails is told once, and nobody is away who is not", async () => {
  const rule = { notification_group_id: 1, trigger_mode: 1, enable: true, fail_trigger_tasks: [], recover_trigger_tasks: [] };
  await b.call("POST", "/alert-rule", { ...rule, name: "busy", rules: [{ type: "cpu", max: 50, duration: 3, cover: 0 }] });
  await c.call("POST", "/alert-rule", { ...rule, name: "away", rules: [{ type: "offline", duration: 3, cover: 1, ignore: { 1: true } }] });
  let cpu = 10;
  const first = a.agent(1);
  await first.connect();
  const stop = reporting(first, () => cpu);
  await pause(LONG_ENOUGH_MS);
  expect(heard).toEqual([]);
  cpu = 90;
  await vi.waitFor(() => expect(heard).toHaveLength(1), within);
  await stop();
  const second = b.agent(1);
  await second.connect();
  const stopAgain = reporting(second, () => cpu);
  await pause(5_000);
  cpu = 10;
  await vi.waitFor(() => expect(heard).toHaveLength(2), within);
  await pause(5_000);
  await stopAgain();
  expect(heard.map((body) => /\[(Incident|Resolved)\].*: (\w+)/.exec(body)?.slice(1))).toEqual([
    ["Incident", "busy"],
    ["Resolved", "busy"],
  ]);
});

test("a schedule runs once each time, also when the judge goes", async () => {
  const agent = b.agent(2);
  await agent.connect();
  await agent.report();
  await a.call("POST", "/cron", { name: "tick", task_type: 0, scheduler: "*/2 * * * * *", command: "true", servers: [2], cover: 0 });
  const ran: number[] = [];
  const take = async (): Promise<void> => {
    for (;;) {
      await agent.nextTask(TASK.command);
      ran.push(Date.now());
    }
  };
  const over = take().catch(() => undefined);
  await vi.waitFor(() => expect(ran.length).toBeGreaterThan(2), within);
  await a.stop();
  const before = ran.length;
  await vi.waitFor(() => expect(ran.length).toBeGreaterThan(before + 2), within);
  await c.call("POST", "/batch-delete/cron", [1]);
  // Two of one time come one right after the other.
  const gaps = ran.slice(1).map((at, place) => at - (ran[place] ?? at));
  expect(Math.min(...gaps)).toBeGreaterThan(500);
  await set.close();
  await over;
});
