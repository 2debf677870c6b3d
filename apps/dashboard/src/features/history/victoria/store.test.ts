import { once } from "node:events";
import { appendFile, cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SERVER_FAMILY } from "../columns.ts";
import { report, START } from "../testing/history-under-test.ts";
import { createVictoriaClient } from "./client.ts";
import { openVictoriaStore, type VictoriaStore } from "./store.ts";

const PATIENCE = { timeout: 20_000 };
/** Something that takes lines as VictoriaMetrics does, and says what it is told to. */
let server: Server;
let url: string;
let taken: string[];
let answer: (path: string, body: string, response: ServerResponse) => void;
let folder: string;
let time: { now: number; monotonic: number };
const stores: VictoriaStore[] = [];

beforeEach(async () => {
  taken = [];
  answer = take;
  server = createServer((request, response) => void respond(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), "windfire-waiting-"));
  time = { now: START, monotonic: 0 };
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

function take(path: string, body: string, response: ServerResponse): void {
  if (path === "/api/v1/import/csv") taken.push(...body.trimEnd().split("\n"));
  response.writeHead(204).end();
}

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
  const { pathname } = new URL(request.url ?? "", url);
  // An import of nothing asks whether one may write.
  if (pathname === "/api/v1/import/csv" && body.length === 0) response.writeHead(204).end();
  else answer(pathname, body.toString("utf8"), response);
}

async function open(directory = folder, bufferBytes = 2 ** 20): Promise<VictoriaStore> {
  const address = { url, authorization: "Bearer hidden" };
  const store = await openVictoriaStore({ address, installation: "test", directory, bufferBytes, time, random: () => 0 });
  stores.push(store);
  return store;
}
const add = (store: VictoriaStore, cpu: number, second = 0): boolean =>
  store.append(SERVER_FAMILY, 1, START + second * 1_000, report({ cpu }));
const beat = async (store: VictoriaStore, seconds = 1): Promise<void> => {
  time.now += seconds * 1_000;
  time.monotonic += seconds * 1_000;
  await store.maintain();
};
const settled = async (store: VictoriaStore): Promise<void> => {
  await expect.poll(async () => (await beat(store), (await store.stats()).buffer.rows), PATIENCE).toBe(0);
};
const cpus = (): number[] => taken.map((line) => Number(line.split(",")[1]));

test("samples of a half minute are sent as one point when it is over", async () => {
  const store = await open();
  for (const [index, cpu] of [10, 20, 60].entries()) add(store, cpu, index);
  await beat(store, 10);
  expect(taken).toEqual([]);
  await beat(store, 15);
  await settled(store);
  expect(taken).toEqual([expect.stringMatching(new RegExp(`^1,30,.*,${START - 10_000 + 3 * 100}`.slice(0, -2)))]);
});

test("one that ends without a word loses nothing that was written down, and sends it once", async () => {
  answer = (_path, _body, response) => response.writeHead(503).end();
  const store = await open();
  for (let slot = 0; slot < 5; slot++) add(store, slot, slot * 30);
  await beat(store, 130);
  await store.flush();
  const copy = `${folder}-copy`;
  await cp(folder, copy, { recursive: true });
  try {
    // The last write was cut short.
    const [name = ""] = await readdir(copy);
    await appendFile(join(copy, name), Buffer.from([80, 0, 0, 0, 1, 2, 3, 4, 5]));
    answer = take;
    const next = await open(copy);
    await settled(next);
    await beat(next, 60);
    await settled(next);
    expect(cpus()).toEqual([0, 1, 2, 3, 4]);
    await next.close();
    expect(await readdir(copy)).toEqual([]);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});

test("a stop in the middle of a half minute goes on with it, and the whole of it counts", async () => {
  const store = await open();
  add(store, 10);
  await store.close();
  expect(cpus()).toEqual([10]);
  const next = await open();
  add(next, 30, 5);
  await beat(next, 60);
  await settled(next);
  expect(cpus()).toEqual([10, 20]);
  const [first = "", second = ""] = taken.map((line) => line.split(",").at(-1));
  expect(Number(second) - Number(first)).toBe(100);
});

test("past the bound the oldest go; what was deleted comes back neither from memory nor from the disk", async () => {
  answer = (path, _body, response) => response.writeHead(path.includes("delete") || path.includes("flush") ? 204 : 503).end();
  const store = await open(folder, 3_000);
  for (let slot = 0; slot < 50; slot++) add(store, slot, slot * 30);
  const { buffer } = await store.stats();
  expect(buffer.bytes).toBeLessThanOrEqual(3_000);
  expect(buffer.dropped + buffer.rows).toBe(49);
  await beat(store, 5);
  await store.drop("server", [1]);
  expect(add(store, 1, 51 * 30)).toBe(false);
  expect((await store.stats()).buffer.rows).toBe(0);
  await store.close();
  const next = await open();
  expect((await next.stats()).buffer.rows).toBe(0);
});

test("a deletion that cannot be asked for is an error, and is asked for again by whoever wants it", async () => {
  let deletions = 0;
  answer = (path, _body, response) => response.writeHead(path.includes("delete") && ++deletions < 2 ? 500 : 204).end();
  const store = await open();
  await expect(store.drop("server", [1])).rejects.toThrow("answered 500");
  await store.drop("server", [1]);
  expect(deletions).toBe(2);
  await beat(store, 121);
  await expect.poll(() => deletions, PATIENCE).toBe(3);
});

test("a row that nobody takes is given up alone; the others are taken", async () => {
  answer = (path, body, response) => {
    if (body.includes("1,13,")) response.writeHead(400).end("no 13");
    else take(path, body, response);
  };
  const store = await open();
  for (let slot = 0; slot < 30; slot++) add(store, slot, slot * 30);
  await beat(store, 2_000);
  await settled(store);
  expect(cpus()).toEqual(Array.from({ length: 30 }, (_, index) => index).filter((cpu) => cpu !== 13));
  expect((await store.stats()).buffer.dropped).toBe(1);
});

test("what was taken just before an outage is sent again, what was taken earlier is not", async () => {
  const store = await open();
  add(store, 1);
  await beat(store, 60);
  await settled(store);
  await beat(store, 60);
  add(store, 2, 60);
  await settled(store);
  expect(cpus()).toEqual([1, 2]);
  answer = (_path, _body, response) => response.writeHead(503).end();
  add(store, 3, 90);
  await beat(store);
  await expect.poll(async () => (await store.stats()).state, PATIENCE).toBe("unreachable");
  expect((await store.stats()).buffer.rows).toBe(2);
  answer = take;
  await settled(store);
  expect(cpus()).toEqual([1, 2, 2, 3]);
});

test("after a failure the next attempt waits", async () => {
  let attempts = 0;
  answer = (path, _body, response) => {
    const isImport = path.includes("import");
    if (isImport) attempts++;
    response.writeHead(isImport ? 503 : 204).end();
  };
  const store = await open();
  add(store, 1);
  await beat(store, 60);
  await expect.poll(async () => (await store.stats()).state, PATIENCE).toBe("unreachable");
  await store.maintain();
  expect(attempts).toBe(1);
  expect(await store.stats()).toMatchObject({ pausedAt: time.now, reason: expect.stringContaining("answered 503") as string });
  await beat(store, 1);
  await expect.poll(() => attempts, PATIENCE).toBe(2);
});

test("an answer is bounded in bytes and in time, and a failure never shows what it was asked with", async () => {
  const client = createVictoriaClient({ url, authorization: "Bearer hidden" }, 2);
  const call = (deadlineMs: number) => client.call({ path: "/x", params: { a: "b" }, deadlineMs, mostBytes: 1_000 });
  answer = (_path, _body, response) => response.writeHead(200).end("x".repeat(100_000));
  await expect(call(10_000)).rejects.toThrow(`VictoriaMetrics at ${url}: an answer of more than 1000 bytes`);
  answer = (_path, _body, response) => void response.writeHead(200).write("x");
  await expect(call(50)).rejects.toThrow("cannot be reached: no answer within 0 s");
  answer = () => undefined;
  await expect(call(50)).rejects.toThrow("no answer");
  answer = (_path, _body, response) => response.writeHead(422).end(`too\nmany ${"points ".repeat(500)}`);
  const failure: unknown = await call(10_000).catch((error: unknown) => error);
  expect(failure).toMatchObject({ status: 422 });
  expect(String(failure)).toMatch(/answered 422: too many points/);
  expect(String(failure).length).toBeLessThan(500);
  answer = (_path, _body, response) => response.writeHead(200).end("good");
  expect((await call(10_000)).toString()).toBe("good");
  client.close();
  await expect(
    createVictoriaClient({ url: "http://127.0.0.1:1", authorization: "Bearer hidden" }, 1).call({
      path: "/x",
      params: {},
      deadlineMs: 5_000,
      mostBytes: 10,
    }),
  ).rejects.toThrow(/^VictoriaMetrics at http:\/\/127\.0\.0\.1:1 cannot be reached: E[A-Z]+$/);
});
