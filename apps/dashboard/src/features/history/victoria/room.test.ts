import { once } from "node:events";
import { createServer } from "node:http";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { all, report, START, whyRefused } from "../testing/history-under-test.ts";
import { ANSWER_BYTES } from "./reading.ts";
import { createVictoriaBench, type VictoriaBench } from "./testing/victoria-bench.ts";

const PATIENCE = { timeout: 20_000 };
let server: Server;
let url: string;
let bench: VictoriaBench;
let answer: (path: string, response: ServerResponse) => void;
beforeEach(async () => {
  bench = createVictoriaBench(START);
  server = createServer((request, response) => {
    request.resume().on("end", () => answer(new URL(request.url ?? "", url).pathname, response));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer = (_path, response) => response.writeHead(204).end();
});
afterEach(async () => {
  await bench.remove();
  server.closeAllConnections();
  server.close();
});

test("an answer without end is given up, and so is one that makes no sense; the next question is answered", async () => {
  const history = await bench.open({ url });
  const piece = Buffer.alloc(2 ** 20, "x");
  let written = 0;
  answer = (path, response) => {
    if (path !== "/api/v1/export") return void response.writeHead(204).end();
    const more = (): void => {
      for (let isRoom = true; isRoom && !response.destroyed;) {
        written += piece.byteLength;
        isRoom = response.write(piece);
      }
    };
    more();
    response.on("drain", more);
  };
  const why = await whyRefused(history.serverMetricPoints(1, "cpu", "1d", START));
  expect(why).toContain(`an answer of more than ${ANSWER_BYTES} bytes`);
  expect(written).toBeLessThan(2 * ANSWER_BYTES);
  answer = (_path, response) => response.writeHead(200).end("<html>a proxy says hello</html>");
  expect(await whyRefused(all(history.serviceHistory(1, [1, 2], "7d", START)))).toContain("what answers in the place of VictoriaMetrics");
  answer = (_path, response) => response.writeHead(204).end();
  history.recordServer(1, START, report({ cpu: 5 }));
  expect((await history.serverSeries(1, ["cpu"], START - 60_000, START)).columns[0]).toEqual(Float64Array.of(5));
});

test("one that does not answer at all is an error after half a minute, and many who ask wait no longer than that", async () => {
  const history = await bench.open({ url });
  answer = () => undefined;
  const asked = Array.from({ length: 20 }, (_, index) => history.serverMetricPoints(index, "cpu", "1d", START));
  const reasons = Promise.all(asked.map(whyRefused));
  bench.clock.advance(31_000);
  expect([...new Set(await reasons)]).toEqual(["history: the answer took too long"]);
  answer = (_path, response) => response.writeHead(204).end();
  server.closeAllConnections();
  await expect.poll(async () => (await history.serverSeries(1, ["cpu"], START - 60_000, START)).starts.length, PATIENCE).toBe(0);
});

test("whether it is written is in the stats, with what only a folder has left out", async () => {
  const history = await bench.open({ url });
  await bench.until(async () => (await history.stats()).state === "writing");
  expect(await history.stats()).toMatchObject({
    enabled: true,
    kind: "victoriametrics",
    buffer: { rows: 0, bytes: 0, limitBytes: 2 ** 24, dropped: 0 },
    retentionDays: undefined,
    totalBytes: undefined,
    freeBytes: undefined,
    budgetBytes: undefined,
    series: undefined,
  });
});

test.each([
  ["", "/"],
  [", be it for writing alone,", "/api/v1/import/csv"],
])("a password that is refused%s is known before there is a point, said once, and again when it is taken", async (_to, refused) => {
  answer = (path, response) => response.writeHead(path !== "/health" && path.startsWith(refused) ? 401 : 204).end("who are you");
  const history = await bench.open({ url, authorization: "Bearer hidden-one" });
  await bench.until(async () => (await history.stats()).state === "refused");
  const { buffer, pausedAt, reason } = await history.stats();
  expect([buffer?.rows, pausedAt !== undefined]).toEqual([0, true]);
  expect(reason).toContain("answered 401: who are you (look at user and password");
  // And what points meet then is no news.
  history.recordServer(1, START, report({ cpu: 5 }));
  await bench.until(async () => (await history.stats()).buffer?.rows === 1);
  let beats = 0;
  await bench.until(async () => beats++ === 40);
  answer = (_path, response) => response.writeHead(204).end();
  await bench.until(async () => (await history.stats()).state === "writing");
  await bench.until(async () => (await history.stats()).buffer?.rows === 0);
  expect(bench.errors).toEqual(["history waits here until it can be written"]);
});
