import { Buffer } from "node:buffer";
import { encodeHost, encodeIOStreamData, encodeState, MAX_MESSAGE_BYTES, STATUS } from "@windfire/protocol";
import { sampleHost, sampleState } from "@windfire/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApi } from "../api.ts";
import type { Api } from "../api.ts";
import { ADMIN, openDashboard } from "../dashboard.ts";
import type { Dashboard } from "../dashboard.ts";
import { uuidOf } from "../stage.ts";
import { framed, rawCall } from "./raw-call.ts";

const KNOWN = uuidOf(1);
const HOST = framed(encodeHost(sampleHost()));

let dashboard: Dashboard;
let admin: Api;
beforeAll(async () => {
  dashboard = await openDashboard();
  admin = await createApi(dashboard.base, ADMIN);
  await rawCall(dashboard.base, "ReportSystemInfo2", HOST, identity());
});
afterAll(() => dashboard.close());

const identity = (uuid = KNOWN, secret = dashboard.agentSecret) => ({ client_secret: secret, client_uuid: uuid });

/** The list as everybody reads it; throws when it is no JSON. */
async function servers() {
  return admin.get<{ uuid: string; state: Record<string, unknown>; host: Record<string, unknown> }[]>("/server");
}

async function expectSound(pid: number, count: number): Promise<void> {
  expect(dashboard.pid()).toBe(pid);
  const list = await servers();
  expect(list).toHaveLength(count);
  for (const number of numbersIn(list)) {
    expect(Number.isFinite(number)).toBe(true);
    expect(number).toBeGreaterThanOrEqual(0);
  }
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

test.each([
  ["a message that ends too early", "ReportSystemInfo2", framed(Buffer.from([0x0a, 0x7f, 0x01])), STATUS.internal, /unmarshal/],
  ["no message", "ReportSystemInfo2", Buffer.alloc(0), STATUS.unknown, /EOF/],
  ["half a frame", "ReportSystemInfo2", HOST.subarray(0, 9), STATUS.unknown, /unexpected EOF/],
  ["noise on the stream of states", "ReportSystemState", framed(Buffer.alloc(300, 0xff)), STATUS.internal, /unmarshal/],
  ["noise among results", "RequestTask", framed(Buffer.alloc(300, 0xff)), STATUS.internal, /unmarshal/],
  [
    "a message past the limit",
    "ReportSystemState",
    framed(Buffer.alloc(MAX_MESSAGE_BYTES + 1)),
    STATUS.resourceExhausted,
    /larger than max/,
  ],
  ["a packed message", "ReportSystemInfo2", framed(encodeHost(sampleHost()), 1), undefined, /compress/i],
  [
    "a stream that is not the agent's",
    "IOStream",
    framed(encodeIOStreamData({ data: Buffer.from("nothing known") })),
    STATUS.unknown,
    /invalid stream id/,
  ],
] as const)("%s gets a status with a text", async (_name, method, body, code, text) => {
  const pid = dashboard.pid();
  const count = (await servers()).length;
  const end = await rawCall(dashboard.base, method, body, identity());
  if (code === undefined) expect(end.code).not.toBe(STATUS.ok);
  else expect(end.code).toBe(code);
  expect(end.message).toMatch(text);
  await expectSound(pid, count);
});

test.each([
  ["a wrong secret", () => identity(KNOWN, "x".repeat(32))],
  ["a wrong secret for a new identity", () => identity(uuidOf(9), "x".repeat(32))],
  ["no secret", () => identity(KNOWN, "")],
  ["an identity that is none", () => identity("not-a-uuid")],
  ["nothing at all", () => ({})],
] as const)("%s is not let in, and makes no server", async (_name, headers) => {
  const pid = dashboard.pid();
  const count = (await servers()).length;
  const end = await rawCall(dashboard.base, "ReportSystemInfo2", HOST, headers());
  expect(end.code).toBe(STATUS.unauthenticated);
  expect(end.message).not.toBe("");
  await expectSound(pid, count);
});

test("an unknown identity with the right secret becomes a server", async () => {
  const pid = dashboard.pid();
  const count = (await servers()).length;
  const end = await rawCall(dashboard.base, "ReportSystemInfo2", HOST, identity(uuidOf(2)));
  expect(end.code).toBe(STATUS.ok);
  await expectSound(pid, count + 1);
});

/** Field `number` of a message as a variable-length integer of 64 set bits. */
const hugest = (number: number): Buffer => Buffer.from([number << 3, ...Array.from({ length: 9 }, () => 0xff), 0x01]);

test.each([
  ["no numbers", encodeState({ ...sampleState(1), cpu: Number.NaN, load1: Number.NaN, gpu: [Number.NaN] })],
  ["infinite ones", encodeState({ ...sampleState(1), cpu: Number.POSITIVE_INFINITY, load5: Number.NEGATIVE_INFINITY })],
  ["negative ones", encodeState({ ...sampleState(1), cpu: -1, load1: -5, temperatures: [{ name: "core", temperature: -1e300 }] })],
  ["vast ones", encodeState({ ...sampleState(1), cpu: 1e308, load15: 1e308, gpu: [1e308, 1e308] })],
  ["the largest integers", Buffer.concat([2, 4, 5, 6, 7, 8, 9].map(hugest))],
  ["counters that run backwards", encodeState({ ...sampleState(1), netInTransfer: 1, netOutTransfer: 0, uptime: 0 })],
])("a state of %s leaves a list that everybody can read", async (_name, state) => {
  const pid = dashboard.pid();
  const count = (await servers()).length;
  await rawCall(dashboard.base, "ReportSystemState", framed(state), identity());
  await expectSound(pid, count);
  const text = await (await fetch(`${dashboard.base}/api/v1/server/1/metrics?metric=cpu&period=1d`)).text();
  expect(() => JSON.parse(text) as unknown).not.toThrow();
});

test("names and lists of any length and kind are cut down", async () => {
  const pid = dashboard.pid();
  const count = (await servers()).length;
  const host = {
    ...sampleHost(),
    platform: `\u0000\u0007${"p".repeat(100_000)}`,
    cpu: Array.from({ length: 5_000 }, () => "c".repeat(100)),
  };
  await rawCall(dashboard.base, "ReportSystemInfo2", framed(encodeHost(host)), identity());
  await expectSound(pid, count);
  const known = (await servers()).find(({ uuid }) => uuid === KNOWN);
  const { platform } = (known?.host ?? {}) as { platform: string };
  expect(platform.length).toBeLessThanOrEqual(1024);
  expect(platform).toMatch(/^p+$/);
});
