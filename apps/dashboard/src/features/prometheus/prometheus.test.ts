import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { testServer } from "#features/fleet/testing";
import { LiveServer } from "#features/servers";
import type { HostState } from "#features/servers";
import type { Caller } from "#kernel";
import { refusalJson } from "#platform/http";
import type { Admission, Refusal, Visit } from "#platform/http";
import { renderFamily } from "./exposition.ts";
import { createPrometheus } from "./index.ts";

const STATE: HostState = {
  cpu: 12.5,
  memUsed: 1_000,
  swapUsed: 0,
  diskUsed: 3,
  netInTransfer: 18_446_744_073_709_551_615n,
  netOutTransfer: 7,
  netInSpeed: 1,
  netOutSpeed: 2,
  uptime: 60,
  load1: 0.5,
  load5: 0.25,
  load15: 0,
  tcpConnCount: 4,
  udpConnCount: 5,
  processCount: 6,
  temperatures: [
    { name: "cpu", temperature: 40 },
    { name: "cpu", temperature: 41 },
  ],
  gpu: [50],
  gpus: [],
};

function live(id: number, ownerId: number, name: string, state?: HostState): LiveServer {
  const server = new LiveServer(testServer({ id, ownerId, name }));
  if (state) server.applyState(server.openStream(), state, 1_767_225_600_000);
  return server;
}
const token = (id: number, role: 0 | 1, serverIds: ReadonlySet<number> | null = null): Caller => ({
  kind: "token",
  user: { id, username: "u", role },
  tokenId: 1,
  scopes: ["nezha:server:read"],
  serverIds,
});

let app: FastifyInstance;
let admitted: Admission | Refusal;

const admit = (caller: Caller): void => void (admitted = { caller, cookies: [] });
const scrape = async () => {
  const { statusCode, headers, body } = await app.inject("/metrics");
  return { status: statusCode, type: headers["content-type"], wait: headers["retry-after"], body };
};

beforeEach(async () => {
  const servers = [live(1, 7, 'a "quoted"\\name\n', STATE), live(2, 8, "b", STATE), live(3, 7, "away")];
  const prometheus = createPrometheus({
    gate: { admit: async () => admitted },
    servers: () => servers,
    isUp: ({ lastActive }) => lastActive > 0,
    own: async () => [{ name: "windfire_outbox_messages", help: "Waiting.", type: "gauge", samples: [{ value: 3 }] }],
  });
  app = fastify();
  app.decorateRequest("realIp", "");
  app.addHook("onRequest", async (request) => void (request.visit = {} as Visit));
  prometheus.plugin(app);
  await app.ready();
});
afterEach(() => app.close());

test("guests are told nothing, with a status that a scraper understands", async () => {
  admitted = refusalJson(200, "unauthorized");
  expect(await scrape()).toMatchObject({ status: 401, body: '{"success":false,"error":"unauthorized"}' });
  admitted = refusalJson(403, "missing scope");
  expect(await scrape()).toMatchObject({ status: 403 });
  admitted = refusalJson(429, "slow down", { "retry-after": "3" });
  expect(await scrape()).toMatchObject({ status: 429, wait: "3" });
});

test("a member's token tells of the member's servers alone, and nothing of the program", async () => {
  admit(token(7, 1));
  const { body, type, status } = await scrape();
  expect([status, type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  expect(body).toContain('windfire_server_up{id="1",name="a \\"quoted\\"\\\\name\\n"} 1\n');
  expect(body).toContain('windfire_server_up{id="3",name="away"} 0\n');
  expect(body).not.toContain('id="2"');
  expect(body).not.toMatch(/outbox|process_|nodejs_/);
});

test("a token with a list of servers keeps to it", async () => {
  admit(token(1, 0, new Set([2])));
  expect(new Set((await scrape()).body.match(/id="\d"/g))).toEqual(new Set(['id="2"']));
});

test("an administrator's token tells of everything, the event loop included", async () => {
  admit(token(1, 0));
  const { body } = await scrape();
  expect(body).toContain("# HELP windfire_outbox_messages Waiting.\n# TYPE windfire_outbox_messages gauge\nwindfire_outbox_messages 3\n");
  expect(body).toMatch(/^nodejs_eventloop_lag_seconds /m);
  expect(body).toMatch(/^process_resident_memory_bytes /m);
});

test("figures in base units, counters with every digit, and none of a server that is away or was never measured", async () => {
  admit(token(7, 1));
  const { body } = await scrape();
  const lines = (name: string): string[] => body.split("\n").filter((line) => line.startsWith(`windfire_server_${name}{`));
  expect(lines("cpu_usage_ratio").map((line) => line.split(" ").at(-1))).toEqual(["0.125"]);
  expect(lines("network_receive_bytes_total").map((line) => line.split(" ").at(-1))).toEqual(["18446744073709551615"]);
  expect(lines("last_report_timestamp_seconds").map((line) => line.split(" ").at(-1))).toEqual(["1767225600"]);
  expect(lines("temperature_celsius")).toHaveLength(1);
  expect(lines("gpu_usage_ratio")[0]).toMatch(/gpu="0"} 0.5$/);
  expect(lines("memory_total_bytes")).toEqual([]);
});

test("what the agent sent as no number is left out", async () => {
  const server = live(1, 7, "a", { ...STATE, cpu: 0, unsound: ["cpu", "gpu"] });
  const { fleetFamilies } = await import("./fleet.ts");
  const text = [...fleetFamilies([server], () => true)].map(renderFamily).join("");
  expect(text).not.toMatch(/cpu_usage|gpu_usage/);
  expect(text).toMatch(/windfire_server_load1\{/);
});

test("every family is well-formed: no name twice, no sample twice", async () => {
  admit(token(1, 0));
  const { body } = await scrape();
  const names = [...body.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  expect(new Set(names).size).toBe(names.length);
  const samples = [...body.matchAll(/^([a-z]\S*(?:\{.*\})?) \S+$/gm)].map(([, sample]) => sample);
  expect(new Set(samples).size).toBe(samples.length);
  expect(samples.length).toBeGreaterThan(50);
});
